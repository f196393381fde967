import type { CheckedFile } from './check-file.ts'
import { ImportError } from './import-error.ts'
import { openFile } from './line-reader.ts'

/** Largest JSON document read whole, bytes (unpacked). */
const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024

/**
 * Reads a document that has to be parsed in one piece.
 *
 * @throws ImportError PW-IM-008 where it is larger than can be held in memory.
 */
export async function readWhole(file: CheckedFile): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of openFile(file.path, file.gzip).bytes) {
    length += part.length
    if (length > MAX_DOCUMENT_BYTES) {
      throw new ImportError('PW-IM-008', {
        what: `${file.path} is one JSON document of more than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB.`,
        why: 'A document has to be held in memory whole.',
        do: 'Split it, or write one event or one EventList a line.',
      })
    }
    parts.push(Buffer.from(part))
  }
  return Buffer.concat(parts)
}
