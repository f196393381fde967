import { open } from 'node:fs/promises'

/** Bytes read at a time. */
const BLOCK_BYTES = 256 * 1024

/**
 * The bytes of a file in blocks, each valid until the next one is asked for: one buffer for all of them, which saves the
 * collector's work on a large file.
 *
 * @throws what `open` and `read` throw, and the signal's reason.
 */
export async function* readBlocks(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    const block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, null)
      if (bytesRead === 0) return
      yield bytesRead === BLOCK_BYTES ? block : block.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
