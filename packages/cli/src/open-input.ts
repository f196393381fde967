import { createReadStream } from 'node:fs'
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
    throw cause instanceof GzipDamage ? damaged(path, cause) : unreadable(path, cause)
  }
}

class GzipDamage extends Error {
  override readonly name = 'GzipDamage'
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => chunks }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield head
    yield* rest
    return
  }
  const gunzip = createGunzip()
  const feeding = feed(gunzip, head, rest)
  try {
    for await (const chunk of gunzip) yield chunk
  } catch (cause) {
    const failed = await feeding
    throw failed ?? new GzipDamage(cause instanceof Error ? cause.message : String(cause), { cause })
  } finally {
    gunzip.destroy()
  }
}

/** Feeds a stream with regard for its backpressure; gives back what reading failed with. */
async function feed(
  gunzip: NodeJS.WritableStream & { destroy(error?: Error): unknown },
  head: Buffer,
  rest: AsyncIterable<Uint8Array>,
) {
  try {
    gunzip.write(head)
    for await (const chunk of rest)
      if (!gunzip.write(chunk)) await new Promise<void>((resolve) => gunzip.once('drain', resolve).once('close', resolve))
    gunzip.end()
    return undefined
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    gunzip.destroy(failure)
    return failure
  }
}

function unreadable(path: string, cause: Error): UsageError {
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
