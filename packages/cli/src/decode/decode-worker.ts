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

/** Decodes each slice that comes and answers with its output. */
parentPort?.on('message', (slice: Slice) => {
  const printer = new DecodePrinter(workerData as DecodeFormat)
  for (const segment of slice) readSegment(segment, printer)
  printer.end()
  handOver(printer, 1)
  parentPort?.postMessage({ counters: printer.counters } satisfies WorkerMessage)
})

function readSegment({ path, start, end, last }: Segment, printer: DecodePrinter): void {
  const file = openSync(path, 'r')
  const chunk = Buffer.allocUnsafe(READ_BYTES)
  try {
    for (let at = start; at < end; ) {
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
