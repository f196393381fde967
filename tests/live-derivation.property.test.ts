import { type ContainerOperation, type Evidence, type ProcessObservation, reconstruct } from '@podwitness/session'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EvidenceDelta } from '../packages/server/src/derive/evidence-delta.ts'
import { LiveCluster } from '../packages/server/src/derive/live-cluster.ts'
import { mergeStages, type RequestStage, readStage } from '../packages/server/src/derive/request-stages.ts'
import { Scenario } from '../packages/session/testdata/scenario.ts'
import { emptyStore, expectSame, type Row, type Table } from './empty-store.ts'

const NOTHING: EvidenceDelta = {
  observations: [],
  stages: [],
  containers: [],
  pods: [],
  samples: [],
  losses: [],
  apiCoverage: null,
}

/** The stages that an API server logs of a request. */
function stagesOf(operation: ContainerOperation): RequestStage[] {
  const { namespace, pod, container, command, tty, stdin, kind } = operation
  const query = new URLSearchParams({ container, tty: String(tty), stdin: String(stdin), stdout: 'true', stderr: 'true' })
  for (const word of command) query.append('command', word)
  const stage = (name: string, timeMs: number): RequestStage[] => {
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: operation.auditId,
      stage: name,
      requestURI: `/api/v1/namespaces/${namespace}/pods/${pod}/${kind}?${query}`,
      verb: 'create',
      user: { username: operation.user, groups: operation.groups },
      sourceIPs: [operation.sourceIp],
      userAgent: operation.userAgent,
      objectRef: { resource: 'pods', namespace, name: pod, apiVersion: 'v1', subresource: kind },
      responseStatus: { code: operation.status },
      requestReceivedTimestamp: new Date(operation.receivedMs).toISOString(),
      stageTimestamp: new Date(timeMs).toISOString(),
    }
    const read = readStage('c1', { eventId: `${operation.eventId} ${name}`, timeMs, raw: JSON.stringify(event), encoding: '' })
    return read === null ? [] : [read]
  }
  return [
    ...stage('ResponseStarted', operation.startedMs),
    ...(operation.completedMs > 0 ? stage('ResponseComplete', operation.completedMs) : []),
  ]
}

/** Everything a scenario leaves, each piece by itself, on one node or on two. */
function pieces(scenario: Scenario, nodeOf: (observation: ProcessObservation) => string): EvidenceDelta[] {
  const stages = scenario.operations.flatMap(stagesOf)
  const stageTimes = stages.map(({ timeMs }) => timeMs)
  return [
    ...scenario.observations.map((one): EvidenceDelta => ({ ...NOTHING, observations: [[nodeOf(one), one]] })),
    ...stages.map((one, at): EvidenceDelta => {
      const timeMs = stageTimes[at] ?? 0
      return { ...NOTHING, stages: [one], apiCoverage: { fromMs: timeMs, toMs: timeMs } }
    }),
    ...scenario.containers.map(
      (fact): EvidenceDelta => ({ ...NOTHING, containers: [{ id: fact.containerId, version: '1', fact }] }),
    ),
    ...scenario.pods.map((fact): EvidenceDelta => ({ ...NOTHING, pods: [{ id: fact.podUid, version: '1', fact }] })),
  ]
}

/** What one computation over everything says. */
function batch(parts: readonly EvidenceDelta[]): Record<Table, Row[]> {
  const nodes = new Map<string, ProcessObservation[]>()
  const stages = new Map<string, RequestStage[]>()
  for (const [node, one] of parts.flatMap(({ observations }) => observations)) nodes.set(node, [...(nodes.get(node) ?? []), one])
  for (const one of parts.flatMap((part) => part.stages)) stages.set(one.requestId, [...(stages.get(one.requestId) ?? []), one])
  const times = parts.flatMap(({ apiCoverage }) => (apiCoverage === null ? [] : [apiCoverage.fromMs]))
  const evidence: Evidence = {
    cluster: 'c1',
    nodes,
    containers: parts.flatMap(({ containers }) => containers.map(({ fact }) => fact)),
    pods: parts.flatMap(({ pods }) => pods.map(({ fact }) => fact)),
    samples: new Map(),
    operations: [...stages.values()].flatMap((list) => mergeStages(list) ?? []),
    apiCoverage: times.length === 0 ? null : { fromMs: Math.min(...times), toMs: Math.max(...times) },
  }
  const { sessions, placements, entries } = reconstruct(evidence)
  return { sessions: [...sessions], placements: [...placements], entries: [...entries] }
}

const USERS = ['alice', 'bob', 'carol']
const COMMANDS = [['date'], ['id'], ['sh', '-c', 'ls /; id'], ['cat', '/ok']]

const step = fc.record({
  kind: fc.constantFrom('exec', 'exec', 'shell', 'probe', 'own', 'loose', 'attach', 'denied'),
  user: fc.nat(USERS.length - 1),
  container: fc.nat(1),
  command: fc.nat(COMMANDS.length - 1),
  gap: fc.nat(3000),
  latency: fc.integer({ min: 5, max: 300 }),
  known: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function play(steps: readonly Step[]): Scenario {
  const scenario = new Scenario()
  const known = steps[0]?.known ?? true
  const boxes = ['one', 'two'].map((name, at) =>
    scenario.container(name, at === 0 ? ['sh', '-c', 'while true; do work; done'] : ['bash'], 1000, {
      probes: [['cat', '/ok']],
      tty: at === 1,
      known: known || at === 0,
    }),
  )
  let at = 5000
  for (const { kind, user, container, command, gap, latency, known: recorded } of steps) {
    at += gap
    const box = boxes[container]
    const who = USERS[user] ?? ''
    const argv = COMMANDS[command] ?? []
    if (box === undefined) continue
    if (kind === 'exec') scenario.exec(who, box, argv, at, { latency, recorded })
    if (kind === 'shell') {
      const shell = scenario.exec(who, box, ['bash'], at, { tty: `pts${user}`, latency, lasts: 3000, recorded })
      scenario.start({ at: at + latency + 500, ppid: shell, argv, dev: box.dev, owner: who, tty: `pts${user}` })
    }
    if (kind === 'probe') scenario.enter(box, ['cat', '/ok'], at, 'probe')
    if (kind === 'own')
      scenario.start({ at, ppid: box.init, argv, dev: box.dev, owner: 'container', tty: container === 1 ? 'pts0' : '' })
    if (kind === 'loose') scenario.start({ at, ppid: scenario.nextPid(), argv, dev: box.dev, owner: 'container' })
    if (kind === 'attach') scenario.request(who, box, [], at, { kind: 'attach', tty: true, completedMs: at + 2000 })
    if (kind === 'denied') scenario.request(who, box, argv, at, { status: 403 })
  }
  return scenario
}

test('says the same as one computation over everything, whatever the order of arrival and the cuts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.boolean(),
      async (steps, random, twoNodes) => {
        const scenario = play(steps)
        const parts = pieces(scenario, ({ serial }) => (twoNodes && serial % 7 === 0 ? 'n2' : 'n1'))
        const shuffled = parts
          .map((part) => [random.next().value ?? 0, part] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, part]) => part)
        const { store, said } = emptyStore()
        const cluster = new LiveCluster(store, 'c1')
        for (const part of shuffled) {
          cluster.note(part)
          // Some things come twice.
          if ((random.next().value ?? 0) < 0.1) cluster.note(part)
          if ((random.next().value ?? 0) < 0.2) await cluster.round()
        }
        await cluster.round()
        expectSame(said, batch(parts))
      },
    ),
    { numRuns: 120 },
  )
}, 60_000)

test('says the same when most of what came before was put aside, though a shell stays open all the time', async () => {
  const scenario = new Scenario()
  const box = scenario.container('app', ['sh', '-c', 'while true; do work; done'], 1000, { probes: [['cat', '/ok']] })
  const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 1_000 })
  const opened = scenario.operations[0]
  if (opened !== undefined) scenario.operations[0] = { ...opened, completedMs: 0 }
  for (let round = 0; round < 200; round++) {
    const at = 10_000 + round * 10_000
    scenario.enter(box, ['cat', '/ok'], at, 'probe')
    scenario.start({ at: at + 1000, ppid: box.init, argv: ['work'], dev: box.dev, owner: 'container' })
    if (round % 10 === 0)
      scenario.start({ at: at + 2000, ppid: shell, argv: ['ls', String(round)], dev: box.dev, owner: 'alice', tty: 'pts0' })
    if (round % 15 === 0) scenario.exec('bob', box, ['date', String(round)], at + 3000)
  }
  const timeOf = ({ observations, stages, containers }: EvidenceDelta): number =>
    observations[0]?.[1].timeMs ?? stages[0]?.timeMs ?? (containers.length > 0 ? 0 : 1)
  const parts = pieces(scenario, () => 'n1').sort((a, b) => timeOf(a) - timeOf(b))
  const { store, said } = emptyStore()
  const cluster = new LiveCluster(store, 'c1', { most: 120 })
  let most = 0
  for (const [at, part] of parts.entries()) {
    cluster.note(part)
    if (at % 10 === 0) await cluster.round()
    most = Math.max(most, cluster.commands)
  }
  await cluster.round()
  expect(most).toBeLessThan(200)
  expect(said('sessions').find(({ tty }) => tty === 1)).toMatchObject({ user: 'alice', command_count: 21 })
  expectSame(said, batch(parts))
})
