import { describe, expect, it } from 'vitest'
import { type Box, Scenario } from '../testdata/scenario.ts'
import type { Evidence, SessionDraft } from './evidence.ts'
import { reconstruct } from './reconstruct.ts'

/** The session a command was placed in. */
function sessionOf(evidence: Evidence, argv: readonly string[]): SessionDraft | undefined {
  const result = reconstruct(evidence)
  const observed = [...evidence.nodes.values()]
    .flat()
    .filter(({ exec }) => exec !== null && exec.argv.join(' ') === argv.join(' '))
  const ids = new Set(observed.map(({ eventId }) => eventId))
  const placement = result.placements.find(({ event_id }) => ids.has(event_id))
  return result.sessions.find(({ trace_id }) => trace_id === placement?.trace_id)
}

function placedAs(evidence: Evidence, argv: readonly string[]): string | undefined {
  const observed = [...evidence.nodes.values()].flat().find(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  return reconstruct(evidence).placements.find(({ event_id }) => event_id === observed?.eventId)?.placed
}

const users = (session: SessionDraft | undefined): string[] =>
  (JSON.parse(session?.candidates ?? '[]') as { user: string }[]).map(({ user }) => user).sort()

describe('pairing', () => {
  it('names the only account whose request fits', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    scenario.start({ at: 6000, ppid: shell, argv: ['rm', 'a.txt'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const session = sessionOf(scenario.evidence(), ['rm', 'a.txt'])
    expect(session).toMatchObject({
      user: 'alice',
      confidence: 'matched',
      entry: 'exec',
      pod: 'pod-app',
      command_count: 2,
      audit_ids: ['audit-0'],
    })
  })

  it('names nobody, and both, when two accounts do the same at the same moment', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['date'], 5000)
    scenario.exec('bob', box, ['date'], 5010)
    const session = sessionOf(scenario.evidence(), ['date'])
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous', audit_ids: [] })
    expect(users(session)).toEqual(['alice', 'bob'])
  })

  it('names the account, and all its requests, when one account does the same twice at once', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['date'], 5000)
    scenario.exec('alice', box, ['date'], 5005)
    expect(sessionOf(scenario.evidence(), ['date'])).toMatchObject({
      user: 'alice',
      confidence: 'matched',
      audit_ids: ['audit-0', 'audit-1'],
    })
  })

  it('tells terminals apart by the order of request and start', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    const first = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 4000 })
    const second = scenario.exec('bob', box, ['bash'], 5200, { tty: 'pts1', lasts: 4000 })
    scenario.start({ at: 6000, ppid: first, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 6001, ppid: second, argv: ['ls'], dev: box.dev, owner: 'bob', tty: 'pts1' })
    expect(sessionOf(scenario.evidence(), ['id'])?.user).toBe('alice')
    expect(sessionOf(scenario.evidence(), ['ls'])?.user).toBe('bob')
  })

  it('does not name the one whose request is there for a program that may be of one whose request is lost', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['date'], 5000, { recorded: false })
    scenario.exec('bob', box, ['date'], 5005)
    const session = sessionOf(scenario.evidence(), ['date'])
    expect(session?.user).toBe('')
    expect(session?.confidence).not.toBe('matched')
  })

  it('allows for clocks that differ', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    for (let round = 0; round < 6; round++)
      scenario.exec('alice', box, ['echo', String(round)], 20_000 + round * 15_000, { skew: -1400 })
    expect(sessionOf(scenario.evidence(), ['echo', '3'])).toMatchObject({ user: 'alice', confidence: 'matched' })
  })

  it('accepts a slow start when nothing else explains it', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['date'], 5000, { latency: 4000 })
    const session = sessionOf(scenario.evidence(), ['date'])
    expect(session).toMatchObject({ user: 'alice', confidence: 'matched' })
    expect(session?.reasons).toContain('a slow start')
  })

  it("carries the account's further attributes to the session", () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.request('alice', box, ['id'], 5000, { userExtra: '{"aliuid":["1001"]}' })
    scenario.enter(box, ['id'], 5020, 'alice')
    expect(sessionOf(scenario.evidence(), ['id'])?.user_extra).toBe('{"aliuid":["1001"]}')
  })

  it('keeps the account that authenticated when it acts as another', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.request('bob', box, ['id'], 5000, { impersonatedUser: 'alice' })
    scenario.enter(box, ['id'], 5020, 'bob')
    expect(sessionOf(scenario.evidence(), ['id'])).toMatchObject({ user: 'bob', impersonated_user: 'alice' })
  })
})

describe('entries that nobody asked the API for', () => {
  const box = (scenario: Scenario): Box =>
    scenario.container('app', ['sleep', 'infinity'], 1000, { probes: [['cat', '/ok']], hooks: [['sh', '-c', 'warm']] })

  it('stands out where nothing explains it', () => {
    const scenario = new Scenario()
    scenario.enter(box(scenario), ['sh'], 5000, 'node')
    expect(sessionOf(scenario.evidence(), ['sh'])).toMatchObject({ entry: 'unrecorded', confidence: 'none', user: '', risk: 3 })
  })

  it('does not shout where no API audit covers the moment', () => {
    const scenario = new Scenario()
    scenario.enter(box(scenario), ['sh'], 5000, 'node')
    const session = sessionOf(scenario.evidence({ apiCoverage: null }), ['sh'])
    expect(session).toMatchObject({ entry: 'exec', confidence: 'none' })
    expect(session?.reasons[0]).toContain('no API audit covers')
  })

  it('knows probes and hooks by the pod specification', () => {
    const scenario = new Scenario()
    const app = box(scenario)
    scenario.enter(app, ['cat', '/ok'], 5000, 'probe')
    scenario.enter(app, ['sh', '-c', 'warm'], 6000, 'probe')
    expect(sessionOf(scenario.evidence(), ['cat', '/ok'])?.entry).toBe('probe')
    expect(sessionOf(scenario.evidence(), ['sh', '-c', 'warm'])?.entry).toBe('hook')
  })

  it('leaves it open who ran it when a person runs a probe at the moment of the probe', () => {
    const scenario = new Scenario()
    const app = box(scenario)
    scenario.enter(app, ['cat', '/ok'], 5010, 'probe')
    scenario.exec('alice', app, ['cat', '/ok'], 5000)
    const result = reconstruct(scenario.evidence())
    const exec = result.sessions.filter(({ command }) => command.join(' ') === 'cat /ok')
    expect(exec.map(({ confidence }) => confidence)).toEqual(['ambiguous', 'ambiguous'])
  })

  it('takes what repeats without request for a probe where the pod is not known', () => {
    const scenario = new Scenario()
    const app = scenario.container('app', ['sleep', 'infinity'], 1000, { known: false })
    for (let round = 0; round < 6; round++) scenario.enter(app, ['cat', '/ok'], 5000 + round * 2000, 'probe')
    expect(sessionOf(scenario.evidence(), ['cat', '/ok'])?.entry).toBe('probe')
  })

  it('names the client on the node and its login', () => {
    const scenario = new Scenario()
    const app = box(scenario)
    scenario.start({
      at: 4990,
      ppid: 77,
      argv: ['ctr', '-n', 'k8s.io', 'tasks', 'exec', '--exec-id', 'adm1', app.id, 'cat', '/x'],
      dev: 'fe:00',
      owner: 'host',
      auid: 1001,
    })
    scenario.enter(app, ['cat', '/x'], 5000, 'node', { execId: 'adm1' })
    const session = sessionOf(scenario.evidence(), ['cat', '/x'])
    expect(session).toMatchObject({ entry: 'node-local', confidence: 'none' })
    expect(session?.reasons[0]).toContain('login uid 1001')
  })
})

describe('requests that no process answers', () => {
  it.each([
    ['denied', { status: 403 }, 'denied'],
    ['no such container', { status: 400 }, 'refused'],
    ['missing binary', { status: 101 }, 'no-process'],
    ['port-forward', { kind: 'portforward' as const, command: [] }, 'started'],
  ])('%s', (_name, more, outcome) => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.request('mallory', box, ['/opt/missing'], 5000, more)
    scenario.start({ at: 9000, ppid: 1, argv: ['cron'], dev: 'fe:00', owner: 'host' })
    const { sessions, entries } = reconstruct(scenario.evidence())
    const session = sessions.find(({ user }) => user === 'mallory')
    expect(session).toMatchObject({ outcome, confidence: 'proven', command_count: 0 })
    expect(entries[0]?.trace_id).toBe(session?.trace_id)
  })
})

describe('processes without a known parent', () => {
  it('places a subshell by its terminal', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 4000 })
    scenario.exec('bob', box, ['bash'], 5500, { tty: 'pts1', lasts: 4000 })
    scenario.start({ at: 6000, ppid: scenario.nextPid(), argv: ['ls', '/srv'], dev: box.dev, owner: 'bob', tty: 'pts1' })
    expect(sessionOf(scenario.evidence(), ['ls', '/srv'])?.user).toBe('bob')
    expect(placedAs(scenario.evidence(), ['ls', '/srv'])).toBe('terminal')
  })

  it('places what a wrapper runs on a terminal of its own', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 4000 })
    scenario.exec('bob', box, ['bash'], 5500, { tty: 'pts1', lasts: 4000 })
    scenario.start({ at: 6000, ppid: shell, argv: ['sudo', '-n', 'id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 6020, ppid: scenario.nextPid(), argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts2' })
    expect(sessionOf(scenario.evidence(), ['id'])?.user).toBe('alice')
  })

  it('follows a daemon that outlives its session', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['sh', '-c', '(sleep 2; uname -r) &'], 5000, { lasts: 30 })
    const subshell = scenario.nextPid()
    scenario.start({ at: 5060, ppid: subshell, argv: ['sleep', '2'], dev: box.dev, owner: 'alice' })
    scenario.start({ at: 9060, ppid: subshell, argv: ['uname', '-r'], dev: box.dev, owner: 'alice' })
    expect(sessionOf(scenario.evidence(), ['uname', '-r'])?.user).toBe('alice')
  })

  it("never names a visitor for what the container's own worker may have started", () => {
    const scenario = new Scenario()
    const box = scenario.container('db', ['postgres'])
    scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    scenario.start({ at: 6000, ppid: scenario.nextPid(), argv: ['sh', '-c', 'archive'], dev: box.dev, owner: 'container' })
    const session = sessionOf(scenario.evidence(), ['sh', '-c', 'archive'])
    expect(session?.user).toBe('')
    expect(session?.confidence).toBe('ambiguous')
    expect(users(session)).toEqual(['alice'])
  })

  it("leaves the container's own children to the container", () => {
    const scenario = new Scenario()
    const box = scenario.container('web', ['sh', '-c', 'while true; do date; sleep 1; done'])
    scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    scenario.start({ at: 6000, ppid: box.init, argv: ['sleep', '1'], dev: box.dev, owner: 'container' })
    expect(sessionOf(scenario.evidence(), ['sleep', '1'])?.entry).toBe('container')
  })

  it('takes the last command of a shell that becomes it for what it is', () => {
    const scenario = new Scenario()
    const box = scenario.container('web', ['sh', '-c', 'echo ok; sleep 9'])
    scenario.enter(box, ['cat', '/ok'], 2000, 'probe')
    scenario.start({ at: 2005, ppid: box.shim, pid: box.init, argv: ['sleep', '9'], dev: box.dev, owner: 'container' })
    expect(sessionOf(scenario.evidence(), ['sleep', '9'])?.entry).toBe('container')
  })
})

describe('leaving the container', () => {
  it('keeps commands on the node with the session that started them', () => {
    const scenario = new Scenario()
    const box = scenario.container('debug', ['sleep', 'infinity'])
    const shell = scenario.exec('mallory', box, ['bash'], 5000, { tty: 'pts0', lasts: 4000 })
    const escaped = scenario.start({
      at: 6000,
      ppid: shell,
      argv: ['chroot', '/host', 'sh'],
      dev: box.dev,
      owner: 'mallory',
      tty: 'pts0',
    })
    scenario.start({ at: 6010, ppid: box.shim, pid: escaped, argv: ['sh'], dev: 'fe:00', owner: 'mallory', tty: 'pts0' })
    scenario.start({ at: 6500, ppid: escaped, argv: ['cat', '/etc/machine-id'], dev: 'fe:00', owner: 'mallory', tty: 'pts0' })
    const result = reconstruct(scenario.evidence())
    const session = sessionOf(scenario.evidence(), ['cat', '/etc/machine-id'])
    expect(session).toMatchObject({ user: 'mallory', risk: 4 })
    expect(result.placements.filter(({ trace_id, on_host }) => trace_id === session?.trace_id && on_host === 1)).toHaveLength(2)
  })
})

describe('attach and debug', () => {
  it("names who was attached to a container's shell", () => {
    const scenario = new Scenario()
    const box = scenario.container('console', ['bash'], 1000, { tty: true })
    scenario.request('alice', box, [], 5000, { kind: 'attach', tty: true, completedMs: 9000 })
    scenario.start({ at: 6000, ppid: box.init, argv: ['whoami'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 9900, ppid: box.init, argv: ['hostname'], dev: box.dev, owner: 'container', tty: 'pts0' })
    expect(sessionOf(scenario.evidence(), ['whoami'])).toMatchObject({ entry: 'attach', user: 'alice', confidence: 'matched' })
    expect(sessionOf(scenario.evidence(), ['hostname'])?.entry).toBe('container')
  })

  it('does not blame a visitor for a program that runs by itself', () => {
    const scenario = new Scenario()
    const box = scenario.container('loop', ['sh', '-c', 'while true; do date; done'])
    scenario.request('alice', box, [], 5000, { kind: 'attach', completedMs: 9000 })
    scenario.start({ at: 6000, ppid: box.init, argv: ['date'], dev: box.dev, owner: 'container' })
    expect(sessionOf(scenario.evidence(), ['date'])).toMatchObject({ entry: 'attach', user: '', confidence: 'ambiguous' })
  })

  it('gives an ephemeral container to whoever asked for it', () => {
    const scenario = new Scenario()
    const box = scenario.container('dbg', ['sh', '-c', 'id; ls /'], 6000, { ephemeral: true })
    scenario.request('alice', box, [], 5500, { kind: 'ephemeral', container: '', status: 200, ephemeralNames: ['dbg'] })
    scenario.start({ at: 6100, ppid: box.init, argv: ['id'], dev: box.dev, owner: 'alice' })
    expect(sessionOf(scenario.evidence(), ['id'])).toMatchObject({ entry: 'debug', user: 'alice', confidence: 'matched' })
  })
})

describe('degradation', () => {
  it('finds the pod from matching requests when nothing names the container', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'], 1000, { known: false })
    scenario.exec('alice', box, ['id', '-u'], 5000)
    const session = sessionOf(scenario.evidence(), ['id', '-u'])
    expect(session).toMatchObject({ user: 'alice', pod: 'pod-app' })
    expect(session?.reasons.some((reason) => reason.includes('found out from the requests'))).toBe(true)
  })

  it('shows entries without names when only the nodes are audited', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['id'], 5000)
    expect(sessionOf(scenario.evidence({ operations: [], apiCoverage: null }), ['id'])).toMatchObject({
      user: '',
      confidence: 'none',
      pod: 'pod-app',
    })
  })

  it('shows requests without commands when only the API is audited', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'])
    scenario.exec('alice', box, ['id'], 5000)
    const { sessions } = reconstruct(scenario.evidence({ nodes: new Map() }))
    expect(sessions).toMatchObject([{ user: 'alice', confidence: 'proven', outcome: 'unknown', command: ['id'] }])
  })
})

it('is not misled by a pid that was given out again', () => {
  const scenario = new Scenario(9000)
  const box = scenario.container('app', ['sleep', 'infinity'])
  const shell = scenario.exec('alice', box, ['sh', '-c', 'true'], 5000)
  for (let at = 0; at < 9500; at++) scenario.nextPid()
  for (let at = 0; at < 4; at++) scenario.start({ at: 60_000 + at, ppid: 1, argv: ['true'], dev: 'fe:00', owner: 'host' })
  while (scenario.nextPid() < shell - 1);
  const reused = scenario.start({ at: 61_000, ppid: 1, argv: ['cron'], dev: 'fe:00', owner: 'host' })
  scenario.start({ at: 61_001, ppid: reused, argv: ['backup'], dev: 'fe:00', owner: 'host' })
  expect(sessionOf(scenario.evidence(), ['backup'])).toBeUndefined()
})
