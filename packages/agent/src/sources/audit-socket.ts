import { connect } from 'node:net'
import { Backoff, pause } from '@podwitness/pipeline'
import { newCounters, type Source, type SourceSink } from '../source.ts'
import { frameSplitter } from './binary-frames.ts'
import { RecordReader } from './record-reader.ts'

/** Of one read, as Node makes them by itself; a shorter one ends where a write ended. */
const READ_BYTES = 65_536
/** Bytes that may wait for the disk before reading stops and auditd's own queue takes over. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/**
 * Reads the socket of auditd's af_unix plugin. It has one client, forgets what was sent while nobody listened, and in
 * some versions cuts records for a slow reader: so it is read as fast as possible, and holes are filled from audit.log.
 * Source: audit-userspace, audisp/plugins/af_unix (3.1.1 to 4.1) and src/auditd's builtin (2.x to 3.1.0).
 */
export function auditSocket({ path }: { readonly path: string }): Source {
  const counters = newCounters()
  return {
    name: 'af_unix',
    counters,
    async run(sink, signal) {
      const backoff = new Backoff({ firstMs: 250, maxMs: 5000 })
      let told = false
      while (!signal.aborted) {
        const outcome = await listen(path, sink, { counters, signal, onOpen: () => (told = false) })
        if (signal.aborted) return
        if (outcome.opened) backoff.reset()
        else counters.errors++
        if (!told)
          sink.say(
            `The audit socket ${path} ${outcome.opened ? 'was closed' : `cannot be opened (${outcome.why})`}; trying again.`,
          )
        told = true
        await pause(backoff.next(), signal)
      }
    },
  }
}

interface Listening {
  readonly counters: Source['counters']
  readonly signal: AbortSignal
  onOpen(): void
}

/** One connection, from its opening to its end. */
async function listen(
  path: string,
  sink: SourceSink,
  { counters, signal, onOpen }: Listening,
): Promise<{ opened: boolean; why: string }> {
  const reader = new RecordReader('af_unix', sink, { counters, splitGlued: true })
  const split = frameSplitter()
  const socket = connect({
    path,
    // One buffer for all reads: what comes is decoded, and by that copied, before the next read.
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback(length, buffer) {
        take(Buffer.from(buffer.buffer, buffer.byteOffset, length))
        return waiting <= MAX_WAITING_BYTES
      },
    },
  })
  const stop = (): void => void socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  let opened = false
  let why = ''
  let waiting = 0
  const work = new Set<Promise<void>>()
  const take = (bytes: Buffer): void => {
    waiting += bytes.length
    const { length } = bytes
    const done = reader.push(split(bytes)).finally(() => {
      waiting -= length
      work.delete(done)
      if (waiting <= MAX_WAITING_BYTES) socket.resume()
    })
    work.add(done)
  }
  await new Promise<void>((resolve) => {
    socket.on('connect', () => {
      opened = true
      counters.opened++
      onOpen()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      why = error.code ?? error.message
    })
    socket.on('close', () => resolve())
  })
  signal.removeEventListener('abort', stop)
  await Promise.allSettled(work)
  if (signal.aborted) reader.abandon()
  else await reader.end()
  return { opened, why }
}
