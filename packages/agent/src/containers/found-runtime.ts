import type { ContainerFact } from './cri-client.ts'

/** A runtime that was found, and its connection. */
export interface OpenRuntime {
  list(): Promise<ContainerFact[]>
  close(): void
}

/** The node's container runtime, looked for until it is there: on a new node, or after an update of it, the agent may be first. */
export class FoundRuntime {
  readonly #find: () => string | undefined
  readonly #open: (socket: string) => Promise<OpenRuntime>
  #runtime: OpenRuntime | undefined

  /**
   * @param find The path of a socket that is there now.
   * @param open Called once, when there is one.
   */
  constructor(find: () => string | undefined, open: (socket: string) => Promise<OpenRuntime>) {
    this.#find = find
    this.#open = open
  }

  /** What the runtime tells; undefined while there is none. */
  async list(): Promise<ContainerFact[] | undefined> {
    if (this.#runtime === undefined) {
      const socket = this.#find()
      if (socket === undefined) return undefined
      this.#runtime = await this.#open(socket)
    }
    return this.#runtime.list()
  }

  close(): void {
    this.#runtime?.close()
  }
}
