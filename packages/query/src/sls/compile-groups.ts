import type { Value } from '../functions/query-function.ts'
import type { Expression, Select } from './statement.ts'

export interface CompiledGroups {
  readonly groups: readonly Value[]
  /** GROUP BY, or nothing. */
  readonly sql: string
  /** Rewrites SQL that names what is grouped by to how it is written there. */
  adapt(sql: string): string
}

/**
 * GROUP BY. With several sets of columns a row of totals has null in the columns it is over, so all of them are made
 * such that they can be null; the engine has its setting for that only where a column is plain.
 */
export function compileGroups(select: Select, compile: (group: Expression) => Value): CompiledGroups {
  const groups = select.groupBy.map(compile)
  const sets = select.groupingSets
  if (sets === undefined) {
    const list = groups.map(({ sql }) => sql).join(', ')
    return { groups, sql: groups.length === 0 ? '' : ` GROUP BY ${list}`, adapt: (sql) => sql }
  }
  const keys = [...new Set(groups.flatMap(({ sql, type }) => (type === 'array' || type === 'map' ? [] : [sql])))]
  const longestFirst = keys.sort((a, b) => b.length - a.length).map((key) => key.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const anyKey = new RegExp(`(?<![\\w.])(?:${longestFirst.join('|')})(?!\\w)`, 'g')
  const adapt = (sql: string): string => (keys.length === 0 ? sql : sql.replace(anyKey, (key) => `toNullable(${key})`))
  const printed = sets.map((set) => `(${set.map((group) => adapt(compile(group).sql)).join(', ')})`)
  return { groups, sql: ` GROUP BY GROUPING SETS (${printed.join(', ')})`, adapt }
}
