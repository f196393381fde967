import type { ContainerFact, ContainerOperation, Evidence, PodFact, ProcessObservation } from '../src/index.ts'

/** Makes the records a node and an API server would leave, with the truth beside them. */
export class Scenario {
  readonly observations: ProcessObservation[] = []
  readonly operations: ContainerOperation[] = []
  readonly containers: ContainerFact[] = []
  readonly pods: PodFact[] = []
  /** Who really ran each command, by event id: an account, `container`, `probe`, `host` or `node`. */
  readonly owners = new Map<string, string>()
  readonly #boxes = new Map<string, Box>()
  #serial = 1000
  #pid = 5000
  readonly pidMax: number

  constructor(pidMax = 4_194_304) {
    this.pidMax = pidMax
  }

  nextPid(): number {
    this.#pid = this.#pid + 1 > this.pidMax ? 300 : this.#pid + 1
    return this.#pid
  }

  /** A container with its shim; `argv` is its own program, started at `at`. */
  container(name: string, argv: readonly string[], at = 1000, more: { probes?: string[][]; hooks?: string[][]; tty?: boolean; known?: boolean; ephemeral?: boolean; shim?: number; runtimeDev?: string } = {}): Box {
    const id = hex64(name)
    const shim = more.shim ?? this.nextPid()
    const runtimeDev = more.runtimeDev ?? 'fe:00'
    const box: Box = { name, pod: `pod-${name}`, id, shim, dev: `00:${(0x40 + this.#boxes.size).toString(16)}`, init: 0 }
    this.#boxes.set(name, box)
    const place = { namespace: 'shop', pod: box.pod, podUid: `uid-${name}` }
    if (more.known !== false) {
      this.containers.push({ containerId: id, node: 'n1', ...place, name, image: 'img', sandbox: false, labels: {}, args: argv, initPid: 0, createdMs: at })
      this.pods.push({
        ...place,
        node: 'n1',
        hostIp: '10.0.0.1',
        labels: { app: name },
        defaultContainer: name,
        containers: [{ name, image: 'img', containerId: id, ephemeral: more.ephemeral === true, stdin: more.tty === true, probes: more.probes ?? [], hooks: more.hooks ?? [] }],
      })
    }
    const runtime = this.start({ at, ppid: shim, argv: ['runc', '--root', '/run', 'create', '--bundle', '/b', '--pid-file', '/b/init.pid', id], dev: runtimeDev, owner: 'host' })
    this.start({ at: at + 5, ppid: runtime, argv: ['runc', 'init'], dev: runtimeDev, owner: 'host', cwd: bundle(id) })
    box.init = this.start({ at: at + 60, ppid: shim, argv, dev: box.dev, tty: more.tty ? 'pts0' : '', owner: 'container' })
    return box
  }

  /** A program start (execve) or, with `pid`, another one by the same process. */
  start(from: { at: number; ppid: number; argv: readonly string[]; dev: string; owner: string; tty?: string; pid?: number; auid?: number; comm?: string; cwd?: string }): number {
    const pid = from.pid ?? this.nextPid()
    const serial = ++this.#serial
    const auditSerial = `${Math.floor(from.at / 1000)}.${String(from.at % 1000).padStart(3, '0')}:${serial}`
    this.owners.set(auditSerial, from.owner)
    this.observations.push({
      eventId: auditSerial,
      auditSerial,
      timeMs: from.at,
      serial,
      pid,
      ppid: from.ppid,
      uid: 0,
      auid: from.auid ?? 4294967295,
      tty: from.tty ?? '',
      comm: from.comm ?? (from.argv[0] ?? '').split('/').at(-1) ?? '',
      exe: from.argv[0] ?? '',
      exeDev: from.dev,
      exec: { argv: from.argv, cwd: from.cwd ?? '/' },
    })
    return pid
  }

  /** What the node records of an exec: the runtime's call, its init, the program. Returns the program's pid. */
  enter(box: Box, argv: readonly string[], at: number, owner: string, more: { tty?: string; execId?: string; detached?: boolean; skew?: number; comm?: string; runtimeDev?: string } = {}): number {
    const execId = more.execId ?? hex64(`exec-${this.#serial}`)
    const time = at + (more.skew ?? 0)
    const dev = more.runtimeDev ?? 'fe:00'
    const terminal = more.tty === undefined ? [] : ['--console-socket', '/tmp/pty.sock']
    const call = ['runc', '--root', '/run', '--log-format', 'json', 'exec', '--process', '/tmp/p', ...terminal, '--detach', '--pid-file', `/run/${execId}.pid`, box.id]
    const runtime = this.start({ at: time, ppid: box.shim, argv: call, dev, owner: 'host' })
    this.start({ at: time + 8, ppid: runtime, argv: ['runc', 'init'], dev, owner: 'host', comm: 'exe', cwd: bundle(box.id) })
    return this.start({ at: time + 28, ppid: more.detached ? box.shim : runtime, argv, dev: box.dev, owner, tty: more.tty ?? '', ...(more.comm === undefined ? {} : { comm: more.comm }) })
  }

  /** The API side of an exec. */
  request(user: string, box: Box, command: readonly string[], at: number, more: Partial<ContainerOperation> = {}): ContainerOperation {
    const number = this.operations.length
    const operation: ContainerOperation = {
      eventId: `op-${number}`,
      auditId: `audit-${number}`,
      kind: 'exec',
      user,
      groups: ['dev'],
      userExtra: '',
      impersonatedUser: '',
      sourceIp: `10.0.1.${user.length}`,
      userAgent: 'kubectl',
      namespace: 'shop',
      pod: box.pod,
      podUid: '',
      container: box.name,
      command,
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
      status: 101,
      ephemeralNames: [],
      receivedMs: at,
      startedMs: at + 10,
      completedMs: at + 100,
      ...more,
    }
    this.operations.push(operation)
    return operation
  }

  /** A whole exec by a person: request, runtime, program. */
  exec(user: string, box: Box, argv: readonly string[], at: number, more: { tty?: string; latency?: number; lasts?: number; recorded?: boolean; skew?: number; runtimeDev?: string } = {}): number {
    const latency = more.latency ?? 20
    if (more.recorded !== false) this.request(user, box, argv, at, { tty: more.tty !== undefined, stdin: more.tty !== undefined, completedMs: at + latency + 28 + (more.lasts ?? 40) })
    return this.enter(box, argv, at + latency, user, { ...(more.tty === undefined ? {} : { tty: more.tty }), skew: more.skew ?? 0, ...(more.runtimeDev === undefined ? {} : { runtimeDev: more.runtimeDev }) })
  }

  evidence(more: Partial<Evidence> = {}): Evidence {
    return {
      cluster: 'c1',
      nodes: new Map([['n1', this.observations]]),
      containers: this.containers,
      pods: this.pods,
      samples: new Map(),
      operations: this.operations,
      apiCoverage: { fromMs: 0, toMs: 10_000_000 },
      ...more,
    }
  }
}

export interface Box {
  readonly name: string
  readonly pod: string
  readonly id: string
  readonly shim: number
  readonly dev: string
  init: number
}

/** Where the runtime works for a container. Source: containerd, core/runtime/v2, bundle. */
function bundle(containerId: string): string {
  return `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${containerId}/rootfs`
}

function hex64(text: string): string {
  let hash = 0x811c9dc5
  let out = ''
  for (let round = 0; out.length < 64; round++) {
    for (const character of `${text}#${round}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
    out += hash.toString(16).padStart(8, '0')
  }
  return out.slice(0, 64)
}
