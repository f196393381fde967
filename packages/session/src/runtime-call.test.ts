import { describe, expect, it } from 'vitest'
import { isRuntimeInit, parseRuntimeCall } from './runtime-call.ts'

const ID = 'd4f4f32116b8deb3c19ecd5a0a360619da136c0f29d082a9d2ff17357192bd13'

describe('parseRuntimeCall', () => {
  it.each([
    [
      `runc --root /run/containerd/runc/k8s.io --log /l.json --log-format json exec --process /tmp/p --console-socket /tmp/s --detach --pid-file /run/x/77ab.pid ${ID}`,
      { verb: 'exec', containerId: ID, execId: '77ab', terminal: true, command: [] },
    ],
    [
      `/usr/bin/crun --systemd-cgroup --root=/run/crun exec --pid-file=/run/abc.pid --process /p ${ID}`,
      { verb: 'exec', containerId: ID, execId: 'abc', terminal: false },
    ],
    [
      `runc exec -t -u 0 --env A=B ${ID} sh -c id`,
      { verb: 'exec', containerId: ID, terminal: true, command: ['sh', '-c', 'id'] },
    ],
    [
      `/usr/sbin/runc --log-format json create --bundle /b --pid-file /b/init.pid ${ID}`,
      { verb: 'create', containerId: ID, execId: 'init' },
    ],
    [`nvidia-container-runtime --root /r create --bundle /b ${ID}`, { verb: 'create', containerId: ID }],
    [`runc --root /r start ${ID}`, { verb: 'other', containerId: ID }],
    ['runc --version', { verb: 'other', containerId: '' }],
    ['runc exec', { verb: 'exec', containerId: '' }],
    ['runc exec --process', { verb: 'exec', containerId: '' }],
  ])('reads %s', (line, expected) => {
    expect(parseRuntimeCall(line.split(' '))).toMatchObject(expected)
  })

  it.each(['bash', 'runcible exec x', '', 'grep runc exec'])('is nothing for %s', (line) => {
    expect(parseRuntimeCall(line.split(' '))).toBeNull()
  })
})

it.each([
  [['runc', 'init'], true],
  [['/usr/bin/runc', 'init'], true],
  [['runc', 'init', 'x'], false],
  [['sh', 'init'], false],
])('runtime init: %j', (argv, expected) => {
  expect(isRuntimeInit(argv)).toBe(expected)
})
