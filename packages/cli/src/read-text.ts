import type { Context } from './context.ts'
import { openInput } from './open-input.ts'
import { UsageError } from './usage-error.ts'

/** A file as text, and its name as messages give it. */
export interface TextFile {
  readonly file: string
  readonly text: string
}

/** Far above any file a person writes; below what a log given by mistake has. */
const LARGEST_FILE = 16 * 1024 * 1024

/**
 * Reads a whole text file; `-` is standard input.
 *
 * @param instead What to give instead where this one is too large to be it.
 * @throws UsageError PW-DE-003 where it cannot be read, PW-DE-004 above 16 MiB.
 */
export async function readText({ terminal }: Context, path: string, instead: string): Promise<TextFile> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of openInput(path, terminal)) {
    size += chunk.length
    if (size > LARGEST_FILE) throw tooLarge(path, instead)
    chunks.push(chunk)
  }
  return { file: path === '-' ? '<stdin>' : path, text: Buffer.concat(chunks).toString('utf8') }
}

function tooLarge(path: string, instead: string): UsageError {
  return new UsageError('PW-DE-004', {
    what: `${path === '-' ? 'Standard input' : path} is larger than 16 MiB.`,
    why: 'A file of rules has some kilobytes; this is likely another file.',
    do: instead,
  })
}
