import { describe, expect, it } from 'vitest'
import { one, placeOf } from '../testdata/placed.ts'
import { Scenario } from '../testdata/scenario.ts'
import { reconstruct } from './reconstruct.ts'

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
