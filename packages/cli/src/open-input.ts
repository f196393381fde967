import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Bytes of a file, or of standard input for `-`; gzip, told by its first two bytes (RFC 1952), is unpacked.
 *
 * @throws UsageError PW-DE-003 where it cannot be read, PW-DE-002 where the gzip is damaged.
 */
export async function* openInput(path: string, terminal: Terminal): AsyncGenerator<Uint8Array> {
  const source = path === '-' ? terminal.input() : createReadStream(path, { signal: terminal.signal, highWaterMark: 256 * 1024 })
  try {
    yield* unpacked(source)
  } catch (cause) {
    if (terminal.signal.aborted || !(cause instanceof Error)) throw cause
    throw 'code' in cause && String(cause.code).startsWith('Z_') ? damaged(path, cause) : unreadable(path, cause)
  }
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const whole = async function* () {
    yield head
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* whole()
  const gunzip = createGunzip()
  // What goes wrong on the way arrives at the reader of `gunzip`.
  pipeline(Readable.from(whole()), gunzip).catch(() => {})
  try {
    for await (const chunk of gunzip) yield chunk
  } finally {
    gunzip.destroy()
  }
}

/** A file or standard input whose bytes cannot be had. */
export function unreadable(path: string, cause: Error): UsageError {
  return new UsageError(
    'PW-DE-003',
    {
      what: `${path === '-' ? 'Standard input' : path} cannot be read.`,
      why: cause.message,
      do: 'Check the path and its permissions.',
    },
    { cause },
  )
}

function damaged(path: string, cause: Error): UsageError {
  return new UsageError(
    'PW-DE-002',
    {
      what: `The compressed data of ${path === '-' ? 'standard input' : path} is damaged.`,
      why: cause.message,
      do: 'Copy the file again. What came before the damage has been decoded.',
    },
    { cause },
  )
}
