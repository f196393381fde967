export type { Arguments } from './argv.ts'
export type { AuditEvent, AuditFlags, AuditPath, AuditSockaddr } from './audit-event.ts'
export { createDecoder, decodeStream, EventDecoder } from './create-decoder.ts'
export { DecodedEvent } from './decoded-event.ts'
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
export type { Completion, EventParts } from './event-reading.ts'
export { formatText } from './format-text.ts'
export { interpretEvent, interpretField } from './interpret.ts'
export { JsonLines } from './json-lines.ts'
export { recordFields } from './record-fields.ts'
export type { RejectCode } from './reject-code.ts'
export { decodeRule, formatRule } from './rules/decode-rule.ts'
export { diffRules, type RuleDifference } from './rules/diff-rules.ts'
export { type EncodedRule, type EncodeOptions, encodeRule } from './rules/encode-rule.ts'
export { explainRule } from './rules/explain-rule.ts'
export { lintRules } from './rules/lint-rules.ts'
export { type ParsedRules, parseRules } from './rules/parse-rules.ts'
export type {
  AuditRule,
  Operator,
  RuleAction,
  RuleControl,
  RuleField,
  RuleList,
  RuleProblem,
  RuleProblemCode,
  RuleStatement,
} from './rules/rule.ts'
export { archName, archToken, syscallName, syscallTable } from './syscall-name.ts'
export { ecsView } from './views/ecs-view.ts'
export { laurelView } from './views/laurel-view.ts'
