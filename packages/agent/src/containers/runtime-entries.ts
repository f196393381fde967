import type { DecodedEvent } from '@podwitness/audit'
import { parseRuntimeCall } from '@podwitness/session'

/** How long after the runtime's call the program it runs begins, milliseconds. */
const BEGINS_WITHIN_MS = 10_000
/** Shims whose calls are remembered, and calls of each. */
const MOST_SHIMS = 4096
const MOST_CALLS = 64

interface Call {
  readonly containerId: string
  readonly timeMs: number
}

/**
 * Into which container runtimes were about to put a program, by their own arguments: that is known however short the
 * program lives, where /proc has it no more when its event is read.
 */
export class RuntimeEntries {
  /** By the process that started the runtime (its shim), which takes its children over when it ends. */
  readonly #calls = new Map<number, Call[]>()

  /** Notes a call; the container that it runs a program in directly, undefined for other calls. */
  note(event: DecodedEvent): string | undefined {
    const call = parseRuntimeCall(event.argv())
    if (call === null || call.verb === 'other' || call.containerId === '') return undefined
    const { ppid, timeMs } = event
    const before = (this.#calls.get(ppid) ?? []).filter((each) => timeMs - each.timeMs < BEGINS_WITHIN_MS).slice(1 - MOST_CALLS)
    this.#calls.delete(ppid)
    this.#calls.set(ppid, [...before, { containerId: call.containerId, timeMs }])
    if (this.#calls.size > MOST_SHIMS) this.#calls.delete(this.#calls.keys().next().value as number)
    // What `create` starts by itself may be a hook, which runs on the host. Source: OCI runtime specification, hooks.
    return call.verb === 'exec' ? call.containerId : undefined
  }

  /**
   * The container of a program that has ended, whose parent is a runtime or a shim; empty where that is not sure.
   *
   * @param program `before` is the container that a process of this number was in.
   */
  of(program: { ppid: number; timeMs: number; before: string }, parent: { readonly enters?: string }): string {
    if (parent.enters !== undefined) return parent.enters
    const { ppid, timeMs, before } = program
    const near = (this.#calls.get(ppid) ?? []).filter((call) => Math.abs(timeMs - call.timeMs) < BEGINS_WITHIN_MS)
    const possible = new Set(near.map(({ containerId }) => containerId))
    if (before !== '') possible.add(before)
    return possible.size === 1 ? ([...possible][0] as string) : ''
  }
}
