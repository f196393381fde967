import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { DecodeCounters } from '@podwitness/audit'
import { type DecodeFormat, DecodePrinter } from './decode-printer.ts'
import type { Segment, Slice } from './slice.ts'

/** From the worker: output in order, then the counters of the slice. */
export type WorkerMessage = { readonly data: Uint8Array } | { readonly counters: DecodeCounters }

const READ_BYTES = 256 << 10
/** Output handed over at a time, bytes. */
const HAND_OVER_BYTES = 1 << 20

/** What a worker is started with. */
export interface WorkerStart {
  readonly format: DecodeFormat
  /** One number: not 0 where nobody waits for the output any more. */
  readonly stop: Int32Array
}

const { format, stop } = workerData as WorkerStart
const stopped = () => Atomics.load(stop, 0) !== 0

/** Decodes each slice that comes and answers with its output; `null` ends the thread. */
parentPort?.on('message', (slice: Slice | null) => {
  if (slice === null || stopped()) {
    parentPort?.close()
    return
  }
  const printer = new DecodePrinter(format)
  for (const segment of slice) readSegment(segment, printer)
  printer.end()
  handOver(printer, 1)
  parentPort?.postMessage({ counters: printer.counters } satisfies WorkerMessage)
})

function readSegment({ path, start, end, last }: Segment, printer: DecodePrinter): void {
  const file = openSync(path, 'r')
  const chunk = Buffer.allocUnsafe(READ_BYTES)
  try {
    for (let at = start; at < end && !stopped(); ) {
      const read = readSync(file, chunk, 0, Math.min(chunk.length, end - at), at)
      if (read === 0) break
      printer.push(chunk.subarray(0, read))
      at += read
      handOver(printer, HAND_OVER_BYTES)
    }
    if (last) printer.endLine()
  } finally {
    closeSync(file)
  }
}

/** Hands over what is printed, where it is as much as `atLeast` bytes. */
function handOver(printer: DecodePrinter, atLeast: number): void {
  if (printer.length < atLeast) return
  const data = Uint8Array.from(printer.take())
  parentPort?.postMessage({ data } satisfies WorkerMessage, [data.buffer])
}
