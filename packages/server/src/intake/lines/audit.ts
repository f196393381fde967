import type { AuditLine } from '@podwitness/api'
import type { LineTaker } from '../line-taker.ts'

const NEWLINE = Buffer.from('\n')

/** Record lines of one Linux audit event, exactly as the node received them. */
export const takeAudit: LineTaker<AuditLine> = ({ boot, via, raw, raw64, late, place }, scope) => {
  if ((raw === undefined) === (raw64 === undefined))
    return { code: 'bad_audit_line', message: 'An audit line has either raw or raw64.' }
  const { decoder } = scope
  const before = decoder.counters.events
  scope.boot = boot
  scope.via = via.join('+') || 'agent'
  scope.late = late === true
  scope.place = place
  decoder.push(raw === undefined ? Buffer.from(raw64 ?? '', 'base64') : Buffer.from(raw, 'utf8'))
  decoder.push(NEWLINE)
  decoder.end()
  return decoder.counters.events > before ? null : { code: 'no_record', message: 'The line holds no audit record.' }
}
