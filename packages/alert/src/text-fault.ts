/** A fault in a text somebody wrote: where, what, and what may have been meant. Lines and columns count from 1. */
export interface TextFault {
  readonly line: number
  readonly column: number
  readonly message: string
  /** What would help; empty where nothing is known. */
  readonly hint: string
}

/** Line and column of an offset, in UTF-16 code units. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, offset))
  const line = before.split('\n').length
  return { line, column: before.length - before.lastIndexOf('\n') }
}
