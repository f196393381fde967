import { describe, expect, it } from 'vitest'
import { sessionOf } from '../testdata/placed.ts'
import { type Box, Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

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
