export type { AuditEvent, AuditFlags, AuditPath, AuditSockaddr } from '@podwitness/event'
export type { Arguments } from './argv.ts'
export { type Completion, DecodedEvent, type EventParts } from './decoded-event.ts'
export {
  AuditDecoder,
  createAuditDecoder,
  type DecodeCounters,
  type DecodeOptions,
  MAX_LINE_BYTES,
  type Reject,
} from './decoder.ts'
export { detectAuditLines } from './detect-audit-lines.ts'
export type { JsonOptions } from './event-json.ts'
export { formatText } from './format-text.ts'
export { interpretEvent, interpretField } from './interpret.ts'
export type { RejectCode } from './parse-header.ts'
export { recordFields } from './record-fields.ts'
export { archName, archToken, syscallName, syscallTable } from './syscall-name.ts'
