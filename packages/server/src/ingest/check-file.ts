import { createHash } from 'node:crypto'
import { ImportError } from './import-error.ts'
import { openFile } from './line-reader.ts'
import type { Recognised } from './recognise.ts'

/** What a complete read of a file showed. */
export interface CheckedFile extends Recognised {
  /** SHA-256 of the file's bytes, hexadecimal: the import's identity. */
  readonly importId: string
  /** Whether compressed data ended early or was damaged; only with `salvage`. */
  readonly damaged: boolean
}

/**
 * Reads a file to its end before anything of it is stored: takes its identity and proves that it
 * can be unpacked, so that a damaged file is refused whole instead of half imported.
 *
 * @throws ImportError PW-IM-003 for damaged gzip unless `salvage` is set, PW-IM-002 for read errors.
 */
export async function checkFile(file: Recognised, options: { salvage: boolean; signal?: AbortSignal }): Promise<CheckedFile> {
  const hash = createHash('sha256')
  const { bytes } = openFile(file.path, file.gzip, (chunk) => hash.update(chunk))
  let damaged = false
  try {
    for await (const _ of bytes) options.signal?.throwIfAborted()
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    if (!isDamage(cause)) throw unreadable(file.path, cause)
    if (!options.salvage) throw damage(file.path, cause)
    damaged = true
    return { ...file, importId: await hashWhole(file.path), damaged }
  }
  return { ...file, importId: hash.digest('hex'), damaged }
}

/** Whether an error is about compressed data and not about reading. Source: zlib's return codes as Node names them. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}

async function hashWhole(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of openFile(path, false).bytes) hash.update(chunk)
  return hash.digest('hex')
}

function damage(path: string, cause: unknown): ImportError {
  return new ImportError(
    'PW-IM-003',
    {
      what: `${path} is damaged: its compressed data cannot be read to the end.`,
      why: cause instanceof Error ? `gzip says "${cause.message}".` : 'gzip failed.',
      do: 'Fetch the file again, or import what can be read with --salvage. Nothing of it was stored.',
    },
    { cause },
  )
}

function unreadable(path: string, cause: unknown): ImportError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ImportError(
    'PW-IM-002',
    { what: `Cannot read ${path}.`, why, do: 'Check that the file exists and may be read.' },
    { cause },
  )
}
