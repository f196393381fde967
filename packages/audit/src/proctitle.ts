import { KEY } from './field-dictionary.ts'
import { findField } from './field-value.ts'
import type { AuditRecord } from './record.ts'
import { MARK, tokensOf } from './tokenise.ts'

/** Most bytes of a title that the kernel logs. Source: kernel/auditsc.c, MAX_PROCTITLE_AUDIT_LEN. */
const MAX_TITLE_BYTES = 128

/** Whether a PROCTITLE record has as many bytes as the kernel logs at most: two digits a byte where it is not quoted. */
export function isCutTitle(record: AuditRecord): boolean {
  const index = findField(record, KEY.proctitle)
  if (index < 0) return false
  const tokens = tokensOf(record)
  const characters = (tokens[index + 3] as number) - (tokens[index + 2] as number)
  return isCutLength(characters, ((tokens[index + 4] as number) & MARK.quoted) !== 0)
}

/** The same of a value with so many characters as logged. */
export function isCutLength(characters: number, quoted: boolean): boolean {
  return characters >= (quoted ? MAX_TITLE_BYTES : 2 * MAX_TITLE_BYTES)
}
