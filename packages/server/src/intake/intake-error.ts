import { AnsweredError } from '../answered-error.ts'

/** Codes of the intake listener; each has an anchor in docs/reference/errors.md. */
export type IntakeErrorCode =
  | 'PW-IN-001' // no certificate or token
  | 'PW-IN-002' // not allowed with this certificate or token
  | 'PW-IN-003' // join token not valid
  | 'PW-IN-004' // body too large
  | 'PW-IN-005' // body damaged or of another kind
  | 'PW-IN-006' // batch without a name
  | 'PW-IN-007' // too much at once
  | 'PW-IN-008' // the store does not take it now
  | 'PW-IN-009' // the store refused the rows
  | 'PW-IN-010' // the configuration is wrong
  | 'PW-IN-011' // the disk is nearly full
  | 'PW-IN-012' // no request, or one that does not end

/** A request that was not taken. */
export class IntakeError extends AnsweredError<IntakeErrorCode> {
  override readonly name = 'IntakeError'
}
