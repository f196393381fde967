import { describe, expect, it } from 'vitest'
import { accounts, expectNoWrongName, one, placeOf } from '../testdata/placed.ts'
import type { Scenario } from '../testdata/scenario.ts'
import type { Evidence } from './evidence.ts'
import type { ProcessObservation } from './observation.ts'
import { reconstruct } from './reconstruct.ts'

const without = (scenario: Scenario, lost: (words: string, one: ProcessObservation) => boolean): Evidence =>
  scenario.evidence({
    nodes: new Map([['n1', scenario.observations.filter((record) => !lost(record.exec?.argv.join(' ') ?? '', record))]]),
  })
const isCall = (verb: string) => (words: string) => words.startsWith('runc --root') && words.includes(` ${verb} `)

describe('a call of the runtime that was not recorded', () => {
  it('is known by the process it left in the container, whose working directory is the bundle', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    scenario.start({ at: 6000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const { session } = placeOf(without(scenario, isCall('exec')), 'id')
    expect(session).toMatchObject({ user: 'alice', confidence: 'matched', container: 'app', command_count: 2 })
  })

  it("of a container's beginning opens no entry", () => {
    const { scenario, box } = one(['nginx'])
    scenario.start({ at: 4000, ppid: box.init, argv: ['worker'], dev: box.dev, owner: 'container' })
    const { sessions } = reconstruct(without(scenario, isCall('create')))
    expect(sessions.map(({ entry }) => entry).filter((entry) => entry !== 'container')).toEqual([])
  })

  it('is none where a program of the container only has the name', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('mallory', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    scenario.request('alice', box, ['id'], 6000)
    const cwd = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${box.id}`
    const more = { dev: box.dev, owner: 'mallory', tty: 'pts0' }
    scenario.start({ at: 6010, ppid: shell, argv: ['runc', 'init'], cwd, ...more })
    scenario.start({ at: 6020, ppid: shell, argv: ['id'], ...more })
    expectNoWrongName(scenario)
    expect(placeOf(scenario.evidence(), 'id').session?.user).toBe('mallory')
  })

  it('does not make a command of whoever had the number of the runtime before', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 1000 })
    const runtime = scenario.nextPid()
    scenario.start({ at: 5500, pid: runtime, ppid: shell, argv: ['ls'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.request('bob', box, ['true'], 60_000)
    const cwd = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${box.id}`
    scenario.start({ at: 60_030, ppid: runtime, argv: ['runc', 'init'], dev: 'fe:00', owner: 'host', cwd })
    scenario.start({ at: 60_040, ppid: runtime, argv: ['true'], dev: box.dev, owner: 'bob' })
    expectNoWrongName(scenario)
    expect(placeOf(scenario.evidence(), 'true').session?.user).toBe('bob')
  })
})

describe('a slow start', () => {
  it('is a name where everything of that time has its counterpart', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['id'], 5000, { latency: 4000 })
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: 'alice', confidence: 'matched' })
  })

  it.each([
    ['the end of its request was not recorded', 0, false],
    ['something else of that time has none', 9500, true],
  ])('is none where %s', (_what, completedMs, other) => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['id'], 5000, { completedMs })
    if (other) scenario.exec('carol', box, ['date'], 7000, { recorded: false })
    scenario.enter(box, ['id'], 9000, 'bob')
    const { session } = placeOf(scenario.evidence(), 'id')
    expect(session).toMatchObject({ user: '', confidence: 'ambiguous' })
    expect(accounts(session)).toEqual(['alice'])
  })
})

it('does not take a terminal for that of somebody who may have left, where ends of requests are missing', () => {
  const { scenario, box } = one()
  scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0' })
  scenario.operations.forEach((operation, at) => {
    scenario.operations[at] = { ...operation, completedMs: 0 }
  })
  scenario.request('carol', box, ['true'], 6000, { startedMs: 0 })
  const bob = scenario.exec('bob', box, ['bash'], 20_000, { tty: 'pts0', recorded: false })
  scenario.start({ at: 21_000, ppid: bob, argv: ['id'], dev: box.dev, owner: 'bob', tty: 'pts0' })
  const evidence = without(scenario, (words, { timeMs }) => timeMs > 19_000 && words !== 'id')
  const { session } = placeOf(evidence, 'id')
  expect(session).toMatchObject({ user: '', confidence: 'ambiguous' })
  expect(accounts(session)).toEqual(['alice'])
})

it.each([-60_000, -58_000, 58_000, 60_000, 149_000])('names nobody wrong at the end of what is searched, %d ms off', (skew) => {
  const { scenario, box } = one()
  for (let round = 0; round < 40; round++)
    scenario.exec(['alice', 'bob', 'carol'][round % 3] ?? '', box, ['date'], 300_000 + round * 430, {
      skew,
      latency: 10 + ((round * 61) % 300),
    })
  expectNoWrongName(scenario)
})

it('does not give a child to whoever had its parent’s number when numbers have come round', () => {
  const { scenario, box } = one(['sh', '-c', 'loop'], 1000)
  const shell = scenario.exec('alice', box, ['sh', '-c', 'true; true'], 5000)
  const fork = scenario.start({ at: 5100, ppid: shell, argv: ['true'], dev: box.dev, owner: 'alice' })
  // The container's own subshell gets the number; it starts no program itself.
  for (let at = 6000; scenario.nextPid() !== fork; at += 10)
    scenario.start({ at, ppid: 2, argv: ['cron'], dev: 'fe:00', owner: 'host' })
  scenario.start({ at: 40_000, ppid: fork, argv: ['sleep', '2'], dev: box.dev, owner: 'container' })
  expectNoWrongName(scenario)
})
