import type { AuditLine } from '@podwitness/api'
import type { LineTaker } from '../line-taker.ts'

/** Lines of most events fit in; one that does not gets memory of its own. */
const ROOM = Buffer.allocUnsafeSlow(64 * 1024)

const LONE_SURROGATE = /\p{Surrogate}/u

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
  const lines = raw === undefined ? Buffer.from(`${raw64}`, 'base64') : bytesOf(raw)
  // Half a surrogate pair has no bytes of its own: such a text is not what its bytes say.
  scope.text = raw !== undefined && (lines.length === raw.length || !LONE_SURROGATE.test(raw)) ? raw : undefined
  scope.bytes = lines
  decoder.push(lines)
  // Its end is that of its last line, with a newline or without.
  decoder.end()
  return decoder.counters.events > before ? null : { code: 'no_record', message: 'The line holds no audit record.' }
}

/** A text in UTF-8; valid until the next. */
function bytesOf(text: string): Buffer {
  return text.length * 3 <= ROOM.length ? ROOM.subarray(0, ROOM.write(text)) : Buffer.from(text, 'utf8')
}
