/** Marks of a column in the list of a scan. Text of the user's is bound or quoted outside, so they are nobody else's. */
const [OPEN, CLOSE] = ['\u0001', '\u0002']

/** One entry of a scan's list, to be left out where nothing asks for it. */
export const optional = (sql: string, name: string): string => `${OPEN}${sql} AS ${name}${CLOSE}`

const ENTRY = new RegExp(`${OPEN}([^${OPEN}${CLOSE}]*) AS (c\\d+r?)${CLOSE}, `, 'g')

/**
 * Leaves out the columns of scans that nothing above them names: a table has dozens, a query needs a few, and each of
 * them costs the engine work before it has read a row.
 */
export function withoutUnused(sql: string): string {
  let shorter = sql
  // What an entry that goes had named may go with it.
  for (let before = ''; before !== shorter; ) {
    before = shorter
    shorter = once(before)
  }
  return shorter
    .replace(ENTRY, (_, value: string, name: string) => `${value} AS ${name}, `)
    .replaceAll(`, ${END}`, '')
    .replaceAll(END, '1 AS none')
}

function once(sql: string): string {
  const defined = new Map<string, number>()
  for (const [, , name = ''] of sql.matchAll(ENTRY)) defined.set(name, (defined.get(name) ?? 0) + 1)
  if (defined.size === 0) return sql
  const named = new Map<string, number>()
  for (const [name] of sql.matchAll(/\bc\d+r?\b/g)) named.set(name, (named.get(name) ?? 0) + 1)
  return sql.replace(ENTRY, (entry, _value: string, name: string) => (named.get(name) === defined.get(name) ? '' : entry))
}

/** Stands at the end of a scan's list, where no comma may. */
export const END = '\u0003'
