import { advauditCatalog } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { SlsFault } from './sls-answer.ts'
import { clustersOf, UnknownWorkspace } from './workspace.ts'

/** Logs of a search in one answer. Source: SLS API reference, GetLogs, `line`. */
const MAX_LINES = 100
const { prefix } = advauditCatalog.logstore

/** What a request asks for, from its query string or its body. */
export interface Asked {
  readonly clusters: string[] | undefined
  readonly query: string
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly lines: number
  readonly offset: number
  readonly newestFirst: boolean
}

export function rangeOf({ fromSeconds, toSeconds }: Asked): { from: string; to: string } {
  return { from: new Date(fromSeconds * 1000).toISOString(), to: new Date(toSeconds * 1000).toISOString() }
}

/** @throws SlsFault for a body that is no JSON object. */
export function readBody(body: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Said below.
  }
  throw new SlsFault(400, 'PostBodyInvalid', 'The body is not a JSON object.')
}

/** @throws SlsFault for a parameter that is wrong, or a logstore that is none. */
export async function readAsked(store: Store, logstore: string, given: Readonly<Record<string, unknown>>): Promise<Asked> {
  const [fromSeconds, toSeconds] = [given.from, given.to].map(Number) as [number, number]
  const good = (seconds: number): boolean => Number.isInteger(seconds) && seconds >= 0 && seconds < 8.64e12
  if (given.from === undefined || given.to === undefined || !good(fromSeconds) || !good(toSeconds))
    throw new SlsFault(400, 'ParameterInvalid', 'from and to are Unix seconds.')
  if (fromSeconds >= toSeconds) throw new SlsFault(400, 'InvalidTimeRange', 'from must be before to.')
  const lines = Number(given.line ?? MAX_LINES)
  const offset = Number(given.offset ?? 0)
  if (!Number.isInteger(lines) || lines < 0 || lines > MAX_LINES)
    throw new SlsFault(400, 'ParameterInvalid', `line is 0 to ${MAX_LINES}.`)
  if (!Number.isInteger(offset) || offset < 0 || offset > 1_000_000)
    throw new SlsFault(400, 'ParameterInvalid', 'offset is 0 to 1000000.')
  return {
    clusters: await clustersOfLogstore(store, logstore),
    query: String(given.query ?? ''),
    fromSeconds,
    toSeconds,
    lines,
    offset,
    newestFirst: String(given.reverse ?? 'false') === 'true',
  }
}

/** `advaudit-<cluster>`, or `advaudit` for every cluster. */
async function clustersOfLogstore(store: Store, logstore: string): Promise<string[] | undefined> {
  if (`${logstore}-` === prefix) return undefined
  const missing = new SlsFault(
    404,
    'LogStoreNotExist',
    `logstore ${logstore} does not exist; their names are ${prefix}<cluster>.`,
  )
  if (!logstore.startsWith(prefix)) throw missing
  try {
    return await clustersOf(store, [logstore.slice(prefix.length)])
  } catch (error) {
    throw error instanceof UnknownWorkspace ? missing : error
  }
}
