import { expect, it } from 'vitest'
import { type Box, Scenario } from '../testdata/scenario.ts'
import type { Evidence } from './evidence.ts'
import type { ProcessObservation } from './observation.ts'
import { reconstruct } from './reconstruct.ts'

/** What people do in two pods on a node whose audit rules, runtime and knowledge of containers may be poorer than ours. */
function day(): { scenario: Scenario; evidence: Evidence } {
  const scenario = new Scenario()
  const boxes = [scenario.container('web', ['nginx']), scenario.container('db', ['postgres'])]
  const visit = (user: string, box: Box | undefined, at: number, tty: boolean): void => {
    if (box === undefined) throw new Error('no such box')
    const argv = tty ? ['bash'] : ['sh', '-c', `job ${at}`]
    const shell = scenario.exec(user, box, argv, at, { lasts: 15_000, ...(tty ? { tty: `pts${at % 7}` } : {}) })
    for (const [step, words] of [['id'], ['cat', '/etc/passwd'], ['ls', '-l']].entries())
      scenario.start({
        at: at + 2000 + step * 900,
        ppid: shell,
        argv: words,
        dev: box.dev,
        owner: user,
        tty: tty ? `pts${at % 7}` : '',
      })
  }
  for (const [turn, user] of ['alice', 'bob', 'carol', 'dave', 'alice', 'bob'].entries())
    visit(user, boxes[turn % 2], 20_000 + turn * 20_001, turn % 3 !== 0)
  scenario.enter(boxes[0] ?? fail(), ['healthz'], 90_000, 'probe')
  scenario.start({ at: 91_000, ppid: boxes[1]?.init ?? 0, argv: ['vacuum'], dev: boxes[1]?.dev ?? '', owner: 'container' })
  return { scenario, evidence: scenario.evidence() }
}

const fail = (): never => {
  throw new Error('no such box')
}

type Change = (evidence: Evidence) => Evidence

/** Every record of the node as `change` makes it; null takes it away. */
const records =
  (change: (one: ProcessObservation, all: readonly ProcessObservation[]) => ProcessObservation | null): Change =>
  (evidence) => ({
    ...evidence,
    nodes: new Map([...evidence.nodes].map(([node, all]) => [node, all.flatMap((one) => change(one, all) ?? [])])),
  })
const words = ({ exec }: ProcessObservation): string => exec?.argv.join(' ') ?? ''
const isInit = (one: ProcessObservation): boolean => words(one) === 'runc init'
const isRuntime = (one: ProcessObservation): boolean => words(one).startsWith('runc --root')

/** Traces, and how many of the 24 commands of people must still carry their name. */
const CHANGES: readonly [string, Change, number][] = [
  ['everything', (evidence) => evidence, 24],
  ['no devices: PATH records are left out', records((one) => ({ ...one, exeDev: '' })), 24],
  ['no first process of the runtime (crun, or a rule that leaves it out)', records((one) => (isInit(one) ? null : one)), 24],
  ['no terminals', records((one) => ({ ...one, tty: '' })), 6],
  ['no pods, only what the runtime says of containers', (evidence) => ({ ...evidence, pods: [] }), 24],
  ['no containers, only pods', (evidence) => ({ ...evidence, containers: [] }), 24],
  ['neither: pods are found out by what was asked for', (evidence) => ({ ...evidence, containers: [], pods: [] }), 18],
  ['nothing of the runtime', records((one) => (isInit(one) || isRuntime(one) ? null : one)), 0],
  ['only programs, no first ones of sessions', records((one) => (/^(?:bash|sh -c)/.test(words(one)) ? null : one)), 0],
  [
    'another node name than the pods have',
    (evidence) => ({ ...evidence, nodes: new Map([['ip-10-0-0-7', evidence.nodes.get('n1') ?? []]]) }),
    24,
  ],
  ['no node name at all', (evidence) => ({ ...evidence, nodes: new Map([['', evidence.nodes.get('n1') ?? []]]) }), 24],
  ['every record twice', records((one) => one), 24],
  ['no API events', (evidence) => ({ ...evidence, operations: [] }), 0],
  [
    'every second API request is lost',
    (evidence) => ({ ...evidence, operations: evidence.operations.filter((_, at) => at % 2 === 0) }),
    8,
  ],
  ['a third of the node’s records is lost', records((one) => (one.serial % 3 === 0 ? null : one)), 4],
  ['from the middle on', records((one) => (one.timeMs < 62_500 ? null : one)), 8],
  ['no process ids of parents', records((one) => ({ ...one, ppid: 1 })), 0],
]

it.each(CHANGES)('names nobody wrong, and who is known, with %s', (_what, change, atLeast) => {
  const { scenario, evidence } = day()
  const { sessions, placements } = reconstruct(change(evidence))
  const users = new Map(sessions.map(({ trace_id, user }) => [trace_id, user]))
  const named = placements.filter(({ trace_id }) => (users.get(trace_id) ?? '') !== '')
  const wrong = named.filter(({ event_id, trace_id }) => scenario.owners.get(event_id) !== users.get(trace_id))
  expect(wrong.map(({ event_id }) => scenario.observations.find(({ eventId }) => eventId === event_id)?.exec?.argv)).toEqual([])
  expect(named.length).toBeGreaterThanOrEqual(atLeast)
})

/** A generator of numbers below one that gives the same for the same seed. Source: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((more ^ (more >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Scripts whose last command takes the place of their shell, beside requests of others for just that command. */
function scripts(next: () => number): Scenario {
  const scenario = new Scenario()
  const box = scenario.container('web', ['nginx'])
  const people = ['alice', 'bob', 'carol']
  const last = [['id', '-G'], ['date'], ['uname', '-r']]
  for (let turn = 0; turn < 12; turn++) {
    const at = 20_000 + turn * 4_000 + Math.floor(next() * 3_000)
    const user = people[Math.floor(next() * 3)] ?? ''
    const argv = last[Math.floor(next() * 3)] ?? ['id']
    if (next() < 0.5) {
      scenario.exec(user, box, argv, at)
      continue
    }
    const shell = scenario.exec(user, box, ['sh', '-c', `sleep 2; sleep 1; ${argv.join(' ')}`], at, { lasts: 4_000 })
    for (const step of [10, 2_010])
      scenario.start({ at: at + step + 60, ppid: shell, argv: ['sleep', '2'], dev: box.dev, owner: user })
    // The runtime is gone by then, so the parent is the shim.
    scenario.start({ at: at + 3_100, pid: shell, ppid: box.shim, argv, dev: box.dev, owner: user })
  }
  return scenario
}

it('names nobody wrong whatever records of the node, or requests, are lost', () => {
  let named = 0
  for (let seed = 1; seed <= 100; seed++) {
    const next = numbers(seed)
    const scenario = scripts(next)
    const share = next() * 0.3
    const kept = scenario.observations.filter(({ exec, timeMs }) => timeMs < 2000 || exec === null || next() > share)
    const { sessions, placements } = reconstruct(scenario.evidence({ nodes: new Map([['n1', kept]]) }))
    const users = new Map(sessions.map(({ trace_id, user }) => [trace_id, user]))
    for (const { event_id, trace_id } of placements) {
      const user = users.get(trace_id) ?? ''
      if (user === '') continue
      named += 1
      expect([seed, event_id, user]).toEqual([seed, event_id, scenario.owners.get(event_id)])
    }
  }
  expect(named).toBeGreaterThan(700)
})

it('does not take a word in somebody’s script for proof where another’s script, whose shell was not recorded, has it too', () => {
  const scenario = new Scenario()
  const box = scenario.container('box', ['sleep', 'infinity'])
  const shell = scenario.exec('bob', box, ['bash'], 4000, { tty: 'pts0', lasts: 60_000 })
  const loop = 'for i in 1 2 3; do sleep 1; date; done'
  scenario.start({ at: 5000, ppid: shell, argv: ['sh', '-c', loop], dev: box.dev, owner: 'bob', tty: 'pts0' })
  scenario.exec('alice', box, ['sh', '-c', '(sleep 2; id) & exit 0'], 6000, { lasts: 10 })
  const fork = scenario.nextPid()
  scenario.start({ at: 6300, ppid: fork, argv: ['sleep', '2'], dev: box.dev, owner: 'alice' })
  const kept = scenario.observations.filter(({ exec }) => exec?.argv.join(' ').startsWith('sh -c (') !== true)
  const { sessions, placements } = reconstruct(scenario.evidence({ nodes: new Map([['n1', kept]]) }))
  const found = scenario.observations.at(-1)?.eventId
  const traceId = placements.find(({ event_id }) => event_id === found)?.trace_id
  const session = sessions.find(({ trace_id }) => trace_id === traceId)
  expect(session).toMatchObject({ user: '', confidence: 'ambiguous' })
  expect((JSON.parse(session?.candidates ?? '[]') as { user: string }[]).map(({ user }) => user)).toEqual(['alice', 'bob'])
})

it('does not give what is typed on a terminal to a script that has let its own go, because it has one of the words', () => {
  const scenario = new Scenario()
  const box = scenario.container('box', ['sleep', 'infinity'])
  // What proves that the clocks agree.
  for (let turn = 0; turn < 5; turn++) scenario.exec('carol', box, ['echo', `${turn}`], 60_000 + turn * 9_000)
  const bob = scenario.exec('bob', box, ['bash'], 4000, { tty: 'pts2', lasts: 20_000 })
  const loop = 'for i in 1 2 3; do sleep 1; date; done'
  scenario.start({ at: 5000, ppid: bob, argv: ['sh', '-c', loop], dev: box.dev, owner: 'bob' })
  scenario.request('alice', box, ['bash'], 6200, { tty: true, completedMs: 20_000 })
  const alice = scenario.nextPid()
  for (const [step, words] of [['id'], ['date']].entries())
    scenario.start({ at: 6500 + step * 500, ppid: alice, argv: words, dev: box.dev, owner: 'alice', tty: 'pts3' })
  const { sessions, placements } = reconstruct(scenario.evidence())
  const byTrace = new Map(sessions.map((session) => [session.trace_id, session]))
  for (const { event_id, trace_id } of placements)
    if ((byTrace.get(trace_id)?.user ?? '') !== '') expect(byTrace.get(trace_id)?.user).toBe(scenario.owners.get(event_id))
})
