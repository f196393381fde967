import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { writeDurably } from '@podwitness/pipeline'
import type { Hole } from './gap-tracker.ts'
import type { LossLine } from './intake-lines.ts'

/** What an agent remembers of its last run. */
export interface RunState {
  readonly boot: string
  /** Highest serial of each node. */
  readonly highest: Readonly<Record<string, number>>
  /** Serials that were missing and could still come, of each node. */
  readonly holes: Readonly<Record<string, readonly Hole[]>>
  /** Losses that were found and may not have reached the disk: they are told again, under the same ids. */
  readonly untold: readonly LossLine[]
  /** What the kernel had lost, and when it said so; null where it was not asked. */
  readonly kernel: { readonly lost: number; readonly atMs: number } | null
  readonly lastEventMs: number
  /** The run ended in order: `highest` is exact. */
  readonly clean: boolean
}

const NOTHING: RunState = { boot: '', highest: {}, holes: {}, untold: [], kernel: null, lastEventMs: 0, clean: false }

/** The file that a run state is kept in. */
export class RunStateFile {
  readonly #path: string
  #turn: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** What is kept; nothing where there is none that can be read. */
  async read(): Promise<RunState> {
    try {
      const state: unknown = JSON.parse(await readFile(this.#path, 'utf8'))
      return typeof state === 'object' && state !== null ? { ...NOTHING, ...state } : NOTHING
    } catch {
      return NOTHING
    }
  }

  /** Makes the state durable as it is when its turn comes: one write is made at a time. */
  write(state: () => RunState): Promise<void> {
    const written = this.#turn.then(() => writeDurably(this.#path, JSON.stringify(state())))
    this.#turn = written.catch(() => {})
    return written
  }
}

/** Identity of this boot of the machine. Source: random(4), /proc/sys/kernel/random/boot_id. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
