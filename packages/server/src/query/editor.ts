import type { editorCompleteRoute, histogramRoute, RouteInput, RouteReply } from '@podwitness/api'
import { advauditCatalog, compileSlsHistogram, editQuery, QueryError, type ValuePlace, valuePlace } from '@podwitness/query'
import { type Store, StoreError } from '@podwitness/store'
import { histogramStep } from './histogram-step.ts'
import { ownStretch } from './own-stretch.ts'
import { runQuery } from './run-query.ts'
import { SavedFunctions } from './saved-functions.ts'

type Completions = RouteReply<typeof editorCompleteRoute>
type Histogram = RouteReply<typeof histogramRoute>

/** Values shown at most, and the rows they are looked for among in SLS and KQL alike: all of the time range. */
const MAX_VALUES = 50
/** Longest a person who types is kept waiting for values. */
const VALUES_TIMEOUT_MS = 2_000
const MAX_BUCKETS = 60

/** What could stand at the cursor: values of the store inside a value, what the language has elsewhere. */
export async function completeQuery(
  store: Store,
  { lang, text, position, from, to }: RouteInput<typeof editorCompleteRoute>['body'],
  signal: AbortSignal,
): Promise<Completions> {
  const place = valuePlace(lang, text, position)
  if (place === undefined) {
    const functions = lang === 'kql' ? await new SavedFunctions(store).all() : []
    const list = await editQuery({ task: 'complete', lang, text, position, functions })
    return { ...list, items: [...list.items] }
  }
  const values = await topValues(store, lang, place, { from, to, signal })
  return { from: place.from, to: place.to, items: values }
}

/** The most frequent values of a field that begin with what is typed. Where they cannot be had in time there are none. */
async function topValues(
  store: Store,
  lang: 'sls' | 'kql' | 'sql',
  { field, table, typed }: ValuePlace,
  range: { from: string | undefined; to: string | undefined; signal: AbortSignal },
): Promise<Completions['items']> {
  const question =
    lang === 'kql'
      ? {
          text: `declare query_parameters(typed:string); ${table} | where ['${field}'] startswith typed and isnotempty(['${field}']) | summarize n = count() by v = tostring(['${field}']) | top ${MAX_VALUES} by n`,
          parameters: { typed },
        }
      : {
          text: `* | select v, count(*) as n from (select cast("${field}" as varchar) as v from log) where lower(v) like lower('${likeText(typed)}%') group by v order by n desc limit ${MAX_VALUES}`,
        }
  try {
    const { rows, columns } = await runQuery(store, {
      lang: lang === 'kql' ? 'kql' : 'sls',
      ...question,
      ...range,
      timeoutMs: VALUES_TIMEOUT_MS,
    })
    const [v, n] = ['v', 'n'].map((name) => columns.findIndex((column) => column.name === name)) as [number, number]
    return rows.map((row) => ({ label: String(row[v]), kind: 'value', before: String(row[v]), after: '', count: Number(row[n]) }))
  } catch (error) {
    // A field that does not exist is said by the diagnosis; a store that is busy says nothing.
    if (error instanceof QueryError || error instanceof StoreError) return []
    throw error
  }
}

/** Text inside quotes of SLS, for `like`; what would be a wildcard there cannot be said, so less is asked. */
function likeText(typed: string): string {
  return (/^[^%_]*/.exec(typed)?.[0] ?? '').replaceAll("'", "''")
}

/** How many rows a query is about, by time: every bucket of the range, empty ones too. */
export async function queryHistogram(
  store: Store,
  { lang, query, from, to, ownTimeWins, buckets = MAX_BUCKETS }: RouteInput<typeof histogramRoute>['body'],
  signal: AbortSignal,
): Promise<Histogram> {
  if (!(Date.parse(from) < Date.parse(to)))
    throw new QueryError('PW-QY-008', 'The time range ends before it begins.', { text: query, offset: 0 })
  const own = ownTimeWins === true ? await ownStretch(store, { lang, query, from, to, signal }) : undefined
  if (own === null) return { stepSeconds: 1, from, to, total: 0, buckets: [] }
  const stretch = own ?? { from, to }
  const [start, end] = [Date.parse(stretch.from) / 1000, Date.parse(stretch.to) / 1000]
  const step = histogramStep(end - start, buckets)
  const count = lang === 'sls' ? slsCounts : kqlCounts
  const counts = await count(store, query, { ...stretch, step, signal })
  // What was never stored (print, range, datatable) has no place in time: that is no fault of the question.
  if (counts === undefined) return { stepSeconds: step, ...stretch, total: 0, buckets: [] }
  const list: Histogram['buckets'] = []
  let total = 0
  for (let at = Math.floor(start / step) * step; at < end; at += step) {
    const count = counts.get(at) ?? 0
    total += count
    list.push({ time: new Date(at * 1000).toISOString(), count })
  }
  return { stepSeconds: step, ...stretch, total, buckets: list }
}

interface Stretch {
  readonly from: string
  readonly to: string
  readonly step: number
  readonly signal: AbortSignal
}

async function slsCounts(store: Store, text: string, { from, to, step, signal }: Stretch): Promise<Map<number, number>> {
  const { sql, params } = compileSlsHistogram({ lang: 'sls', text, from, to, catalog: advauditCatalog }, step)
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt', signal })
  return new Map(rows.map(([bucket, n]) => [Number(bucket), Number(n)]))
}

/** Undefined where the rows have no time. */
async function kqlCounts(
  store: Store,
  query: string,
  { from, to, step, signal }: Stretch,
): Promise<Map<number, number> | undefined> {
  const source = await editQuery({ task: 'source', lang: 'kql', text: query })
  const { columns: has } = await runQuery(store, { lang: 'kql', text: `${source}\n| take 0`, from, to, signal })
  if (!has.some(({ name, type }) => name === 'TimeGenerated' && type === 'datetime')) return undefined
  const text = `${source}\n| summarize n = count() by t = tolong((TimeGenerated - datetime(1970-01-01)) / ${step}s)`
  const { rows, columns } = await runQuery(store, { lang: 'kql', text, from, to, signal })
  const [t, n] = ['t', 'n'].map((name) => columns.findIndex((column) => column.name === name)) as [number, number]
  return new Map(rows.filter((row) => row[t] !== null).map((row) => [Number(row[t]) * step, Number(row[n])]))
}
