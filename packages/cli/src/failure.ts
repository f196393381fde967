import type { QueryError } from '@podwitness/query'
import { errorTable } from './error-table.ts'
import type { Paint } from './text/colours.ts'
import { visibleText } from './text/visible-text.ts'

/** An error as a person reads it, and the exit code it ends the process with. */
export interface Failure {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly todo: string
  /** 1 found problems, 2 usage, 3 cannot reach, 4 no permission. */
  readonly exit: number
}

/**
 * Words and exit code of whatever was thrown. Errors of every package carry `code`, `why` and `todo`;
 * one without a code is a fault of ours and keeps its stack.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^PW-[A-Z]{2}-\d{3}$/.test(error.code)) {
    const entry = errorTable[error.code]
    const text = (name: 'what' | 'why' | 'todo' | 'do' | 'hint'): string => {
      const value: unknown = Reflect.get(error, name)
      return typeof value === 'string' ? value : ''
    }
    return {
      code: error.code,
      what: text('what') || error.message,
      why: text('why') || placeOf(error) || (entry?.why ?? ''),
      todo: text('todo') || text('do') || text('hint') || meantBy(error) || (entry?.todo ?? ''),
      exit: denied(error.cause) ? 4 : (entry?.exit ?? 1),
    }
  }
  return {
    code: 'PW-CL-009',
    what: 'podwitness failed unexpectedly.',
    why: error instanceof Error ? (error.stack ?? error.message) : String(error),
    todo: 'This is a fault in podwitness: please report it with the lines above.',
    exit: 1,
  }
}

/** Where in the text of a query its fault is, and the name that may have been meant. */
function placeOf(error: Error): string {
  if (!isQueryError(error)) return ''
  return `line ${error.line}, column ${error.column}\n${error.excerpt}`
}

/** By its name: the class is a quarter of this program, which commands that ask no queries need not load. */
function isQueryError(error: Error): error is QueryError {
  return error.name === 'QueryError'
}

function meantBy(error: Error): string {
  return isQueryError(error) && error.nearest !== undefined ? `Did you mean ${error.nearest}?` : ''
}

/** Whether the operating system refused it. */
function denied(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')
}

/** What happened, why, what to do, and the code: each on a line of its own. */
export function failureText(failure: Failure, paint: Paint): string {
  const lines = failure.why.split('\n').map((line, index) => `${index === 0 ? '  why  ' : '       '}${visibleText(line)}`)
  return [
    `${paint('red', 'error')}  ${paint('bold', visibleText(failure.what))}`,
    ...(failure.why === '' ? [] : lines),
    ...(failure.todo === '' ? [] : [`  do   ${visibleText(failure.todo)}`]),
    `  code ${failure.code}  ${paint('dim', `(podwitness explain ${failure.code})`)}`,
  ].join('\n')
}
