import { fileURLToPath } from 'node:url'
import { type Client, credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** A container or pod sandbox as the runtime tells it, in the shape of a line of `containers.jsonl`. */
export interface ContainerFact {
  readonly kind: 'container'
  readonly id: string
  readonly cgroup: string
  readonly labels: Readonly<Record<string, string>>
  readonly image: string
  readonly createdAt: string
  readonly args: readonly string[]
  readonly initPid: number
  readonly node: string
  /** Address of a sandbox; of the node, where it has the node's network. */
  readonly ip?: string
  /** Of a sandbox: where kubelet has the pod from. Others may hold anything, and stay with the runtime. */
  readonly annotations?: Readonly<Record<string, string>>
  /** When it ended, milliseconds since the Unix epoch; for what is still in the runtime's list. */
  readonly endedMs?: number
}

/** What a status tells that a list does not. */
interface Details {
  readonly cgroup: string
  readonly args: readonly string[]
  readonly initPid: number
  readonly image: string
  readonly ip: string
  readonly endedMs: number
}

interface Status {
  readonly info?: Record<string, string>
  readonly status?: {
    readonly network?: { readonly ip?: string } | null
    readonly image?: { readonly image?: string; readonly user_specified_image?: string } | null
    readonly finished_at?: string
  } | null
}

const PROTO = fileURLToPath(new URL('../../proto/cri.proto', import.meta.url))
const CALL_MS = 5000
/** containerd's labels, which also say what is a sandbox; with other runtimes they are made up here. Source: containerd, pkg/cri/labels. */
const KIND = 'io.cri-containerd.kind'
const RUNNING = 1
const EXITED = 2
const KEPT_ANNOTATIONS = ['kubernetes.io/config.source', 'kubectl.kubernetes.io/default-container']

interface ListedContainer {
  readonly id: string
  readonly image?: { readonly image?: string; readonly user_specified_image?: string }
  readonly state: number
  readonly created_at: string
  readonly labels: Record<string, string>
}

interface ListedSandbox {
  readonly id: string
  readonly state: number
  readonly created_at: string
  readonly labels: Record<string, string>
  readonly annotations?: Record<string, string>
}

/** Asks a container runtime what it runs. What was asked once of a container is remembered. */
export class CriClient {
  readonly #client: Client
  readonly #node: string
  readonly #details = new Map<string, Details>()

  constructor(socket: string, node: string) {
    const definition = loadPackageDefinition(loadSync(PROTO, { keepCase: true, longs: String, defaults: true }))
    const runtime = definition.runtime as unknown as { v1: { RuntimeService: ServiceClientConstructor } }
    this.#client = new runtime.v1.RuntimeService(`unix:${socket}`, credentials.createInsecure())
    this.#node = node
  }

  /** Name and version of the runtime. @throws What gRPC says. */
  async version(): Promise<string> {
    const { runtime_name, runtime_version } = await this.#call<Record<string, string>>('Version', { version: '' })
    return `${runtime_name} ${runtime_version}`
  }

  /** Every container that runs or ended and is not removed yet, and every sandbox that is ready. @throws What gRPC says. */
  async list(): Promise<ContainerFact[]> {
    const [{ containers }, { items }] = await Promise.all([
      this.#call<{ containers: ListedContainer[] }>('ListContainers', {}),
      this.#call<{ items: ListedSandbox[] }>('ListPodSandbox', {}),
    ])
    const facts: ContainerFact[] = []
    for (const { id, labels, created_at, annotations } of items.filter(({ state }) => state === 0)) {
      const { cgroup, args, initPid, ip } = await this.#detailsOf('PodSandboxStatus', { pod_sandbox_id: id, verbose: true }, id)
      const kept = Object.fromEntries(
        KEPT_ANNOTATIONS.flatMap((name) => (annotations?.[name] === undefined ? [] : [[name, annotations[name]]])),
      )
      const about = { cgroup, args, initPid, image: '', ...(ip === '' ? {} : { ip }) }
      const told = Object.keys(kept).length === 0 ? {} : { annotations: kept }
      facts.push({ ...this.#fact(id, created_at), ...about, ...told, labels: { [KIND]: 'sandbox', ...labels } })
    }
    for (const { id, labels, created_at, image, state } of containers.filter(
      (each) => each.state === RUNNING || each.state === EXITED,
    )) {
      const ended = state === EXITED
      const details = await this.#detailsOf('ContainerStatus', { container_id: id, verbose: true }, id, ended)
      const { cgroup, args, initPid, endedMs } = details
      facts.push({
        ...this.#fact(id, created_at),
        ...{ cgroup, args, initPid },
        ...(ended ? { endedMs } : {}),
        labels: { [KIND]: 'container', ...labels },
        image: image?.user_specified_image || details.image || image?.image || '',
      })
    }
    const running = new Set(facts.map(({ id }) => id))
    for (const id of this.#details.keys()) if (!running.has(id)) this.#details.delete(id)
    return facts
  }

  close(): void {
    this.#client.close()
  }

  #fact(id: string, createdNanos: string): Pick<ContainerFact, 'kind' | 'id' | 'createdAt' | 'node'> {
    const createdMs = Number(BigInt(createdNanos) / 1_000_000n)
    return { kind: 'container', id, createdAt: new Date(createdMs).toISOString(), node: this.#node }
  }

  /** @param ended What has ended changes no more, and what was known while it ran is still true. */
  async #detailsOf(method: string, request: object, id: string, ended = false): Promise<Details> {
    const known = this.#details.get(id)
    if (known !== undefined && (known.endedMs > 0 || !ended)) return known
    const answer = await this.#call<Status>(method, request).catch((): Status => ({}))
    const { network, image, finished_at: finished } = answer.status ?? {}
    const info = readInfo(answer.info?.info ?? '')
    const details = {
      ...(known ?? info),
      image: image?.user_specified_image || image?.image || known?.image || '',
      ip: network?.ip ?? '',
      endedMs: ended ? Number(BigInt(finished ?? '0') / 1_000_000n) || Date.now() : 0,
    }
    if (info.initPid > 0 || ended) this.#details.set(id, details)
    return details
  }

  #call<T>(method: string, request: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const call = Reflect.get(this.#client, method) as (
        request: object,
        options: object,
        done: (error: Error | null, answer: T) => void,
      ) => void
      call.call(this.#client, request, { deadline: Date.now() + CALL_MS }, (error, answer) => {
        if (error === null) resolve(answer)
        else reject(error)
      })
    })
  }
}

/** The verbose part of a status, JSON of the runtime's own. Sources: containerd, pkg/cri/sbserver/container_status.go; CRI-O, server/container_status.go. */
export function readInfo(text: string): { cgroup: string; args: readonly string[]; initPid: number } {
  try {
    const { pid, runtimeSpec } = JSON.parse(text) as {
      pid?: number
      runtimeSpec?: { process?: { args?: string[] }; linux?: { cgroupsPath?: string } }
    }
    return {
      initPid: Number.isInteger(pid) ? (pid as number) : 0,
      args: runtimeSpec?.process?.args ?? [],
      cgroup: runtimeSpec?.linux?.cgroupsPath ?? '',
    }
  } catch {
    return { cgroup: '', args: [], initPid: 0 }
  }
}
