import { AuditDecoder } from './decoder.ts'

/** Whether the beginning of a file looks like Linux audit lines, in any framing. Reads at most 64 KiB. */
export function detectAuditLines(head: Uint8Array): boolean {
  const decoder = new AuditDecoder()
  decoder.push(head.subarray(0, 65_536))
  decoder.end()
  const { records, lines } = decoder.counters
  // A syslog file holds other programs' lines too; one record in fifty lines is enough to be worth reading.
  return records > 0 && records * 50 >= lines
}
