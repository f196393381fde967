import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../durable-file.ts'
import { processExists } from '../engine/engine-file.ts'
import { type LedgerEntry, parseEntry } from './ledger-entry.ts'

/** Locks of this process. */
const HELD = new Set<string>()

const NAME = /^chain-(\d+)\.jsonl$/

/** Names of the chains in a folder, in order. */
export function chainNames(folder: string): string[] {
  if (!existsSync(folder)) return []
  const numbered = readdirSync(folder).flatMap((file) => NAME.exec(file)?.[1] ?? [])
  return numbered.sort((a, b) => Number(a) - Number(b)).map((number) => `chain-${number}`)
}

/** The lines of a chain: entries, and undefined for one that cannot be read. */
export interface ChainLines {
  readonly entries: readonly (LedgerEntry | undefined)[]
  /** Bytes behind the last line end: an append that a crash cut. It was never acknowledged. */
  readonly tornBytes: number
}

export function readChain(folder: string, name: string): ChainLines {
  const bytes = readFileSync(join(folder, `${name}.jsonl`))
  const end = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1)
  return { entries: lines.map(parseEntry), tornBytes: bytes.length - end }
}

/**
 * A chain that this process appends to. Each process has one of its own: a server and a command that imports beside
 * it must not write into each other's links.
 */
export class ChainFile {
  readonly name: string
  readonly #file: number
  readonly #lock: string
  #size = 0

  /** Takes the first chain of the folder that no living process holds, or begins a new one. */
  static take(folder: string): ChainFile {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (let number = 1; ; number++) {
      const name = `chain-${number}`
      if (takeLock(join(folder, `${name}.lock`))) return new ChainFile(folder, name)
    }
  }

  private constructor(folder: string, name: string) {
    this.name = name
    this.#lock = join(folder, `${name}.lock`)
    const path = join(folder, `${name}.jsonl`)
    const fresh = !existsSync(path)
    this.#file = openSync(path, 'a', 0o600)
    if (fresh) syncFolder(folder)
    else this.#cutTornEnd(folder)
  }

  /** Appends an entry; on disk when this returns. @throws the file system's error, ENOSPC among them; the file is as before then. */
  append(entry: LedgerEntry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`)
    const before = this.#size
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done)
      fdatasyncSync(this.#file)
      this.#size += line.length
    } catch (error) {
      ftruncateSync(this.#file, before)
      throw error
    }
  }

  close(): void {
    closeSync(this.#file)
    rmSync(this.#lock, { force: true })
    HELD.delete(this.#lock)
  }

  #cutTornEnd(folder: string): void {
    const bytes = readFileSync(join(folder, `${this.name}.jsonl`))
    this.#size = bytes.lastIndexOf(0x0a) + 1
    if (this.#size < bytes.length) ftruncateSync(this.#file, this.#size)
  }
}

/** Whether the lock is ours now; one left by a process that was killed is taken over. */
function takeLock(path: string): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600)
      writeSync(file, String(process.pid))
      closeSync(file)
      HELD.add(path)
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = Number(readFileSync(path, 'utf8') || '0')
      // In a container every start has the same pid: a lock of our own pid that we do not know of is an old one.
      if (HELD.has(path) || (owner !== process.pid && processExists(owner))) return false
      rmSync(path, { force: true })
    }
  }
  return false
}
