import { describe, expect, it } from 'vitest'
import { accounts, sessionOf } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

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
    expect(accounts(session)).toEqual(['alice', 'bob'])
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
