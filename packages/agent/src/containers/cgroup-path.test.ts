import { expect, it } from 'vitest'
import { readCgroup } from './cgroup-path.ts'

const ID = 'd3de75b484a6bb987b981e1894a03e92fb7c46456f055efe5b052cfce3102932'
const OTHER = 'f435c4411434111c1d7521a842feeab82e5de7bea3d4d806c132b4eeba87d415'
const UID = 'fc7ba7d7-8f81-4058-a50b-f606f1bcafb9'
const SYSTEMD_UID = UID.replaceAll('-', '_')

it.each([
  [
    'cgroupfs, v1',
    `12:memory:/kubepods/besteffort/pod${UID}/${ID}\n1:name=systemd:/kubepods/besteffort/pod${UID}/${ID}\n`,
    ID,
    UID,
  ],
  [
    'systemd, v2, containerd',
    `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SYSTEMD_UID}.slice/cri-containerd-${ID}.scope\n`,
    ID,
    UID,
  ],
  ['systemd, v2, CRI-O', `0::/kubepods.slice/kubepods-pod${SYSTEMD_UID}.slice/crio-${ID}.scope\n`, ID, UID],
  ['docker', `3:cpu:/docker/${ID}\n`, ID, ''],
  ['docker with systemd', `0::/system.slice/docker-${ID}.scope\n`, ID, ''],
  [
    'a colon before the id (runc, systemd notation)',
    `0::/system.slice/kubepods-pod${SYSTEMD_UID}.slice:cri-containerd:${ID}\n`,
    ID,
    UID,
  ],
  ['a node in a container', `0::/docker/${OTHER}/kubelet/kubepods/pod${UID}/${ID}\n`, ID, UID],
  [
    'a mirror pod, whose uid is a hash',
    `0::/kubepods/burstable/pod0123456789abcdef0123456789abcdef/${ID}\n`,
    ID,
    '0123456789abcdef0123456789abcdef',
  ],
  ['a cgroup inside of the container', `0::/kubepods/pod${UID}/${ID}/system.slice/x.service\n`, ID, UID],
  ['only a controller that knows', `11:cpu:/\n3:pids:/kubepods/pod${UID}/${ID}\n0::/\n`, ID, UID],
  ['the host', '0::/system.slice/ssh.service\n', '', ''],
  ['nothing', '', '', ''],
])('reads %s', (_what, text, containerId, podUid) => {
  expect(readCgroup(text)).toMatchObject({ containerId, podUid })
})
