import { describe, expect, it } from 'vitest'
import { accounts, expectNoWrongName, one, placeOf } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import type { Evidence } from './evidence.ts'

describe('stages of requests', () => {
  it.each([
    ['only ResponseStarted', { startedMs: 5010, completedMs: 0 }],
    ['only ResponseComplete', { startedMs: 0, completedMs: 5200 }],
    ['neither, and no answer', { startedMs: 0, completedMs: 0, status: 0 }],
  ])('names with %s', (_name, more) => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['id'], 5000, more)
    scenario.enter(box, ['id'], 5020, 'alice')
    expect(placeOf(scenario.evidence(), 'id').session?.user).toBe('alice')
  })

  it('does not name who attached once and may have left, when events of the API log are missing', () => {
    const scenario = new Scenario()
    const box = scenario.container('console', ['bash'], 1000, { tty: true })
    scenario.request('bob', box, [], 5000, { kind: 'attach', tty: true, completedMs: 0 })
    scenario.request('carol', box, ['true'], 8000, { startedMs: 0, completedMs: 8100 })
    scenario.start({ at: 600_000, ppid: box.init, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const { session } = placeOf(scenario.evidence(), 'id')
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous', entry: 'attach' })
    expect(accounts(session)).toEqual(['bob'])
  })
})

describe('records that begin in the middle, or miss a part', () => {
  /** Evidence without what a condition finds among the node's records. */
  const without = (scenario: Scenario, lost: (argv: readonly string[], timeMs: number) => boolean): Evidence =>
    scenario.evidence({
      nodes: new Map([['n1', scenario.observations.filter(({ exec, timeMs }) => !lost(exec?.argv ?? [], timeMs))]]),
    })

  it('gives what is typed to a candidate, not to the container, when the shell was opened before the records began', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 90_000 })
    scenario.start({ at: 40_000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const { session } = placeOf(
      without(scenario, (_argv, timeMs) => timeMs > 4000 && timeMs < 30_000),
      'id',
    )
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous', entry: 'exec' })
    expect(accounts(session)).toEqual(['alice'])
  })

  it('shows what somebody types whom neither side recorded', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', recorded: false })
    scenario.start({ at: 40_000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const { session } = placeOf(
      without(scenario, (_argv, timeMs) => timeMs > 4000 && timeMs < 30_000),
      'id',
    )
    expect(session).toMatchObject({ user: '', confidence: 'none', entry: 'unrecorded', container: 'app', risk: 3 })
  })

  it('does not name whose terminal it was when the next one has got its number and its shell was not seen', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 90_000 })
    const alices = scenario.operations[0]
    if (alices !== undefined) scenario.operations[0] = { ...alices, completedMs: 0 }
    const second = scenario.exec('bob', box, ['bash'], 20_000, { tty: 'pts0', lasts: 90_000 })
    scenario.start({ at: 40_000, ppid: second, argv: ['id'], dev: box.dev, owner: 'bob', tty: 'pts0' })
    const evidence = without(scenario, (argv, timeMs) => timeMs > 19_000 && argv.join(' ') !== 'id')
    const { session } = placeOf(evidence, 'id')
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous' })
    expect(accounts(session)).toEqual(['alice', 'bob'])
    expectNoWrongName(scenario, evidence)
  })

  it('says so where records of the node are missing, and does not go by order there', () => {
    const { scenario, box } = one()
    for (let round = 0; round < 5; round++) scenario.exec('carol', box, ['echo', String(round)], 100_000 + round * 20_000)
    scenario.exec('alice', box, ['date'], 250_000, { latency: 1600 })
    scenario.exec('bob', box, ['date'], 251_590)
    const evidence = {
      ...without(scenario, (_argv, timeMs) => timeMs > 251_628),
      losses: new Map([['n1', [{ fromMs: 251_000, toMs: 252_000 }]]]),
    }
    expectNoWrongName(scenario, evidence)
    const { session } = placeOf(evidence, 'date')
    expect(session?.confidence).toBe('ambiguous')
    expect(session?.reasons.join()).toContain('records of this node are missing')
    expect(accounts(session)).toEqual(['alice', 'bob'])
  })

  it("does not hide an exec whose runtime's call was not recorded", () => {
    const { scenario, box } = one()
    scenario.start({
      at: 500,
      pid: box.shim,
      ppid: 1,
      argv: ['/usr/bin/containerd-shim-runc-v2', '-id', 'x'],
      dev: 'fe:00',
      owner: 'host',
    })
    scenario.request('alice', box, ['cat', '/etc/shadow'], 5000)
    scenario.enter(box, ['cat', '/etc/shadow'], 5020, 'alice', { detached: true })
    const { session } = placeOf(
      without(scenario, (argv, timeMs) => timeMs >= 5000 && argv[0] === 'runc'),
      'cat',
      '/etc/shadow',
    )
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous', container: 'app' })
    expect(accounts(session)).toEqual(['alice'])
  })
})

describe('copies', () => {
  it.each([
    [['tar', 'cf', '-', '/var/log']],
    [['tar', '-xmf', '-', '-C', '/tmp']],
    [['tar', '--no-same-permissions', '--no-same-owner', '-xmf', '-', '-C', '/tmp']],
  ])('knows kubectl cp by %j', (argv) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, argv, 5000)
    expect(placeOf(scenario.evidence(), ...argv).session).toMatchObject({ entry: 'cp', user: 'alice' })
  })
})
