import type { SessionFilter } from '@podwitness/api'
import { DELIBERATE_ENTRIES, riskLevel, storeTime, timeMsOf } from '@podwitness/event'

/** A condition in SQL with its bound parameters. */
export interface Condition {
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Filters by which the list is narrowed; each may be left out to count what it would bring. */
export type FacetName = 'user' | 'namespace' | 'entry' | 'confidence' | 'risk'

/** Accounts that may have been the one, of an ambiguous session. */
export const CANDIDATES = "arrayMap(c -> c.1, JSONExtract(candidates, 'Array(Tuple(user String))'))"

/**
 * The WHERE clause of a filter over `audit.sessions`. Every value is a bound parameter.
 *
 * @param without A filter to leave out, for counting its own values.
 */
export function sessionCondition(filter: SessionFilter, without?: FacetName): Condition {
  const parts: string[] = []
  const params: Record<string, unknown> = {}
  const add = (sql: string, values: Record<string, unknown> = {}): void => {
    parts.push(`(${sql})`)
    Object.assign(params, values)
  }
  addRange(filter, add)
  if (filter.platform !== true && (filter.entry ?? []).length === 0)
    add('entry IN {deliberate:Array(String)}', { deliberate: DELIBERATE_ENTRIES })
  if (without !== 'user' && filter.user !== undefined && filter.user.length > 0) {
    add(`user IN {users:Array(String)} AND (user != '' OR ${CANDIDATES} = []) OR hasAny(${CANDIDATES}, {users:Array(String)})`, {
      users: filter.user,
    })
  }
  if (without !== 'namespace' && filter.namespace !== undefined && filter.namespace.length > 0)
    add('ns IN {namespaces:Array(String)}', { namespaces: filter.namespace })
  if (without !== 'entry' && filter.entry !== undefined && filter.entry.length > 0)
    add('entry IN {entries:Array(String)}', { entries: filter.entry })
  if (without !== 'confidence' && filter.confidence !== undefined && filter.confidence.length > 0)
    add('confidence IN {confidences:Array(String)}', { confidences: filter.confidence })
  if (without !== 'risk' && filter.risk !== undefined) add('risk >= {risk:UInt8}', { risk: riskLevel(filter.risk) })
  if (filter.pod) add('pod ILIKE {pod:String}', { pod: likePattern(filter.pod) })
  if (filter.image) add('image ILIKE {image:String}', { image: likePattern(filter.image) })
  if (filter.command) {
    const match = commandCondition(filter)
    add(`trace_id IN (SELECT trace_id FROM audit.commands WHERE trace_id != '' AND ${match.sql})`, match.params)
  }
  return { sql: parts.length > 0 ? parts.join(' AND ') : '1', params }
}

/** The condition of a filter's command search over `audit.commands`. */
export function commandCondition(filter: SessionFilter): Condition {
  const params: Record<string, unknown> = { command: likePattern(filter.command ?? '') }
  const parts = ["(cmdline ILIKE {command:String} OR arrayStringConcat(argv, ' ') ILIKE {command:String})"]
  if (filter.to !== undefined) {
    parts.push('time < {commandsTo:DateTime64(6)}')
    params.commandsTo = storeTime(timeMsOf(filter.to) + LONGEST_SESSION_MS)
  }
  if (filter.from !== undefined) {
    parts.push('time >= {commandsFrom:DateTime64(6)}')
    params.commandsFrom = storeTime(timeMsOf(filter.from) - LONGEST_SESSION_MS)
  }
  return { sql: parts.join(' AND '), params }
}

/** How far outside a range of sessions their commands are looked for, milliseconds. */
const LONGEST_SESSION_MS = 7 * 24 * 3_600_000

/**
 * A session is in a range while it lasts. One whose end is not known counts by its start; where a
 * request opened it, it may still be open, for a day at most.
 */
function addRange(filter: SessionFilter, add: (sql: string, values?: Record<string, unknown>) => void): void {
  if (filter.to !== undefined) add('start < {to:DateTime64(6)}', { to: storeTime(timeMsOf(filter.to)) })
  if (filter.from === undefined) return
  const fromMs = timeMsOf(filter.from)
  add(
    'start >= {from:DateTime64(6)} OR end >= {from:DateTime64(6)} OR (toUnixTimestamp(end) = 0 AND notEmpty(audit_ids) AND start >= {open:DateTime64(6)})',
    { from: storeTime(fromMs), open: storeTime(fromMs - OPEN_MS) },
  )
}

/** How long a session without a recorded end is taken to be open, milliseconds. */
const OPEN_MS = 24 * 3_600_000

/**
 * A person's pattern as LIKE wants it: `*` and `?` are wildcards over the whole text, anything else
 * is looked for anywhere in it.
 */
export function likePattern(text: string): string {
  const literal = text.replace(/[\\%_]/g, (character) => `\\${character}`)
  if (!/[*?]/.test(text)) return `%${literal}%`
  return literal.replaceAll('*', '%').replaceAll('?', '_')
}
