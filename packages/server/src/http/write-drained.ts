import { once } from 'node:events'

/**
 * Writes and waits where the caller reads slowly: nothing piles up here, and nothing stays on the signal.
 *
 * @throws What the stream fails with, and an AbortError when the signal is aborted while it waits.
 */
export async function writeDrained(out: NodeJS.WritableStream, text: string, signal: AbortSignal): Promise<void> {
  if (!out.write(text)) await once(out, 'drain', { signal })
}
