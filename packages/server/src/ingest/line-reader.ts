import { createReadStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Size of one read, bytes. */
const READ_BYTES = 1 << 20

/** A file's bytes, unpacked when it is gzip, with a running count of the packed bytes that were read. */
export interface OpenFile {
  readonly bytes: AsyncIterable<Buffer>
  /** Bytes of the file as stored that have been read so far. */
  readBytes(): number
}

/** Whether bytes begin like gzip. Source: RFC 1952, 2.3.1. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08
}

/** Opens a file for reading from the start; the caller ends the iteration to close it. */
export function openFile(path: string, gzip: boolean, onRaw?: (chunk: Buffer) => void): OpenFile {
  let count = 0
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length
      onRaw?.(chunk)
      done(null, chunk)
    },
  })
  const file = createReadStream(path, { highWaterMark: READ_BYTES })
  let out: Readable = file.on('error', (error) => tap.destroy(error)).pipe(tap)
  if (gzip) {
    const unpacked = createGunzip({ chunkSize: READ_BYTES })
    tap.on('error', (error) => unpacked.destroy(error))
    out = tap.pipe(unpacked)
  }
  out.once('close', () => file.destroy())
  return { bytes: out, readBytes: () => count }
}

/** One line, or what was kept of one that was too long. */
export interface Line {
  readonly number: number
  readonly bytes: Buffer
  /** Length as it was in the file; more than `bytes.length` where it was cut. */
  readonly length: number
}

/**
 * Cuts a stream of bytes into lines without their line ends, in blocks. A line longer than
 * `maxBytes` is passed on cut, with its true length, so that memory stays bounded whatever the file.
 */
export async function* readLines(bytes: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line[]> {
  let rest: Buffer[] = []
  let restLength = 0
  let kept = 0
  let number = 0
  const take = (piece: Buffer): void => {
    restLength += piece.length
    if (kept >= maxBytes) return
    const part = piece.subarray(0, maxBytes - kept)
    kept += part.length
    rest.push(part)
  }
  const finish = (): Line => {
    const joined = rest.length === 1 ? (rest[0] ?? Buffer.alloc(0)) : Buffer.concat(rest)
    const whole = joined.at(-1) === 0x0d && kept === restLength ? joined.subarray(0, -1) : joined
    const line = { number: ++number, bytes: whole, length: restLength }
    rest = []
    restLength = 0
    kept = 0
    return line
  }
  for await (const chunk of bytes) {
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, end))
      lines.push(finish())
      from = end + 1
    }
    // Copied, because the stream may use its buffer again.
    if (from < chunk.length) take(kept >= maxBytes ? chunk.subarray(from) : Buffer.from(chunk.subarray(from)))
    if (lines.length > 0) yield lines
  }
  if (restLength > 0) yield [finish()]
}
