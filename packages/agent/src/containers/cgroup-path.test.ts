import { describe, expect, it } from 'vitest'
import { readCgroup } from './cgroup-path.ts'

/** Ids and uids of our own in forms that others have published; the source of each form is named beside it. */
const ID = 'd3de75b484a6bb987b981e1894a03e92fb7c46456f055efe5b052cfce3102932'
const OTHER = 'f435c4411434111c1d7521a842feeab82e5de7bea3d4d806c132b4eeba87d415'
const UID = 'fc7ba7d7-8f81-4058-a50b-f606f1bcafb9'
const STATIC = '0123456789abcdef0123456789abcdef'
const slice = `kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice`
const BURSTABLE = `/kubepods.slice/kubepods-burstable.slice/${slice}`

describe('a container of a pod', () => {
  it.each<[string, string]>([
    // kubelet, pkg/kubelet/cm: drivers cgroupfs and systemd; cgroups(7): lines of v1, v2 and both.
    ['cgroupfs, v1', `12:memory:/kubepods/besteffort/pod${UID}/${ID}\n1:name=systemd:/kubepods/besteffort/pod${UID}/${ID}\n`],
    ['cgroupfs, v2', `0::/kubepods/burstable/pod${UID}/${ID}\n`],
    ['cgroupfs, guaranteed', `0::/kubepods/pod${UID}/${ID}\n`],
    ['systemd, v1', `11:pids:${BURSTABLE}/cri-containerd-${ID}.scope\n`],
    ['systemd, v2', `0::${BURSTABLE}/cri-containerd-${ID}.scope\n`],
    ['systemd, guaranteed', `0::/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope\n`],
    ['v1 where only one controller knows', `11:cpu:/\n3:pids:/kubepods/pod${UID}/${ID}\n0::/\n`],
    ['hybrid: v2 names the runtime’s service', `4:memory:/kubepods/pod${UID}/${ID}\n0::/system.slice/containerd.service\n`],
    // cri-o, internal/config/cgmgr; cri-o/cri-o#812; crun(1): a cgroup of its own within the scope.
    ['CRI-O, systemd', `0::${BURSTABLE}/crio-${ID}.scope\n`],
    ['CRI-O, systemd, crun', `0::${BURSTABLE}/crio-${ID}.scope/container\n`],
    ['CRI-O, cgroupfs', `7:cpu:/kubepods/burstable/pod${UID}/crio-${ID}\n`],
    // containerd/cri#290, kubernetes#106514, spiffe/spire#1580: runc’s slice:prefix:id, taken as a folder’s name by cgroupfs.
    [
      'slice:cri-containerd:id below the runtime’s service',
      `1:name=systemd:/system.slice/containerd.service/${slice}:cri-containerd:${ID}\n`,
    ],
    ['slice:cri-containerd:id at the root', `0::/${slice}:cri-containerd:${ID}\n`],
    ['the same of CRI-O', `0::/${slice}:crio:${ID}\n`],
    // cri-dockerd and the former dockershim.
    ['Docker, systemd', `0::${BURSTABLE}/docker-${ID}.scope\n`],
    ['Docker, cgroupfs', `3:cpu:/kubepods/burstable/pod${UID}/${ID}\n`],
    // gVisor, runsc/cgroup: the sandbox is in the cgroup of its container. Kata, virtcontainers/pkg/cgroups: prefix kata_.
    ['gVisor', `0::/kubepods/burstable/pod${UID}/${ID}\n`],
    ['Kata 1, cgroupfs', `5:cpu:/vc/kubepods/burstable/pod${UID}/kata_${ID}\n`],
    ['Kata 2, systemd', `0::${BURSTABLE}/cri-containerd-${ID}.scope\n`],
    // kind: kubelet’s root is /kubelet or kubelet.slice (containerd/nri#227). minikube and k3d: the node is a container.
    ['kind, cgroupfs', `0::/docker/${OTHER}/kubelet/kubepods/pod${UID}/${ID}\n`],
    [
      'kind, systemd',
      `0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope\n`,
    ],
    ['minikube on Docker', `0::/system.slice/docker-${OTHER}.scope${BURSTABLE}/docker-${ID}.scope\n`],
    ['k3d', `0::/docker/${OTHER}/kubepods/burstable/pod${UID}/${ID}\n`],
    ['k3s and rke2', `0::/kubepods/burstable/pod${UID}/${ID}\n`],
    ['seen from another cgroup namespace', `0::/../../burstable/pod${UID}/${ID}\n`],
    // What runs in it may make cgroups of its own, systemd and Docker among them.
    ['systemd in the container', `0::${BURSTABLE}/cri-containerd-${ID}.scope/init.scope\n`],
    ['a service in the container', `0::/kubepods/pod${UID}/${ID}/system.slice/x.service\n`],
    ['Docker in the pod', `0::/kubepods/besteffort/pod${UID}/${ID}/docker/${OTHER}\n`],
    ['Docker in the pod, systemd', `0::${BURSTABLE}/cri-containerd-${ID}.scope/system.slice/docker-${OTHER}.scope\n`],
    ['a pod in a pod', `0::/kubepods/pod11111111-2222-3333-4444-555555555555/${OTHER}/kubepods/pod${UID}/${ID}\n`],
    // kernel/cgroup/cgroup.c, proc_cgroup_show: the last process of a cgroup that is being removed.
    ['removed', `0::/kubepods/pod${UID}/${ID} (deleted)\n`],
    ['removed, systemd', `0::${BURSTABLE}/cri-containerd-${ID}.scope (deleted)\n`],
  ])('%s', (_what, text) => {
    expect(readCgroup(text)).toMatchObject({ containerId: ID, podUid: UID })
  })

  it.each<[string, string]>([
    // kubelet, pkg/kubelet/config/common.go: the uid of a static pod is the hash of its file.
    ['cgroupfs', `0::/kubepods/burstable/pod${STATIC}/${ID}\n`],
    ['systemd', `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/cri-containerd-${ID}.scope\n`],
  ])('of a static pod, %s', (_what, text) => {
    expect(readCgroup(text)).toMatchObject({ containerId: ID, podUid: STATIC })
  })
})

describe('a container of no pod', () => {
  it.each<[string, string]>([
    ['Docker', `3:cpu:/docker/${ID}\n`],
    ['Docker, systemd', `0::/system.slice/docker-${ID}.scope\n`],
    ['Docker on old CentOS', `10:devices:/system.slice/docker-${ID}.scope\n`],
    ['Docker without a folder', `10:net_prio:/${ID}\n`],
    ['Docker without root', `0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope\n`],
    ['podman', `0::/machine.slice/libpod-${ID}.scope/container\n`],
    ['nerdctl', `0::/system.slice/nerdctl-${ID}.scope\n`],
    ['containerd, namespace default', `0::/default/${ID}\n`],
    ['containerd, namespace moby', `9:cpu:/moby/${ID}\n`],
    ['Bottlerocket’s host containers', `0::/system.slice/host-containers-${ID}.scope\n`],
    ['Kata’s overhead', `0::/kata_overhead/${ID}\n`],
    ['ECS', `0::/ecs/0f1e2d3c4b5a69788796a5b4c3d2e1f0/${ID}\n`],
    ['a container in a container', `0::/docker/${OTHER}/docker/${ID}\n`],
    ['one directly in another', `0::/${OTHER}/${ID}\n`],
  ])('%s', (_what, text) => {
    expect(readCgroup(text)).toMatchObject({ containerId: ID, podUid: '' })
  })
})

describe('no container', () => {
  it.each<[string, string, string]>([
    ['the host', '0::/system.slice/ssh.service\n', ''],
    ['a login', '0::/user.slice/user-1000.slice/session-3.scope\n', ''],
    ['the root', '0::/\n', ''],
    ['kubelet', '0::/system.slice/kubelet.service\n', ''],
    ['kubelet in kind', '0::/kubelet.slice/kubelet.service\n', ''],
    ['Bottlerocket’s runtime slice', '0::/runtime.slice/containerd.service\n', ''],
    ['a pod’s own cgroup', `0::${BURSTABLE}\n`, UID],
    ['containers/conmon#545: CRI-O’s monitor', `0::${BURSTABLE}/crio-conmon-${ID}.scope\n`, UID],
    ['podman’s monitor', `0::/machine.slice/libpod-conmon-${ID}.scope\n`, ''],
    ['an id of another length', `0::/docker/${ID.slice(1)}\n`, ''],
    ['more than an id', `0::/docker/${ID}0\n`, ''],
    ['capitals', `0::/docker/${ID.toUpperCase()}\n`, ''],
    ['an id within a word', `0::/system.slice/x${ID}\n`, ''],
    ['nothing', '', ''],
    ['lines that are none', `\0\n:\n0:\n::\nx::/docker/${ID}\n`, ''],
  ])('%s', (_what, text, podUid) => {
    expect(readCgroup(text)).toMatchObject({ containerId: '', podUid })
  })
})

it('takes no time over lines that are made for it', () => {
  expect(readCgroup(`0::${'/pod-a'.repeat(200_000)}\n`).containerId).toBe('')
  expect(readCgroup(`0::/${'a'.repeat(1_000_000)}\n`).containerId).toBe('')
})
