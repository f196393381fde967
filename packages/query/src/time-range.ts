import type { CompileRequest } from './compile-request.ts'
import { QueryError } from './query-error.ts'

export interface Moment {
  /** As a parameter of type DateTime64 in UTC takes it. */
  readonly text: string
  /** Unix seconds. */
  readonly seconds: number
}

/** Reads `from` and `to` of a request, to the millisecond. Throws QueryError where they are no times or the wrong way round. */
export function parseTimeRange(request: Pick<CompileRequest, 'text' | 'from' | 'to'>): {
  from: Moment | undefined
  to: Moment | undefined
} {
  const [from, to] = [moment(request.from, request.text), moment(request.to, request.text)]
  if (from !== undefined && to !== undefined && from.seconds > to.seconds)
    throw new QueryError('PW-QY-008', 'The time range ends before it begins.', { text: request.text, offset: 0 })
  return { from, to }
}

function moment(iso: string | undefined, text: string): Moment | undefined {
  if (iso === undefined) return undefined
  const timeMs = Date.parse(iso)
  const date = new Date(timeMs)
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso) || Number.isNaN(timeMs))
    throw new QueryError('PW-QY-008', `"${iso}" is not a time; write it like 2026-11-21T02:00:00Z.`, { text, offset: 0 })
  return { text: date.toISOString().replace('T', ' ').replace('Z', ''), seconds: timeMs / 1000 }
}
