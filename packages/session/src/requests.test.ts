import { describe, expect, it } from 'vitest'
import { entriesOf, one, placeOf, wrongNames } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

/** Traces as clusters leave them that are set up in other ways than the recorded one. */

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
