import { describe, expect, it } from 'vitest'
import { type Box, Scenario } from '../testdata/scenario.ts'
import type { Evidence, PlacementDraft, SessionDraft } from './evidence.ts'
import { reconstruct } from './reconstruct.ts'

/** Traces as clusters leave them that are set up in other ways than the recorded one. */

/** Where the last program with these words ended up. */
function placeOf(evidence: Evidence, ...argv: readonly string[]): { session?: SessionDraft; placement?: PlacementDraft } {
  const { sessions, placements } = reconstruct(evidence)
  const observed = [...evidence.nodes.values()].flat().filter(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  const placement = placements.find(({ event_id }) => event_id === observed.at(-1)?.eventId)
  const session = sessions.find(({ trace_id }) => trace_id === placement?.trace_id)
  return { ...(session === undefined ? {} : { session }), ...(placement === undefined ? {} : { placement }) }
}

/** How often a command carries another account than whoever ran it. */
function wrongNames(scenario: Scenario, evidence: Evidence = scenario.evidence()): number {
  const { sessions, placements } = reconstruct(evidence)
  const users = new Map(sessions.map(({ trace_id, user }) => [trace_id, user]))
  return placements.filter(({ event_id, trace_id }) => {
    const user = users.get(trace_id) ?? ''
    return user !== '' && scenario.owners.get(event_id) !== user
  }).length
}

const entriesOf = (evidence: Evidence): [string, string, string][] =>
  reconstruct(evidence)
    .sessions.filter(({ entry }) => entry !== 'container')
    .map(({ entry, user, confidence }) => [entry, user, confidence])

function one(argv: readonly string[] = ['sleep', 'infinity']): { scenario: Scenario; box: Box } {
  const scenario = new Scenario()
  return { scenario, box: scenario.container('app', argv) }
}

describe('a node that is a container itself (kind, k3d, minikube)', () => {
  /** The outer container with its runtime inside; the cluster's own containers have its shims as parents. */
  function nested(known: boolean): { scenario: Scenario; box: Box } {
    const scenario = new Scenario()
    const outer = scenario.container('kind-control-plane', ['/sbin/init'], 500, { known: false })
    const inner = (ppid: number, argv: readonly string[], at: number) =>
      scenario.start({ at, ppid, argv, dev: outer.dev, owner: 'container' })
    const containerd = inner(outer.init, ['/usr/local/bin/containerd'], 600)
    const shim = inner(containerd, ['/usr/local/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io', '-id', 'x'], 900)
    const box = scenario.container('app', ['sleep', 'infinity'], 1000, { known, shim, runtimeDev: outer.dev })
    return { scenario, box }
  }

  it('is followed from its first program on', () => {
    const { scenario, box } = nested(true)
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000, runtimeDev: '00:40' })
    scenario.start({ at: 6000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const evidence = scenario.evidence()
    expect(placeOf(evidence, 'id').session).toMatchObject({
      user: 'alice',
      confidence: 'matched',
      container: 'app',
      command_count: 2,
    })
    expect(wrongNames(scenario)).toBe(0)
  })

  it('does not let a runtime in an ordinary container (docker in docker) open an entry of the cluster', () => {
    const scenario = new Scenario()
    const dind = scenario.container('dind', ['dockerd'], 500)
    const shim = scenario.start({
      at: 600,
      ppid: dind.init,
      argv: ['containerd-shim-runc-v2', '-id', 'y'],
      dev: dind.dev,
      owner: 'container',
    })
    const inside = scenario.container('inside', ['sh'], 1000, { known: false, shim, runtimeDev: dind.dev })
    const shell = scenario.exec('alice', dind, ['sh'], 4000, { tty: 'pts0', lasts: 60_000 })
    scenario.start({
      at: 5000,
      ppid: shell,
      argv: ['docker', 'exec', inside.id.slice(0, 12), 'id'],
      dev: dind.dev,
      owner: 'alice',
      tty: 'pts0',
    })
    scenario.enter(inside, ['id'], 5030, 'alice', { runtimeDev: dind.dev })
    scenario.enter(inside, ['curl', 'localhost'], 9000, 'container', { runtimeDev: dind.dev })
    const evidence = scenario.evidence()
    // The client's own words tie what it had started to it; what docker starts by itself nobody asked for.
    expect(placeOf(evidence, 'id').session?.user).toBe('alice')
    expect(placeOf(evidence, 'curl', 'localhost').session?.user).toBe('')
    expect(entriesOf(evidence).filter(([entry]) => entry === 'unrecorded')).toEqual([])
  })

  it('does not let somebody who wears a shim’s name answer another’s request', () => {
    const { scenario, box } = one()
    const other = scenario.container('other', ['sleep', 'infinity'])
    const shell = scenario.exec('mallory', other, ['bash'], 4000, { tty: 'pts0', lasts: 60_000 })
    const fake = scenario.start({
      at: 5000,
      ppid: shell,
      argv: ['containerd-shim-runc-v2'],
      dev: other.dev,
      owner: 'mallory',
      tty: 'pts0',
    })
    scenario.request('alice', box, ['id'], 6000)
    const call = ['runc', 'exec', '--process', '/p', '--detach', '--pid-file', '/e.pid', box.id]
    const runtime = scenario.start({ at: 6010, ppid: fake, argv: call, dev: other.dev, owner: 'mallory', tty: 'pts0' })
    scenario.start({ at: 6020, ppid: runtime, argv: ['id'], dev: other.dev, owner: 'mallory', tty: 'pts0' })
    expect(wrongNames(scenario)).toBe(0)
    expect(placeOf(scenario.evidence(), 'id').session?.user).toBe('mallory')
  })
})

describe('clocks that are far apart', () => {
  it.each([-120_000, -61_000, 61_000, 120_000])(
    'names by order where many entries tell that the node is off by %d ms',
    (skew) => {
      const { scenario, box } = one()
      for (let round = 0; round < 6; round++)
        scenario.exec('carol', box, ['echo', String(round)], 300_000 + round * 20_000, { skew })
      scenario.exec('alice', box, ['date'], 450_000, { skew })
      scenario.exec('bob', box, ['date'], 453_000, { skew })
      expect(wrongNames(scenario)).toBe(0)
      const named = entriesOf(scenario.evidence()).filter(([, , confidence]) => confidence === 'matched')
      expect(named.map(([, user]) => user).sort()).toEqual(['alice', 'bob', ...Array<string>(6).fill('carol')])
    },
  )

  it.each([-120_000, 120_000])('names nobody wrong where two people alternate and the node is off by %d ms', (skew) => {
    const { scenario, box } = one()
    for (let round = 0; round < 12; round++)
      scenario.exec(round % 2 === 0 ? 'alice' : 'bob', box, ['date'], 300_000 + round * 11_000, { skew })
    expect(wrongNames(scenario)).toBe(0)
  })

  it.each([-120_000, 120_000])('says nothing wrong of one entry alone, %d ms off', (skew) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['id'], 300_000, { skew })
    scenario.request('bob', box, ['id'], 300_000 + skew)
    expect(wrongNames(scenario)).toBe(0)
  })
})

describe('many at once', () => {
  it('names hundreds of simultaneous entries that differ, and none wrong of those that do not', () => {
    const { scenario, box } = one()
    const people = ['alice', 'bob', 'carol', 'dave']
    for (let at = 0; at < 300; at++) {
      const argv = at % 3 === 0 ? ['date'] : ['echo', String(at)]
      scenario.exec(people[at % 4] ?? '', box, argv, 100_000 + at * 2, { latency: 30 + ((at * 37) % 200) })
    }
    expect(wrongNames(scenario)).toBe(0)
    const named = entriesOf(scenario.evidence()).filter(([, , confidence]) => confidence === 'matched')
    expect(named.length).toBeGreaterThanOrEqual(200)
    expect(entriesOf(scenario.evidence()).filter(([entry]) => entry === 'unrecorded')).toEqual([])
  })

  it('says ambiguous, with both, of equal commands by two people in one second', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['date'], 5000, { latency: 300 })
    scenario.exec('bob', box, ['date'], 5200, { latency: 60 })
    expect(entriesOf(scenario.evidence())).toEqual([
      ['exec', '', 'ambiguous'],
      ['exec', '', 'ambiguous'],
    ])
  })
})

describe('requests that start nothing, or not what was asked for', () => {
  it('keeps an exec of a program that is not there as a request of its account (exit code 126 or 127 of the runtime)', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['/no/such'], 5000)
    const call = ['runc', 'exec', '--process', '/p', '--detach', '--pid-file', '/run/e1.pid', box.id]
    const runtime = scenario.start({ at: 5020, ppid: box.shim, argv: call, dev: 'fe:00', owner: 'host' })
    scenario.start({ at: 5028, ppid: runtime, argv: ['runc', 'init'], dev: 'fe:00', owner: 'host', comm: 'exe' })
    // The next program under that shim is somebody else's.
    scenario.exec('bob', box, ['id'], 6000)
    expect(wrongNames(scenario)).toBe(0)
    expect(placeOf(scenario.evidence(), 'id').session?.user).toBe('bob')
    const { sessions } = reconstruct(scenario.evidence())
    expect(sessions.find(({ user }) => user === 'alice')).toMatchObject({
      entry: 'exec',
      outcome: 'no-process',
      confidence: 'proven',
    })
  })

  it('names whoever ran a shell that found no program: exit code 127 of the shell is a command like others', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['sh', '-c', 'nope'], 5000)
    expect(placeOf(scenario.evidence(), 'sh', '-c', 'nope').session).toMatchObject({ user: 'alice', outcome: 'started' })
  })

  it('does not give what comes later to a request that was cut before anything started', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['id'], 5000, { startedMs: 0, completedMs: 5030 })
    scenario.exec('bob', box, ['id'], 5400)
    expect(wrongNames(scenario)).toBe(0)
    const { session } = placeOf(scenario.evidence(), 'id')
    expect(['bob', '']).toContain(session?.user)
  })

  it('does not name whose request came at the moment of another’s whose event was lost', () => {
    const { scenario, box } = one()
    for (let round = 0; round < 8; round++) scenario.exec('carol', box, ['echo', String(round)], 20_000 + round * 9000)
    scenario.request('alice', box, ['id'], 5000)
    scenario.exec('mallory', box, ['id'], 5100, { recorded: false })
    scenario.enter(box, ['id'], 5050, 'alice')
    expect(wrongNames(scenario)).toBe(0)
    expect(placeOf(scenario.evidence(), 'id').session?.confidence).toBe('ambiguous')
  })
})

describe('ways in', () => {
  it.each([
    [['tar', 'cf', '-', '/etc/passwd']],
    [['tar', '-xmf', '-', '-C', '/tmp']],
    [['tar', '--no-same-owner', '-xf', '-', '-C', '/tmp']],
  ])('calls %j of kubectl cp a copy, by name', (argv) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, argv, 5000)
    expect(entriesOf(scenario.evidence())).toEqual([['cp', 'alice', 'matched']])
  })

  it('names the same over WebSocket (get) and SPDY (create): the verb is not looked at', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['id'], 5000)
    scenario.exec('bob', box, ['date'], 7000)
    expect(entriesOf(scenario.evidence()).map(([, user]) => user)).toEqual(['alice', 'bob'])
  })

  it('names both accounts of who acts as another', () => {
    const { scenario, box } = one()
    scenario.request('ops', box, ['id'], 5000, { impersonatedUser: 'alice' })
    scenario.enter(box, ['id'], 5020, 'ops')
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({
      user: 'ops',
      impersonated_user: 'alice',
      confidence: 'matched',
    })
  })

  it('keeps a visitor of a node’s debugging pod with what runs on the node: kubectl debug node/n1', () => {
    const scenario = new Scenario()
    const box = scenario.container('node-debugger', ['bash'], 4000, { tty: true })
    scenario.request('alice', box, [], 4500, { kind: 'attach', tty: true, stdin: true, completedMs: 90_000 })
    const root = scenario.start({
      at: 6000,
      ppid: box.init,
      argv: ['chroot', '/host', 'bash'],
      dev: box.dev,
      owner: 'alice',
      tty: 'pts0',
    })
    scenario.start({ at: 6010, pid: root, ppid: box.init, argv: ['bash'], dev: 'fe:00', owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 7000, ppid: root, argv: ['cat', '/etc/shadow'], dev: 'fe:00', owner: 'alice', tty: 'pts0' })
    expect(wrongNames(scenario)).toBe(0)
    expect(placeOf(scenario.evidence(), 'cat', '/etc/shadow').session).toMatchObject({ user: 'alice', entry: 'attach' })
    expect(placeOf(scenario.evidence(), 'cat', '/etc/shadow').placement?.on_host).toBe(1)
  })

  it('shows an attach that typed nothing as a request of its account', () => {
    const scenario = new Scenario()
    const box = scenario.container('web', ['nginx'])
    scenario.request('alice', box, [], 5000, { kind: 'attach', completedMs: 9000 })
    expect(entriesOf(scenario.evidence())).toEqual([['attach', 'alice', 'proven']])
  })

  it('keeps who looks at the node from a pod in its process namespace with the session that did', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 90_000 })
    const enter = scenario.start({
      at: 6000,
      ppid: shell,
      argv: ['nsenter', '-t', '1', '-m', 'bash'],
      dev: box.dev,
      owner: 'alice',
      tty: 'pts0',
    })
    scenario.start({ at: 6010, pid: enter, ppid: shell, argv: ['bash'], dev: 'fe:00', owner: 'alice', tty: 'pts0' })
    const crictl = scenario.start({
      at: 7000,
      ppid: enter,
      argv: ['crictl', 'exec', box.id.slice(0, 12), 'id'],
      dev: 'fe:00',
      owner: 'alice',
      tty: 'pts0',
    })
    expect(crictl).toBeGreaterThan(0)
    scenario.enter(box, ['id'], 7060, 'alice')
    expect(wrongNames(scenario)).toBe(0)
    expect(['', 'alice']).toContain(placeOf(scenario.evidence(), 'id').session?.user)
  })
})

describe('pods of several containers', () => {
  it('keeps containers, init and ephemeral ones of one pod apart when all run the same words', () => {
    const scenario = new Scenario()
    const boxes = ['app', 'init', 'debugger'].map((name, at) => scenario.container(name, ['sleep', 'infinity'], 1000 + at * 100))
    const [app, init, debug] = boxes
    if (app === undefined || init === undefined || debug === undefined) throw new Error('three')
    scenario.exec('alice', app, ['sh', '-c', 'id'], 5000)
    scenario.exec('bob', init, ['sh', '-c', 'id'], 5002)
    scenario.exec('carol', debug, ['sh', '-c', 'id'], 5004)
    expect(wrongNames(scenario)).toBe(0)
    expect(entriesOf(scenario.evidence())).toEqual([
      ['exec', 'alice', 'matched'],
      ['exec', 'bob', 'matched'],
      ['exec', 'carol', 'matched'],
    ])
  })

  it('names an entry into a container that lives for a moment only, with nothing but its own records', () => {
    const scenario = new Scenario()
    const box = scenario.container('job', ['/job'], 5000)
    scenario.exec('alice', box, ['/tool'], 5100, { lasts: 10 })
    scenario.container('next', ['/job'], 5300)
    expect(entriesOf(scenario.evidence())).toEqual([['exec', 'alice', 'matched']])
  })
})
