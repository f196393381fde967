import { Worker } from 'node:worker_threads'
import type { DecodeCounters } from '@podwitness/audit'
import type { DecodeFormat } from './decode-printer.ts'
import type { WorkerMessage, WorkerStart } from './decode-worker.ts'
import type { Slice } from './slice.ts'

/** What decoding in several threads needs. */
export interface SliceWork {
  readonly slices: readonly Slice[]
  readonly jobs: number
  readonly format: DecodeFormat
  readonly signal: AbortSignal
  /** Takes output in the order of the input. */
  readonly write: (data: Uint8Array) => Promise<void>
}

/** Plain `node` has no loader for TypeScript: run from its sources, too, the worker is the built one. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/decode/decode-worker.js' : './decode-worker.js',
  import.meta.url,
)

/**
 * Decodes slices in threads and writes their output in order. A slice is begun only while fewer than `jobs` wait
 * before it to be written: that bounds the memory.
 *
 * @returns The counters of all slices together; `gaps` is 0, as serials missing cannot be told across slices.
 * @throws What a worker throws, e.g. where a file cannot be read.
 */
export async function decodeSlices({ slices, jobs, format, signal, write }: SliceWork): Promise<DecodeCounters> {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const start: WorkerStart = { format, stop }
  const workers = Array.from({ length: Math.min(jobs, slices.length) }, () => new SliceWorker(start))
  const abort = () => {
    for (const worker of workers) worker.fail(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  const sum: DecodeCounters = { bytes: 0, lines: 0, records: 0, events: 0, rejects: {}, cut: 0, late: 0, gaps: 0 }
  try {
    for (const [i, slice] of slices.entries()) if (i < workers.length) workers[i]?.begin(slice)
    for (let i = 0; i < slices.length; i++) {
      signal.throwIfAborted()
      const worker = workers[i % workers.length] as SliceWorker
      for await (const message of worker.output()) {
        if ('data' in message) await write(message.data)
        else add(sum, message.counters)
      }
      const next = slices[i + workers.length]
      if (next !== undefined) worker.begin(next)
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // Threads end by themselves: to be ended from outside in the middle of a read is not what they are made for.
    Atomics.store(stop, 0, 1)
    await Promise.all(workers.map((worker) => worker.end()))
  }
  return sum
}

/** A thread that decodes one slice at a time and whose output waits to be read. */
class SliceWorker {
  readonly #worker: Worker
  readonly #exit: Promise<void>
  #waiting: WorkerMessage[] = []
  #failure: unknown
  #wake: (() => void) | undefined

  constructor(start: WorkerStart) {
    this.#worker = new Worker(WORKER, { workerData: start, execArgv: [] })
    this.#exit = new Promise((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.on('message', (message: WorkerMessage) => {
      this.#waiting.push(message)
      this.#wake?.()
    })
    this.#worker.on('error', (error) => this.fail(error))
    this.#worker.on('exit', () => this.fail(new Error('A decoding thread ended early.')))
  }

  begin(slice: Slice): void {
    this.#worker.postMessage(slice)
  }

  /** The output of the slice begun last, ending with its counters. */
  async *output(): AsyncGenerator<WorkerMessage, void> {
    for (;;) {
      const message = this.#waiting.shift()
      if (message !== undefined) yield message
      if (message !== undefined && 'counters' in message) return
      if (message !== undefined) continue
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Makes who waits for output get `reason` instead. */
  fail(reason: unknown): void {
    this.#failure ??= reason
    this.#wake?.()
  }

  /** Asks the thread to end and waits until it has. */
  async end(): Promise<void> {
    this.#worker.postMessage(null)
    await this.#exit
  }
}

function add(sum: DecodeCounters, { bytes, lines, records, events, rejects, cut, late }: DecodeCounters): void {
  sum.bytes += bytes
  sum.lines += lines
  sum.records += records
  sum.events += events
  sum.cut += cut
  sum.late += late
  for (const [code, count] of Object.entries(rejects) as [keyof typeof rejects, number][])
    sum.rejects[code] = (sum.rejects[code] ?? 0) + count
}
