import { AuditDecoder } from '@podwitness/audit'
import { auditRow } from '../rows/audit-row.ts'
import type { FormatReader } from './sink.ts'

/** Linux audit lines in any framing. */
export const readAudit: FormatReader = async (file, bytes, sink) => {
  const decoder = new AuditDecoder({
    onEvent: (event) => sink.event(auditRow(event, sink, file.path)),
    onReject: ({ line, code, bytes: length, text }) => sink.rejects.add({ line, code, bytes: length, text }),
  })
  let lines = 0
  const report = async (): Promise<void> => {
    const read = decoder.counters.lines
    await sink.advance(read - lines)
    lines = read
  }
  for await (const chunk of bytes) {
    decoder.push(chunk)
    await report()
  }
  decoder.end()
  await report()
}
