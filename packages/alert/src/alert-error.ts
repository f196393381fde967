import type { TextFault } from './text-fault.ts'

/** Stable codes; docs/reference/errors.md explains each. */
export type AlertErrorCode =
  | 'PW-AL-001' // a rule is wrong
  | 'PW-AL-002' // a template is wrong
  | 'PW-AL-003' // a channel is wrong
  | 'PW-AL-004' // a target that may not be reached
  | 'PW-AL-005' // no such rule, alert, channel, template
  | 'PW-AL-006' // identifier taken
  | 'PW-AL-007' // a silence is wrong
  | 'PW-AL-008' // a channel or template that rules name

/** Something about alerts that cannot be done as written. */
export class AlertError extends Error {
  override readonly name = 'AlertError'
  readonly code: AlertErrorCode
  readonly why: string
  readonly todo: string
  readonly faults: readonly TextFault[]

  constructor(code: AlertErrorCode, words: { what: string; why: string; todo: string }, faults: readonly TextFault[] = []) {
    super(words.what)
    this.code = code
    this.why = words.why
    this.todo = words.todo
    this.faults = faults
  }
}

/** Faults as lines: `3:7 "serverity" is no key. Did you mean severity?` */
export function faultLines(faults: readonly TextFault[]): string {
  return faults
    .map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === '' ? '' : ` ${hint}`}`)
    .join('\n')
}
