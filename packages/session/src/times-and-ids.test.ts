import { describe, expect, it } from 'vitest'
import { expectNoWrongName, one, placeOf, rename } from '../testdata/placed.ts'
import type { Box } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

describe('clocks', () => {
  it.each([-9000, -2000, 2000, 4000, 9000])('names nobody wrong when the node is off by %d ms and nothing tells', (skew) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['date'], 20_000, { skew })
    scenario.exec('bob', box, ['date'], 20_000 + Math.abs(skew), { skew })
    expectNoWrongName(scenario)
  })

  it.each([-9000, -2000, -40, 0, 300, 2000, 30_000])(
    'names everybody when other commands tell that the node is off by %d ms',
    (skew) => {
      const { scenario, box } = one()
      for (let round = 0; round < 5; round++)
        scenario.exec('carol', box, ['echo', String(round)], 100_000 + round * 20_000, { skew })
      scenario.exec('alice', box, ['date'], 250_000, { skew })
      scenario.exec('bob', box, ['date'], 252_000, { skew })
      expectNoWrongName(scenario)
      const named = reconstruct(scenario.evidence()).sessions.filter(
        ({ entry, confidence }) => entry === 'exec' && confidence === 'matched',
      )
      expect(named.map(({ user }) => user).sort()).toEqual(['alice', 'bob', 'carol', 'carol', 'carol', 'carol', 'carol'])
    },
  )

  it('follows a clock that drifts by a second in an hour and is then set right', () => {
    const { scenario, box } = one()
    const people = ['alice', 'bob', 'carol']
    for (let step = 0; step < 240; step++) {
      const skew = step < 200 ? step * 8 : 0
      scenario.exec(people[step % 3] ?? '', box, step % 4 === 0 ? ['date'] : ['echo', String(step)], 100_000 + step * 30_000, {
        skew,
      })
    }
    expectNoWrongName(scenario)
    const { sessions } = reconstruct(scenario.evidence())
    expect(sessions.filter(({ entry, confidence }) => entry === 'exec' && confidence === 'matched').length).toBeGreaterThan(180)
  })

  it('does not blame whoever came steadily at the distance by which the clock is wrong', () => {
    const { scenario, box } = one()
    for (let round = 0; round < 10; round++)
      scenario.exec(round % 2 === 0 ? 'alice' : 'bob', box, ['date'], 100_000 + round * 12_000, { skew: 11_000 })
    expectNoWrongName(scenario)
  })
})

describe('process ids that are given out again', () => {
  it("opens an exec whose first program has the number of an earlier one's", () => {
    const { scenario, box } = one(['sleep', 'infinity'], 700)
    const probe = scenario.enter(box, ['cat', '/ok'], 5000, 'probe', { detached: true })
    while (scenario.nextPid() !== probe - 3);
    scenario.request('alice', box, ['bash'], 60_000)
    const shell = scenario.enter(box, ['bash'], 60_020, 'alice', { detached: true })
    expect(shell).toBe(probe)
    scenario.start({ at: 61_000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice' })
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: 'alice', confidence: 'matched' })
  })

  it("does not put a program of the node into a session because of a dead command's number", () => {
    const { scenario, box } = one()
    const shell = scenario.exec('alice', box, ['bash'], 5000)
    const dead = scenario.start({ at: 5500, ppid: shell, argv: ['ls'], dev: box.dev, owner: 'alice' })
    scenario.start({ at: 90_000, pid: dead, ppid: 1, argv: ['cron'], dev: 'fe:00', owner: 'host' })
    scenario.start({ at: 90_010, ppid: dead, argv: ['logrotate'], dev: 'fe:00', owner: 'host' })
    expect(placeOf(scenario.evidence(), 'logrotate').session).toBeUndefined()
  })

  it('does not give a fork from before to whoever gets its number later', () => {
    const { scenario, box } = one(['postgres'])
    const fork = scenario.nextPid()
    scenario.start({ at: 3000, ppid: fork, argv: ['archive'], dev: box.dev, owner: 'container' })
    const shell = scenario.exec('alice', box, ['bash'], 5000)
    scenario.start({ at: 6000, pid: fork, ppid: shell, argv: ['ls'], dev: box.dev, owner: 'alice' })
    expect(placeOf(scenario.evidence(), 'archive').session?.user).toBe('')
    expect(placeOf(scenario.evidence(), 'ls').session?.user).toBe('alice')
    expectNoWrongName(scenario)
  })

  it('does not take a child of a shell for the program of a call whose number the shell has got', () => {
    const { scenario, box } = one()
    const other = scenario.container('other', ['sleep', 'infinity'])
    // A missing binary: the runtime's call never gets a program.
    const runtime = scenario.start({
      at: 5000,
      ppid: other.shim,
      argv: ['runc', 'exec', '--process', '/tmp/p', '--detach', '--pid-file', '/run/e9.pid', other.id],
      dev: 'fe:00',
      owner: 'host',
    })
    const shell = scenario.exec('alice', box, ['bash'], 6000)
    scenario.start({ at: 6500, pid: runtime, ppid: shell, argv: ['sh'], dev: box.dev, owner: 'alice' })
    scenario.start({ at: 6600, ppid: runtime, argv: ['id'], dev: box.dev, owner: 'alice' })
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: 'alice', container: 'app' })
  })
})

describe('two at once', () => {
  it('names neither of two people who act through one account', () => {
    const { scenario, box } = one()
    scenario.request('proxy', box, ['date'], 5000, { impersonatedUser: 'alice', tty: false })
    scenario.enter(box, ['date'], 5020, 'alice')
    scenario.request('proxy', box, ['date'], 5005, { impersonatedUser: 'bob', tty: false })
    scenario.enter(box, ['date'], 5025, 'bob')
    for (const { user, impersonated_user, confidence } of reconstruct(scenario.evidence()).sessions.filter(
      ({ entry }) => entry === 'exec',
    ))
      expect({ user, impersonated_user, confidence }).toEqual({ user: '', impersonated_user: '', confidence: 'ambiguous' })
  })

  it('says only what the requests of one account agree on', () => {
    const { scenario, box } = one()
    scenario.request('system:serviceaccount:ci:bot', box, ['date'], 5000, {
      sourceIp: '10.0.0.1',
      userAgent: 'a',
      userExtra: '{"pod":["x"]}',
    })
    scenario.enter(box, ['date'], 5020, 'system:serviceaccount:ci:bot')
    scenario.request('system:serviceaccount:ci:bot', box, ['date'], 5005, {
      sourceIp: '10.0.0.2',
      userAgent: 'a',
      userExtra: '{"pod":["y"]}',
    })
    scenario.enter(box, ['date'], 5025, 'system:serviceaccount:ci:bot')
    const { sessions } = reconstruct(scenario.evidence())
    for (const session of sessions.filter(({ entry }) => entry === 'exec'))
      expect(session).toMatchObject({ user: 'system:serviceaccount:ci:bot', source_ip: '', user_agent: 'a', user_extra: '' })
  })

  it('names twins of the same second in one container by their terminals, whatever the order of the records', () => {
    const { scenario, box } = one()
    const first = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    const second = scenario.exec('bob', box, ['bash'], 5400, { tty: 'pts1', lasts: 9000 })
    scenario.start({ at: 6000, ppid: first, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 6000, ppid: second, argv: ['ls'], dev: box.dev, owner: 'bob', tty: 'pts1' })
    expectNoWrongName(scenario)
    expect(placeOf(scenario.evidence(), 'ls').session?.user).toBe('bob')
  })

  it('does not name who asked for the default container when another container was entered', () => {
    const { scenario, box } = one()
    const pod = scenario.pods[0]
    const [spec] = pod?.containers ?? []
    if (pod === undefined || spec === undefined) throw new Error('no pod')
    const side = scenario.container('side', ['sleep', 'infinity'])
    scenario.pods.length = 0
    scenario.pods.push({ ...pod, containers: [...pod.containers, { ...spec, name: 'side', containerId: side.id }] })
    rename(scenario, 'side', { pod: box.pod, podUid: pod.podUid })
    scenario.request('alice', box, ['sh'], 5000, { container: '' })
    scenario.enter(side, ['sh'], 5020, 'node')
    expect(placeOf(scenario.evidence(), 'sh').session?.user).toBe('')
  })
})

describe('a container that was started again', () => {
  it('keeps the two lives of a name apart', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 2000 })
    const again = scenario.container('again', ['sleep', 'infinity'], 20_000)
    rename(scenario, 'again', { name: 'app', pod: box.pod, podUid: 'uid-app' })
    const life: Box = { ...again, name: 'app', pod: box.pod }
    const shell = scenario.exec('bob', life, ['bash'], 25_000, { tty: 'pts0', lasts: 9000 })
    scenario.start({ at: 26_000, ppid: shell, argv: ['id'], dev: life.dev, owner: 'bob', tty: 'pts0' })
    expectNoWrongName(scenario)
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: 'bob', container_id: again.id })
  })
})
