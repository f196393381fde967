import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

const USERS = ['alice', 'bob', 'carol']
const COMMANDS = [['date'], ['id'], ['sh', '-c', 'ls /; id'], ['cat', '/ok']]

const step = fc.record({
  kind: fc.constantFrom('exec', 'exec', 'exec', 'shell', 'probe', 'own', 'loose'),
  user: fc.nat(USERS.length - 1),
  container: fc.nat(1),
  command: fc.nat(COMMANDS.length - 1),
  gap: fc.nat(400),
  latency: fc.integer({ min: 5, max: 300 }),
  recorded: fc.boolean(),
})

/** A node's day: people, probes and the containers' own programs, some requests lost. */
function play(
  steps: readonly {
    kind: string
    user: number
    container: number
    command: number
    gap: number
    latency: number
    recorded: boolean
  }[],
  losses: boolean,
): Scenario {
  const scenario = new Scenario()
  const boxes = ['one', 'two'].map((name) =>
    scenario.container(name, ['sh', '-c', 'while true; do work; done'], 1000, { probes: [['cat', '/ok']] }),
  )
  let at = 5000
  for (const { kind, user, container, command, gap, latency, recorded } of steps) {
    at += gap
    const box = boxes[container]
    const who = USERS[user] ?? ''
    const argv = COMMANDS[command] ?? []
    if (box === undefined) continue
    if (kind === 'exec') scenario.exec(who, box, argv, at, { latency, recorded: recorded || !losses })
    if (kind === 'shell') {
      const shell = scenario.exec(who, box, ['bash'], at, {
        tty: `pts${user}`,
        latency,
        lasts: 3000,
        recorded: recorded || !losses,
      })
      scenario.start({ at: at + latency + 500, ppid: shell, argv, dev: box.dev, owner: who, tty: `pts${user}` })
    }
    if (kind === 'probe') scenario.enter(box, ['cat', '/ok'], at, 'probe')
    if (kind === 'own') scenario.start({ at, ppid: box.init, argv, dev: box.dev, owner: 'container' })
    if (kind === 'loose') scenario.start({ at, ppid: scenario.nextPid(), argv, dev: box.dev, owner: 'container' })
  }
  return scenario
}

test('never a wrong name, whatever is lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, losses) => {
      const scenario = play(steps, losses)
      const { sessions, placements } = reconstruct(scenario.evidence())
      const byTrace = new Map(sessions.map((session) => [session.trace_id, session]))
      for (const { event_id, trace_id } of placements) {
        const named = byTrace.get(trace_id)?.user ?? ''
        if (named !== '') expect(scenario.owners.get(event_id)).toBe(named)
      }
    }),
    { numRuns: 300 },
  )
})

test('the order in which evidence arrives does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (steps, random) => {
        const scenario = play(steps, false)
        const shuffle = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [random.next().value ?? 0, item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item)
        const sorted = (result: ReturnType<typeof reconstruct>): unknown => ({
          sessions: [...result.sessions].sort((a, b) => a.trace_id.localeCompare(b.trace_id)),
          placements: [...result.placements].sort((a, b) => a.event_id.localeCompare(b.event_id)),
          entries: [...result.entries].sort((a, b) => a.event_id.localeCompare(b.event_id)),
        })
        const plain = scenario.evidence()
        const mixed = scenario.evidence({
          nodes: new Map([['n1', shuffle(scenario.observations)]]),
          operations: shuffle(scenario.operations),
          containers: shuffle(scenario.containers),
          pods: shuffle(scenario.pods),
        })
        expect(sorted(reconstruct(mixed))).toEqual(sorted(reconstruct(plain)))
      },
    ),
    { numRuns: 150 },
  )
})
