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
}

const PROTO = fileURLToPath(new URL('../../proto/cri.proto', import.meta.url))
const CALL_MS = 5000
/** containerd's labels, which also say what is a sandbox; with other runtimes they are made up here. Source: containerd, pkg/cri/labels. */
const KIND = 'io.cri-containerd.kind'
const RUNNING = 1

interface ListedContainer {
  readonly id: string
  readonly image?: { readonly image?: string }
  readonly state: number
  readonly created_at: string
  readonly labels: Record<string, string>
}

interface ListedSandbox {
  readonly id: string
  readonly state: number
  readonly created_at: string
  readonly labels: Record<string, string>
}

/** Asks a container runtime what it runs. What was asked once of a container is remembered. */
export class CriClient {
  readonly #client: Client
  readonly #node: string
  readonly #details = new Map<string, { cgroup: string; args: readonly string[]; initPid: number }>()

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

  /** Every container that runs, and every sandbox that is ready. @throws What gRPC says. */
  async list(): Promise<ContainerFact[]> {
    const [{ containers }, { items }] = await Promise.all([
      this.#call<{ containers: ListedContainer[] }>('ListContainers', {}),
      this.#call<{ items: ListedSandbox[] }>('ListPodSandbox', {}),
    ])
    const facts: ContainerFact[] = []
    for (const { id, labels, created_at } of items.filter(({ state }) => state === 0)) {
      const details = await this.#detailsOf('PodSandboxStatus', { pod_sandbox_id: id, verbose: true }, id)
      facts.push({ ...this.#fact(id, created_at), ...details, labels: { [KIND]: 'sandbox', ...labels }, image: '' })
    }
    for (const { id, labels, created_at, image } of containers.filter(({ state }) => state === RUNNING)) {
      const details = await this.#detailsOf('ContainerStatus', { container_id: id, verbose: true }, id)
      facts.push({
        ...this.#fact(id, created_at),
        ...details,
        labels: { [KIND]: 'container', ...labels },
        image: image?.image ?? '',
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

  async #detailsOf(
    method: string,
    request: object,
    id: string,
  ): Promise<{ cgroup: string; args: readonly string[]; initPid: number }> {
    const known = this.#details.get(id)
    if (known !== undefined) return known
    const { info } = await this.#call<{ info?: Record<string, string> }>(method, request).catch(() => ({ info: {} }))
    const details = readInfo((info as Record<string, string> | undefined)?.info ?? '')
    if (details.initPid > 0) this.#details.set(id, details)
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
