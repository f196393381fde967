import { describe, expect, it } from 'vitest'
import { accounts, placedAs, sessionOf } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

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
    expect(accounts(session)).toEqual(['alice'])
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
