import type { Output } from '../output.ts'
import { LineBlock } from './line-block.ts'

/** Writes lines through a function that resolves when there is room for more, such as a terminal's. */
export function writerOutput(name: string, write: (data: Buffer) => Promise<void>): Output {
  const block = new LineBlock()
  return {
    name,
    async send({ lines }) {
      try {
        await write(Buffer.from(block.join(lines))) // A small piece may still wait when `write` resolves: it gets memory of its own.
      } catch (error) {
        return { kind: 'later', why: (error as Error).message, waitMs: 0 }
      }
      return { kind: 'done', rejected: 0, duplicate: false }
    },
    close: async () => {},
  }
}
