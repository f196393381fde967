import { editQuery, parseSearch, QueryError } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { compileQuestion, runQuery } from './run-query.ts'

interface Asked {
  readonly lang: 'sls' | 'kql'
  readonly query: string
  /** What is asked for from outside; an end that the query sets does not count. */
  readonly from: string
  readonly to: string
  readonly signal: AbortSignal
}

/**
 * From the first row to the last of a query that sets its own time; undefined for one that does not, null where there is
 * no such stretch: no rows, rows without a time, or an analysis part of SLS that sets a time which its search does not.
 */
export async function ownStretch(store: Store, asked: Asked): Promise<{ from: string; to: string } | null | undefined> {
  const { lang, query, from, to, signal } = asked
  const ownTime = async (text: string) => (await compileQuestion(store, { lang, text, ownTimeWins: true })).ownTime ?? []
  const ends = await ownTime(query)
  if (ends.length === 0) return undefined
  const text = await extentQuery(lang, query)
  if (lang === 'sls' && (await ownTime(text)).join() !== ends.join()) return null
  const bounds = { from: ends.includes('from') ? undefined : from, to: ends.includes('to') ? undefined : to }
  try {
    const { rows, columns } = await runQuery(store, { lang, text, ...bounds, signal })
    const [first, last] = ['a', 'b'].map((name) => timeMs(rows[0]?.[columns.findIndex((column) => column.name === name)]))
    if (first === undefined || last === undefined) return null
    // The end is not part of a stretch: the last row is to be in it.
    return { from: new Date(first).toISOString(), to: new Date(last + 1000).toISOString() }
  } catch (error) {
    if (error instanceof QueryError) return null
    throw error
  }
}

async function extentQuery(lang: 'sls' | 'kql', query: string): Promise<string> {
  if (lang === 'sls')
    return `${query.slice(0, parseSearch(query).end)} | select min(__time__) * 1000 as a, max(__time__) * 1000 as b`
  return `${await editQuery({ task: 'source', lang, text: query })}\n| summarize a = min(TimeGenerated), b = max(TimeGenerated)`
}

/** A time of an answer: milliseconds in SLS, ISO 8601 in KQL. */
function timeMs(value: unknown): number | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const ms = Number.isFinite(Number(value)) ? Number(value) : Date.parse(String(value))
  return Number.isNaN(ms) ? undefined : ms
}
