import { createHash } from 'node:crypto'

/** Deterministic trace id, 32 hexadecimal digits: the same entry has the same id however often it is computed. */
export function traceIdOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}
