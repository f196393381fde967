import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { writeDurably } from '@podwitness/pipeline'

/** What an agent remembers of its last run. */
export interface RunState {
  readonly boot: string
  /** Highest serial of each node. */
  readonly highest: Readonly<Record<string, number>>
  readonly lastEventMs: number
  /** The run ended in order: `highest` is exact. */
  readonly clean: boolean
}

const NOTHING: RunState = { boot: '', highest: {}, lastEventMs: 0, clean: false }

export async function readRunState(path: string): Promise<RunState> {
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof state === 'object' && state !== null ? { ...NOTHING, ...state } : NOTHING
  } catch {
    return NOTHING
  }
}

export async function writeRunState(path: string, state: RunState): Promise<void> {
  await writeDurably(path, JSON.stringify(state))
}

/** Identity of this boot of the machine. Source: random(4), /proc/sys/kernel/random/boot_id. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
