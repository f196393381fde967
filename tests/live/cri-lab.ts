/** A containerd of our own with its real CRI: pods are made through the same calls as a kubelet makes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packImage } from '../../scripts/pack-image.mjs'
import { eventually } from '../agent-lab.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The agent's: tests have no gRPC of their own. */
const requireOfAgent = createRequire(join(ROOT, 'packages/agent/package.json'))
const PROGRAMS = ['/bin/sh', '/bin/sleep', '/usr/bin/id', '/bin/echo', '/bin/cat', '/bin/true', '/usr/bin/mkfifo']
const PAUSE = 'podwitness.test/pause:1'

/** As kubelet gives it. */
export interface PodMade {
  readonly id: string
  readonly uid: string
  readonly config: object
}

export interface ContainerAsked {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly envs?: readonly { readonly key: string; readonly value: string }[]
  readonly mounts?: readonly object[]
  readonly security?: object
}

type Call = (request: object, options: object, done: (error: Error | null, answer: Record<string, unknown>) => void) => void

export class CriLab {
  readonly folder: string
  readonly socket: string
  /** Image of every pod: a few programs of this machine and their libraries. */
  readonly image = PAUSE
  #child: ChildProcess | undefined
  #client: { close(): void } | undefined
  readonly #sandboxes: string[] = []

  constructor(folder: string) {
    this.folder = folder
    this.socket = join(folder, 'containerd.sock')
  }

  async open(): Promise<void> {
    mkdirSync(join(this.folder, 'log'), { recursive: true })
    const config = join(this.folder, 'config.toml')
    writeFileSync(
      config,
      `version = 2
root = "${this.folder}/root"
state = "${this.folder}/state"
[grpc]
  address = "${this.socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${this.folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  restrict_oom_score_adj = true
  disable_tcp_service = true
  stream_server_port = "0"
`,
    )
    this.#child = spawn('containerd', ['--config', config, '--log-level', 'error'], { stdio: 'ignore' })
    await eventually(() => existsSync(this.socket), Boolean)
    await this.#makePause()
    const { credentials, loadPackageDefinition } = requireOfAgent('@grpc/grpc-js')
    const { loadSync } = requireOfAgent('@grpc/proto-loader')
    const proto = join(ROOT, 'tests/live/cri-lab.proto')
    const { runtime } = loadPackageDefinition(loadSync(proto, { keepCase: true, longs: String, defaults: true }))
    this.#client = new runtime.v1.RuntimeService(`unix:${this.socket}`, credentials.createInsecure())
    await eventually(
      () => this.#call('Version', { version: '' }).catch(() => undefined),
      (answer) => answer !== undefined,
    )
  }

  /** Packs a folder and brings it to where CRI finds images. */
  async importImage(folder: string, name: string, config: object): Promise<void> {
    const archive = join(this.folder, `${name.replace(/\W/g, '-')}.tar`)
    await packImage({ folder, archive, name, config })
    execFileSync('ctr', ['-a', this.socket, '-n', 'k8s.io', 'images', 'import', archive], { stdio: 'ignore' })
  }

  /** A sandbox as kubelet asks for one: with its labels, in the node's network. */
  async pod(about: {
    namespace: string
    name: string
    uid: string
    labels?: Readonly<Record<string, string>>
    annotations?: Readonly<Record<string, string>>
    security?: object
  }): Promise<PodMade> {
    const { namespace, name, uid, labels = {}, annotations = {} } = about
    const config = {
      metadata: { name, uid, namespace, attempt: 0 },
      log_directory: join(this.folder, 'log'),
      annotations,
      labels: { ...labels, ...kubeletLabels(namespace, name, uid) },
      linux: {
        cgroup_parent: `/kubepods/besteffort/pod${uid}`,
        security_context: { namespace_options: { network: 2, pid: 1 }, ...about.security },
      },
    }
    const { pod_sandbox_id: id } = await this.#call('RunPodSandbox', { config })
    this.#sandboxes.push(String(id))
    return { id: String(id), uid, config }
  }

  /** A started container of a pod. */
  async container(pod: PodMade, asked: ContainerAsked): Promise<string> {
    const { namespace, name } = (pod.config as { metadata: { namespace: string; name: string } }).metadata
    const config = {
      metadata: { name: asked.name, attempt: 0 },
      image: { image: asked.image ?? PAUSE },
      ...(asked.command === undefined ? {} : { command: asked.command }),
      ...(asked.args === undefined ? {} : { args: asked.args }),
      envs: asked.envs ?? [],
      mounts: asked.mounts ?? [],
      labels: { ...kubeletLabels(namespace, name, pod.uid), 'io.kubernetes.container.name': asked.name },
      log_path: `${asked.name}.log`,
      linux: { security_context: { namespace_options: { network: 2, pid: 1 }, ...asked.security } },
    }
    const request = { pod_sandbox_id: pod.id, config, sandbox_config: pod.config }
    const { container_id: id } = await this.#call('CreateContainer', request)
    await this.#call('StartContainer', { container_id: id })
    return String(id)
  }

  /** Runs a command as `crictl exec -s` does. */
  async exec(container: string, ...cmd: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { stdout, stderr, exit_code } = await this.#call('ExecSync', { container_id: container, cmd, timeout: 20 })
    return { code: Number(exit_code), stdout: String(stdout), stderr: String(stderr) }
  }

  async stop(container: string): Promise<void> {
    await this.#call('StopContainer', { container_id: container, timeout: 5 })
  }

  /** What a container has written. Source: kubelet's log format, CRI. */
  log(name: string): string {
    const path = join(this.folder, 'log', `${name}.log`)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  async close(): Promise<void> {
    for (const id of this.#sandboxes) {
      await this.#call('StopPodSandbox', { pod_sandbox_id: id }).catch(() => {}) // It may be gone.
      await this.#call('RemovePodSandbox', { pod_sandbox_id: id }).catch(() => {})
    }
    this.#client?.close()
    const child = this.#child
    if (child === undefined || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }

  async #makePause(): Promise<void> {
    const root = join(this.folder, 'pause')
    copyPrograms(root, PROGRAMS)
    await this.importImage(root, PAUSE, { Entrypoint: ['/bin/sleep', 'infinity'] })
  }

  #call(method: string, request: object): Promise<Record<string, unknown>> {
    const client = this.#client as object
    const call = Reflect.get(client, method) as Call
    return new Promise((resolve, reject) => {
      call.call(client, request, { deadline: Date.now() + 60_000 }, (error, answer) => {
        if (error === null) resolve(answer)
        else reject(error)
      })
    })
  }
}

function kubeletLabels(namespace: string, name: string, uid: string): Record<string, string> {
  return { 'io.kubernetes.pod.name': name, 'io.kubernetes.pod.namespace': namespace, 'io.kubernetes.pod.uid': uid }
}

/** Programs of this machine with the libraries they load. */
export function copyPrograms(root: string, programs: readonly string[]): void {
  const libraries = programs.flatMap((program) =>
    [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+)/g)].map(([, path = '']) => path),
  )
  for (const path of new Set([...programs, ...libraries])) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    execFileSync('cp', ['-L', path, join(root, path)])
  }
  for (const folder of ['etc', 'tmp', 'proc']) mkdirSync(join(root, folder), { recursive: true })
}
