import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/** Bytes that gzip gives at a time: a bomb costs this much more than its bound. */
const CHUNK_BYTES = 64 * 1024

/**
 * Unpacks gzip as it comes, and stops where `hold` throws: neither the packed nor the unpacked bytes are ever more in
 * memory than what was held.
 *
 * @param hold Is told the length of each unpacked part before it is kept.
 * @throws What `hold` throws; Error of zlib where it is no gzip or ends early.
 */
export async function unpackWithin(packed: Buffer | AsyncIterable<Buffer>, hold: (bytes: number) => void): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  let refusal: unknown
  const keep = async (unpacked: AsyncIterable<Buffer>): Promise<void> => {
    for await (const part of unpacked) {
      try {
        hold(part.length)
      } catch (error) {
        refusal = error
        throw error
      }
      length += part.length
      parts.push(part)
    }
  }
  const source = Readable.from(Buffer.isBuffer(packed) ? [packed] : packed)
  // Streams that are torn down may tell of that before they tell why.
  await pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), keep).catch((error: unknown) => {
    throw refusal ?? source.errored ?? error
  })
  return Buffer.concat(parts, length)
}
