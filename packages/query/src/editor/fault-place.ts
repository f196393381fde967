import type { QueryError } from '../query-error.ts'
import type { Diagnostic } from './editor-answer.ts'

/** The word around a place. */
export function wordAt(text: string, position: number): [from: number, to: number] {
  const before = /[\w-]*$/.exec(text.slice(0, position))?.[0].length ?? 0
  const after = /^[\w-]*/.exec(text.slice(position))?.[0].length ?? 0
  return [position - before, position + after]
}

/** Where an error stands, as an editor marks it: the word at its place. */
export function faultAt({ code, message, line, column, hint, nearest }: QueryError, text: string): Diagnostic {
  const before = text.split('\n').slice(0, line - 1)
  const from = Math.min(before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1, text.length)
  const more = [nearest === undefined ? undefined : `Did you mean ${nearest}?`, hint].filter((part) => part !== undefined)
  const [, end] = wordAt(text, from)
  const to = Math.max(end, Math.min(from + 1, text.length))
  return { from, to, severity: 'error', code, message: [message, ...new Set(more)].join(' ') }
}
