import type { QueryReply } from '@podwitness/api'
import {
  advauditCatalog,
  type CompiledQuery,
  compile,
  compileKql,
  declarations,
  engineFault,
  isFunctionCommand,
  namedWorkspaces,
  QueryError,
  stepOffsets,
} from '@podwitness/query'
import { type QueryAnswer, type Store, StoreError } from '@podwitness/store'
import { knownClusters } from '../readers/known-clusters.ts'
import { IdentityMap } from '../settings/identity-map.ts'
import { contentHash } from './content-hash.ts'
import { SavedFunctions } from './saved-functions.ts'

/** A question in one of the query languages. */
export interface QueryQuestion {
  readonly lang: 'sls' | 'kql' | 'sql'
  readonly text: string
  /** ISO 8601; both ends optional. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Whether an end of the range that the query sets itself takes the place of `from` or `to`. */
  readonly ownTimeWins?: boolean | undefined
  readonly limit?: number | undefined
  /** Rows of an analysis that names no number itself; `limit` where absent. */
  readonly defaultLimit?: number | undefined
  /** Search in SLS: rows left out before the first, and whether the oldest come first. */
  readonly skip?: number | undefined
  readonly oldestFirst?: boolean | undefined
  /** Only these clusters; every cluster where absent. Not for SQL, which names them itself. */
  readonly clusters?: readonly string[] | undefined
  /** Values of KQL's `declare query_parameters`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Milliseconds the engine may work; never more than the account's own limit. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal
  /** Whether the answer says what it holds by a hash. */
  readonly contentHash?: boolean | undefined
  /** Whether who asks may save functions. */
  readonly mayChange?: boolean | undefined
}

/** Rows given where the question sets no limit. */
const DEFAULT_ROWS = 10_000
/** Rows of a question that the compiler itself puts to the data; it says when they are too many. */
const SCHEMA_ROWS = 10_000

/** Runs a statement of the compiler under the limits of the question. */
type Run = (sql: string, params: Readonly<Record<string, unknown>>, maxRows: number) => Promise<QueryAnswer>

/** Compiles a question, asking the store what only the data know. Throws QueryError for a wrong one. */
export async function compileQuestion(store: Store, question: QueryQuestion): Promise<CompiledQuery> {
  const { lang, text, from, to, limit = DEFAULT_ROWS, clusters, parameters, skip, oldestFirst } = question
  const shared = {
    text,
    limit: question.defaultLimit ?? limit,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(question.ownTimeWins === true ? { ownTimeWins: true } : {}),
    ...(clusters === undefined ? {} : { clusters }),
  }
  const paging = { ...(skip === undefined ? {} : { skip }), ...(oldestFirst === undefined ? {} : { oldestFirst }) }
  if (lang !== 'kql') return compile({ lang, ...shared, ...paging, catalog: advauditCatalog })
  const run = runner(store, question)
  const ask = async (sql: string, params: Readonly<Record<string, unknown>>) => (await run(sql, params, SCHEMA_ROWS)).rows
  const workspaces = await knownClusters(store, namedWorkspaces(text))
  const named = WHO.test(text) ? { identities: await new IdentityMap(store).list() } : {}
  const request = { ...shared, ...named, workspaces, ...(parameters === undefined ? {} : { parameters }) }
  if (SHOWS_FUNCTIONS.test(text)) return compileKql({ ...request, functions: await new SavedFunctions(store).all() }, ask)
  try {
    return await compileKql(request, ask)
  } catch (error) {
    // Only a name that is not known otherwise can be one of a saved function.
    if (!(error instanceof QueryError) || !UNKNOWN_NAME.has(error.code)) throw error
    const functions = await new SavedFunctions(store).all()
    if (declarations(text, functions) === '') throw error
    return compileKql({ ...request, functions }, ask)
  }
}

/** The columns for which the identity map is read. */
const WHO = /\b(?:Person|Team|AccountUid)\b/
const UNKNOWN_NAME: ReadonlySet<string> = new Set(['PW-QY-001', 'PW-QY-002', 'PW-QY-003', 'PW-QY-004', 'PW-QY-006'])
const SHOWS_FUNCTIONS = /^\s*\.\s*show\s+functions?\b/i

function runner(store: Store, { timeoutMs, signal }: QueryQuestion): Run {
  const limits = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) }
  return (sql, params, maxRows) => store.reader.query({ sql, params, profile: 'hunt', maxRows, ...limits })
}

/**
 * Compiles a question and runs it with the read-only profile.
 *
 * @throws QueryError for a wrong question, StoreError for a failed run.
 */
export async function runQuery(store: Store, question: QueryQuestion): Promise<QueryReply> {
  const { lang, limit = DEFAULT_ROWS } = question
  if (lang === 'kql' && isFunctionCommand(question.text)) return changeFunctions(store, question)
  const { compiled, answer } = await withPlace(store, question, async () => {
    const made = await compileQuestion(store, question)
    return { compiled: made, answer: await runner(store, question)(made.sql, made.params, limit) }
  })
  // KQL names types of its own; the other two show the engine's.
  const named = (lang === 'kql' ? compiled.columns : undefined) ?? answer.columns
  const columns = named.map(({ name, type }) => ({ name, type }))
  const rows = answer.rows.map((row) => [...row])
  return {
    columns,
    rows,
    stats: {
      rows: answer.rows.length,
      scannedRows: answer.stats.rowsRead,
      scannedBytes: answer.stats.bytesRead,
      elapsedMs: answer.stats.elapsedMs,
      truncated: answer.stats.truncated,
    },
    ...(question.contentHash === true ? { contentHash: contentHash({ columns, rows }) } : {}),
    ...(compiled.ownTime === undefined ? {} : { ownTime: [...compiled.ownTime] }),
    ...(compiled.render === undefined ? {} : { render: renderOf(compiled.render) }),
  }
}

function changeFunctions(store: Store, { text, mayChange }: QueryQuestion): Promise<QueryReply> {
  if (mayChange === true) return new SavedFunctions(store).run(text, Date.now())
  const hint = 'Ask a hunter or an administrator of podwitness.'
  throw new QueryError('PW-QY-006', 'Functions are not changed from here.', { text, offset: 0 }, { hint })
}

/** Longest time that is spent on finding the step of a query at which the engine fails. */
const FINDING_MS = 10_000

/** Says where in a KQL query the fault is that the engine met. */
export async function withPlace<T>(store: Store, question: QueryQuestion, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (question.lang !== 'kql' || !(error instanceof StoreError)) throw error
    const fault = engineFault(question.text, error.message, error.engineCode)
    if (fault === undefined) throw error
    if (fault.line + fault.column > 2) throw fault
    const offset = await failingStep(store, question, error.engineCode)
    throw engineFault(question.text, error.message, error.engineCode, offset) ?? error
  }
}

/** Where the first step begins without which the engine does not fail that way. */
async function failingStep(store: Store, question: QueryQuestion, engineCode: number): Promise<number> {
  const steps = stepOffsets(question.text)
  const end = Date.now() + FINDING_MS
  let [good, bad] = [-1, steps.length - 1]
  while (bad - good > 1 && Date.now() < end) {
    const middle = Math.floor((good + bad) / 2)
    const shorter = { ...question, text: question.text.slice(0, steps[middle]?.end), timeoutMs: 3_000 }
    if (await failsWith(store, shorter, engineCode)) bad = middle
    else good = middle
  }
  return bad - good > 1 ? 0 : (steps[bad]?.start ?? 0)
}

async function failsWith(store: Store, question: QueryQuestion, engineCode: number): Promise<boolean> {
  try {
    const { sql, params } = await compileQuestion(store, question)
    await runner(store, question)(sql, params, DEFAULT_ROWS)
    return false
  } catch (error) {
    return error instanceof StoreError && error.engineCode === engineCode
  }
}

export type Render = NonNullable<QueryReply['render']>

export function renderOf({ visualization, properties }: NonNullable<CompiledQuery['render']>): Render {
  const list = Object.entries(properties).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]] as const)
  return { visualization, properties: Object.fromEntries(list) }
}
