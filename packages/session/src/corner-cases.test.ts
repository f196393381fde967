import { describe, expect, it } from 'vitest'
import { type Box, Scenario } from '../testdata/scenario.ts'
import type { Evidence, PlacementDraft, SessionDraft } from './evidence.ts'
import type { ContainerFact } from './observation.ts'
import { reconstruct } from './reconstruct.ts'

/** Where a program (the last one with these words) ended up. */
function placeOf(
  evidence: Evidence,
  ...argv: readonly string[]
): { session: SessionDraft | undefined; placement: PlacementDraft | undefined } {
  const result = reconstruct(evidence)
  const observed = [...evidence.nodes.values()].flat().filter(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  const placement = result.placements.find(({ event_id }) => event_id === observed.at(-1)?.eventId)
  return { session: result.sessions.find(({ trace_id }) => trace_id === placement?.trace_id), placement }
}

const accounts = (session: SessionDraft | undefined): string[] =>
  (JSON.parse(session?.candidates ?? '[]') as { user: string }[]).map(({ user }) => user).sort()

/** No session may carry the name of somebody else than who really ran its commands. */
function expectNoWrongName(scenario: Scenario, evidence = scenario.evidence()): void {
  const { sessions, placements } = reconstruct(evidence)
  const byTrace = new Map(sessions.map((session) => [session.trace_id, session]))
  for (const { event_id, trace_id } of placements) {
    const user = byTrace.get(trace_id)?.user ?? ''
    if (user !== '') expect(scenario.owners.get(event_id)).toBe(user)
  }
}

function one(argv: readonly string[] = ['sleep', 'infinity'], pidMax?: number): { scenario: Scenario; box: Box } {
  const scenario = new Scenario(pidMax)
  return { scenario, box: scenario.container('app', argv) }
}

/** Gives a container another name or pod. */
function rename({ containers }: Scenario, name: string, more: Partial<ContainerFact>): void {
  containers.forEach((fact, at) => {
    if (fact.name === name) containers[at] = { ...fact, ...more }
  })
}

describe('scripts', () => {
  it('knows a script by its path though the kernel shows its interpreter', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['/app/backup.sh', 'now'], 5000)
    scenario.enter(box, ['/bin/sh', '/app/backup.sh', 'now'], 5020, 'alice', { comm: 'backup.sh' })
    expect(placeOf(scenario.evidence(), '/bin/sh', '/app/backup.sh', 'now').session).toMatchObject({
      user: 'alice',
      confidence: 'matched',
    })
  })

  it('knows a script that was found in PATH, through an interpreter with an argument', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['manage', 'migrate'], 5000)
    scenario.enter(box, ['/usr/bin/env', 'python3', '/usr/local/bin/manage', 'migrate'], 5020, 'alice', { comm: 'manage' })
    expect(placeOf(scenario.evidence(), '/usr/bin/env', 'python3', '/usr/local/bin/manage', 'migrate').session?.user).toBe(
      'alice',
    )
  })

  it('does not take a shell that runs a file for that file', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['/app/backup.sh'], 5000)
    scenario.enter(box, ['sh', '/app/backup.sh'], 5020, 'bob')
    expect(placeOf(scenario.evidence(), 'sh', '/app/backup.sh').session).toMatchObject({ user: '', entry: 'unrecorded' })
  })

  it('takes a probe that is a script for a probe', () => {
    const scenario = new Scenario()
    const box = scenario.container('app', ['sleep', 'infinity'], 1000, { probes: [['/health.sh']] })
    scenario.enter(box, ['/bin/bash', '-e', '/health.sh'], 5000, 'probe', { comm: 'health.sh' })
    expect(placeOf(scenario.evidence(), '/bin/bash', '-e', '/health.sh').session?.entry).toBe('probe')
  })

  it('sees through what an admission webhook put in front', () => {
    const { scenario, box } = one()
    scenario.request('alice', box, ['id', '-u'], 5000)
    scenario.enter(box, ['env', 'SPO_EXEC_REQUEST_UID=7a', 'id', '-u'], 5020, 'alice')
    expect(placeOf(scenario.evidence(), 'env', 'SPO_EXEC_REQUEST_UID=7a', 'id', '-u').session?.user).toBe('alice')
  })
})

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

describe('ways in without the API', () => {
  it.each([
    ['nsenter that forks', false],
    ['nsenter that becomes the shell', true],
  ])('shows %s as an entry from the node', (_name, becomes) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['bash'], 3000, { lasts: 90_000 })
    const login = scenario.start({ at: 4000, ppid: 1, argv: ['bash'], dev: 'fe:00', owner: 'host', auid: 1001, tty: 'pts7' })
    const nsenter = scenario.start({
      at: 5000,
      ppid: login,
      argv: ['nsenter', '-t', '77', '-m', '-p', 'sh'],
      dev: 'fe:00',
      owner: 'host',
      auid: 1001,
      tty: 'pts7',
    })
    const shell = scenario.start({
      at: 5010,
      ppid: becomes ? login : nsenter,
      ...(becomes ? { pid: nsenter } : {}),
      argv: ['sh'],
      dev: box.dev,
      owner: 'node',
      auid: 1001,
      tty: 'pts7',
    })
    scenario.start({ at: 6000, ppid: shell, argv: ['cat', '/etc/passwd'], dev: box.dev, owner: 'node', auid: 1001, tty: 'pts7' })
    const { session } = placeOf(scenario.evidence(), 'cat', '/etc/passwd')
    expect(session).toMatchObject({
      entry: 'node-local',
      confidence: 'none',
      user: '',
      container: 'app',
      risk: 3,
      command_count: 2,
    })
    expect(session?.reasons[0]).toContain('nsenter on the node by login uid 1001')
  })

  it.each([[['k3s', 'crictl', 'exec', '-it', 'ID', 'sh']], [['docker', 'exec', '-it', 'NAME', 'sh']]])(
    'knows the client in %j',
    (words) => {
      const { scenario, box } = one()
      const argv = words.map((word) =>
        word === 'ID' ? box.id.slice(0, 13) : word === 'NAME' ? `k8s_app_${box.pod}_shop_uid-app_0` : word,
      )
      scenario.start({ at: 4990, ppid: 77, argv, dev: 'fe:00', owner: 'host', auid: 1001 })
      scenario.enter(box, ['sh'], 5000, 'node', { tty: 'pts0' })
      expect(placeOf(scenario.evidence(), 'sh').session).toMatchObject({ entry: 'node-local', user: '' })
    },
  )

  it('keeps commands of a session that wears the name of a container runtime', () => {
    const { scenario, box } = one()
    const shell = scenario.exec('mallory', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000 })
    const fake = scenario.start({
      at: 6000,
      ppid: shell,
      argv: ['/tmp/runc', 'exec', 'x', 'y'],
      dev: box.dev,
      owner: 'mallory',
      tty: 'pts0',
    })
    scenario.start({ at: 6100, ppid: fake, argv: ['cat', '/etc/shadow'], dev: box.dev, owner: 'mallory', tty: 'pts0' })
    expect(placeOf(scenario.evidence(), '/tmp/runc', 'exec', 'x', 'y').session?.user).toBe('mallory')
    expect(placeOf(scenario.evidence(), 'cat', '/etc/shadow').session?.user).toBe('mallory')
  })
})

describe('other runtimes', () => {
  it.each([
    [
      'crun under conmon',
      [
        '/usr/bin/crun',
        '--systemd-cgroup',
        '--root=/run/crun',
        'exec',
        '--process',
        '/tmp/exec-process-1',
        '--console-socket',
        '/tmp/conmon.sock',
        '-d',
        '--pid-file',
        '/run/e1.pid',
      ],
    ],
    [
      'runc under conmon',
      [
        '/usr/bin/runc',
        '--root=/run/runc',
        'exec',
        '--pid-file',
        '/run/e1.pid',
        '-d',
        '--console-socket',
        '/tmp/s',
        '--process',
        '/tmp/p',
      ],
    ],
    [
      'docker',
      [
        'runc',
        '--root',
        '/var/run/docker/runtime-runc/moby',
        '--log',
        '/l',
        'exec',
        '--process',
        '/tmp/p',
        '--console-socket',
        '/tmp/s',
        '--detach',
        '--pid-file',
        '/run/e1.pid',
      ],
    ],
    [
      'k3s',
      [
        '/var/lib/rancher/k3s/data/ab12/bin/runc',
        '--root',
        '/run/containerd/runc/k8s.io',
        'exec',
        '--process',
        '/tmp/p',
        '--console-socket',
        '/tmp/s',
        '--detach',
        '--pid-file',
        '/run/e1.pid',
      ],
    ],
  ])('follows %s', (_name, call) => {
    const { scenario, box } = one()
    const conmon = scenario.start({
      at: 4990,
      ppid: 1,
      argv: ['/usr/bin/conmon', '-b', '/run/c', '-c', box.id, '--exec-process-spec', '/tmp/p', '-e'],
      dev: 'fe:00',
      owner: 'host',
    })
    const parent = call[0]?.includes('crun') || _name.includes('conmon') ? conmon : box.shim
    scenario.request('alice', box, ['bash'], 4980, { tty: true, completedMs: 9000 })
    scenario.start({ at: 5000, ppid: parent, argv: [...call, box.id], dev: 'fe:00', owner: 'host' })
    const shell = scenario.start({ at: 5030, ppid: parent, argv: ['bash'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    scenario.start({ at: 6000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    expect(placeOf(scenario.evidence(), 'id').session).toMatchObject({ user: 'alice', confidence: 'matched', command_count: 2 })
  })

  it('follows a wrapper that becomes the runtime, and leaves no call open', () => {
    const { scenario, box } = one()
    const call = ['exec', '--process', '/tmp/p', '--detach', '--pid-file', '/run/e1.pid', box.id]
    scenario.request('alice', box, ['id'], 4990)
    const runtime = scenario.start({
      at: 5000,
      ppid: box.shim,
      argv: ['/usr/bin/nvidia-container-runtime', ...call],
      dev: 'fe:00',
      owner: 'host',
    })
    scenario.start({ at: 5004, pid: runtime, ppid: box.shim, argv: ['/usr/bin/runc', ...call], dev: 'fe:00', owner: 'host' })
    scenario.start({ at: 5010, ppid: runtime, argv: ['runc', 'init'], dev: 'fe:00', owner: 'host', comm: 'exe' })
    scenario.start({ at: 5030, ppid: runtime, argv: ['id'], dev: box.dev, owner: 'alice' })
    scenario.start({ at: 9000, ppid: box.shim, argv: ['orphan'], dev: box.dev, owner: 'container' })
    const { sessions } = reconstruct(scenario.evidence())
    expect(
      sessions.filter(({ entry }) => entry === 'exec' || entry === 'unrecorded').map(({ user, command }) => [user, command]),
    ).toEqual([['alice', ['id']]])
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
