import { expect, it } from 'vitest'
import { accounts, one, placeOf } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import type { SessionDraft } from './evidence.ts'
import { reconstruct } from './reconstruct.ts'
import { leavesNoTurnOut } from './regular-gap.ts'

const CHECK = ['cat', '/tmp/healthy']
/** Just before a turn of the probe. */
const ASKED_MS = 35_000
const PERIOD_MS = 10_000

/** A probe, or whatever runs without being asked for, every ten seconds, and alice who asks for just that once. */
function probed(askedMs: number, more: { readonly probes?: string[][] } = { probes: [CHECK] }): Scenario {
  const scenario = new Scenario()
  const box = scenario.container('app', ['sleep', 'infinity'], 1000, more)
  for (let at = 5_300; at < 90_000; at += PERIOD_MS) {
    if (at > askedMs && at < askedMs + PERIOD_MS) scenario.exec('alice', box, CHECK, askedMs, { lasts: 1_000 })
    scenario.enter(box, CHECK, at, 'probe')
  }
  return scenario
}

/** The entry at the moment when alice asked, her own program not recorded. */
function entryWithoutHers(scenario: Scenario): SessionDraft | undefined {
  const kept = scenario.observations.filter(({ eventId }) => scenario.owners.get(eventId) !== 'alice')
  const near = kept.find(({ exec, timeMs }) => timeMs > ASKED_MS && exec?.argv[0] === 'cat')
  const { sessions, placements } = reconstruct(scenario.evidence({ nodes: new Map([['n1', kept]]) }))
  const id = placements.find(({ event_id }) => event_id === near?.eventId)?.trace_id
  return sessions.find(({ trace_id }) => trace_id === id)
}

it.each([
  ['a probe of the pod specification', { probes: [CHECK] }],
  ['something regular that no specification tells of', {}],
])('does not name who asked for what %s runs as well, where only one of both was recorded', (_what, more) => {
  const session = entryWithoutHers(probed(ASKED_MS, more))
  expect(session).toMatchObject({ user: '', confidence: 'ambiguous' })
  expect(accounts(session)).toEqual(['alice'])
  expect(session?.reasons.join()).toContain('without being asked for')
})

it('names her where every turn of the probe is seen beside her own', () => {
  const scenario = probed(ASKED_MS - 4_000)
  const named = reconstruct(scenario.evidence()).sessions.filter(({ user }) => user === 'alice')
  expect(named.map(({ confidence, entry }) => [confidence, entry])).toEqual([['matched', 'exec']])
})

it('does not name who asked for what a hook runs', () => {
  const scenario = new Scenario()
  const box = scenario.container('app', ['sleep', 'infinity'], 1000, { hooks: [['warm', 'up']] })
  scenario.request('alice', box, ['warm', 'up'], 1050)
  scenario.enter(box, ['warm', 'up'], 1080, 'probe')
  expect(reconstruct(scenario.evidence()).sessions.filter(({ confidence }) => confidence === 'matched')).toEqual([])
})

it.each([
  [[0, 10, 20, 30], 13, true],
  [[0, 10, 30, 40], 20, false],
  [[0, 10, 30, 40], 11, false],
  [[10, 20, 30], 13, false],
  [[0, 10, 20], 25, false],
  [[], 1, false],
  [[0, 5, 10, 15], 7, true],
])('of runs at %j, that at %d left no turn out: %s', (times, at, expected) => {
  expect(leavesNoTurnOut(times, at)).toBe(expected)
})

it.each([
  ['a client on the node asked for just that', ['crictl', 'exec', 'ID', 'id'], [], 'ambiguous'],
  ['the runtime was called by hand', [], ['runc', 'exec', 'ID', 'id'], 'none'],
])('does not name who asked for it as well where %s', (_what, client, call, confidence) => {
  const { scenario, box } = one()
  const words = (argv: readonly string[]): string[] => argv.map((word) => (word === 'ID' ? box.id : word))
  scenario.request('alice', box, ['id'], 5000)
  const host = { dev: 'fe:00', owner: 'host', auid: 1001 }
  if (client.length > 0) scenario.start({ at: 4990, ppid: 1, argv: words(client), ...host })
  if (call.length === 0) scenario.enter(box, ['id'], 5020, 'node')
  else {
    const runtime = scenario.start({ at: 5010, ppid: 1, argv: words(call), ...host })
    scenario.start({ at: 5040, ppid: runtime, argv: ['id'], dev: box.dev, owner: 'node' })
  }
  expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: '', confidence })
})
