import { expect, it } from 'vitest'
import { one } from '../testdata/placed.ts'
import { reconstruct } from './reconstruct.ts'
import { sandboxClass } from './sandboxes.ts'

it.each([
  ['gvisor', true],
  ['runsc', true],
  ['kata', true],
  ['kata-qemu', true],
  ['kata-mshv-vm-isolation', true],
  ['runv', true],
  ['', false],
  ['nvidia', false],
  ['runc', false],
  ['katana', false],
])('of RuntimeClass %j, that its programs are in a sandbox: %s', (name, expected) => {
  expect(sandboxClass(name) !== '').toBe(expected)
})

/** Somebody enters a pod of which the node records no program, and the node goes on recording. */
function entered(more: { readonly runtimeClass?: string; readonly node?: readonly string[] }): ReturnType<typeof reconstruct> {
  const { scenario, box } = one()
  scenario.pods.forEach((pod, at) => {
    scenario.pods[at] = { ...pod, ...(more.runtimeClass === undefined ? {} : { runtimeClass: more.runtimeClass }) }
  })
  scenario.request('alice', box, ['id'], 5000)
  const argv = (more.node ?? []).map((word) => (word === 'ID' ? box.id : word))
  if (argv.length > 0) scenario.start({ at: 5010, ppid: 1, argv, dev: 'fe:00', owner: 'host' })
  scenario.start({ at: 9000, ppid: 1, argv: ['cron'], dev: 'fe:00', owner: 'host' })
  return reconstruct(scenario.evidence())
}

it.each([
  ['gvisor by its RuntimeClass', { runtimeClass: 'gvisor' }, 'gvisor'],
  [
    'gVisor by the runtime that the node calls',
    {
      node: [
        'runsc',
        '--root=/r',
        'exec',
        '--process',
        '/p',
        '--detach',
        '--pid-file',
        '/e.pid',
        '--internal-pid-file',
        '/i',
        'ID',
      ],
    },
    'runsc',
  ],
  ['Kata by its shim', { node: ['/opt/kata/bin/containerd-shim-kata-v2', '-namespace', 'k8s.io', '-id', 'ID'] }, 'kata'],
])('says that commands cannot be seen in %s, not that nothing ran', (_what, more, runtime) => {
  const session = entered(more).sessions.find(({ user }) => user === 'alice')
  expect(session).toMatchObject({ confidence: 'proven', outcome: 'unseen', command_count: 0 })
  expect(session?.reasons.join()).toContain(`in a sandbox (${runtime})`)
})

it('says of an ordinary pod that no program was seen, and nothing of a time that no records reach', () => {
  expect(entered({}).sessions.find(({ user }) => user === 'alice')?.outcome).toBe('no-process')
  const { scenario, box } = one()
  scenario.request('alice', box, ['id'], 5000)
  expect(reconstruct(scenario.evidence()).sessions.find(({ user }) => user === 'alice')?.outcome).toBe('unknown')
  scenario.start({ at: 9000, ppid: 1, argv: ['cron'], dev: 'fe:00', owner: 'host' })
  const losses = new Map([['n1', [{ fromMs: 4000, toMs: 6000 }]]])
  expect(reconstruct(scenario.evidence({ losses })).sessions.find(({ user }) => user === 'alice')?.outcome).toBe('unknown')
})
