import { randomUUID } from 'node:crypto'
import { advauditCatalog, compileSlsHistogram, parseSearch } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, viewOf } from '../access/caller.ts'
import { ACCESS_KEY_ID, type Access } from '../http/access.ts'
import { admit, askerOf, callerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import type { RunningQueries } from '../hunt/running-queries.ts'
import { histogramStep } from '../query/histogram-step.ts'
import { runQuery } from '../query/run-query.ts'
import { analysedLogs, type LogsMeta, metaBody, metaHeaders, SlsFault, searchedLogs, slsError } from './sls-answer.ts'
import { accessKeyIdOf, signatureFault } from './sls-signature.ts'
import { clustersOf, databaseNames, UnknownWorkspace } from './workspace.ts'

/** Logs of a search in one answer. Source: SLS API reference, GetLogs, `line`. */
const MAX_LINES = 100
/** Rows of an analysis. Source: SLS, LIMIT clause: no more than 1,000,000; the engine's account allows this many. */
const MAX_ROWS = 100_000
/** Parts a histogram is cut into at most. */
const MAX_BUCKETS = 60
const { prefix, fields } = advauditCatalog.logstore
const JSON_FIELDS = new Set(fields.filter(({ type }) => type === 'json').map(({ name }) => name))

/** Who may query here, known by their signature once the body is read. */
const config = { access: { right: 'query', narrows: true, signed: true } } as const

/** What a request asks for, from its query string or its body. */
interface Asked {
  readonly clusters: string[] | undefined
  readonly query: string
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly lines: number
  readonly offset: number
  readonly newestFirst: boolean
}

type Request = FastifyRequest<{ Params: { logstore: string }; Querystring: Record<string, string> }>

/**
 * The query API of Alibaba Cloud's Simple Log Service, so that scripts written for it find the logstores
 * `advaudit-<cluster>`. Source: SLS API reference (2020-12-30): GetLogs, GetLogsV2, GetHistograms, ListLogStores.
 */
export function mountSls(
  app: FastifyInstance,
  access: Access,
  store: Store,
  running: RunningQueries,
  onUnexpected: (error: Error) => void,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('preHandler', async (request, reply) => {
      reply.header('x-log-requestid', randomUUID())
      await admit(request, await callerBySignature(access, request), access)
    })
    scope.setErrorHandler((error: Error, _request, reply) => {
      const { status, headers, body } = slsError(error)
      if (status === 500) onUnexpected(error)
      return reply.status(status).headers(headers).send(body)
    })
    /** A query is known by the id its answer has, and ends where it is cancelled by it. */
    const listed = <T>(request: FastifyRequest, reply: FastifyReply, query: string, work: (signal: AbortSignal) => Promise<T>) =>
      running.run(
        {
          id: String(reply.getHeader('x-log-requestid')),
          lang: 'sls',
          query,
          by: callerOf(request).name,
          asker: askerOf(request),
          signal: disconnectSignal(reply),
        },
        work,
      )
    scope.get('/logstores', { config }, (request) => listLogstores(viewOf(store, callerOf(request))))
    scope.get('/logstores/:logstore', { config }, async (request: Request, reply: FastifyReply) => {
      const view = viewOf(store, callerOf(request))
      const asked = await readAsked(view, request.params.logstore, request.query)
      if (request.query.type === 'histogram') return histogram(view, asked, reply)
      if ((request.query.type ?? 'log') !== 'log') throw new SlsFault(400, 'ParameterInvalid', 'type must be log or histogram.')
      const { meta, logs } = await listed(request, reply, asked.query, (signal) => getLogs(view, asked, signal))
      return reply.headers(metaHeaders(meta)).send(logs)
    })
    scope.post('/logstores/:logstore/logs', { config }, async (request: Request, reply: FastifyReply) => {
      const view = viewOf(store, callerOf(request))
      const asked = await readAsked(view, request.params.logstore, readBody(request.body))
      const { meta, logs } = await listed(request, reply, asked.query, (signal) => getLogs(view, asked, signal))
      return reply.headers(metaHeaders(meta)).send({ meta: metaBody(meta), data: logs })
    })
  })
}

/** @throws SlsFault where neither a signature with a key of ours nor a token comes with the request. */
async function callerBySignature(access: Access, request: FastifyRequest): Promise<Caller> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value ?? '')]))
  const id = accessKeyIdOf(headers.authorization ?? '')
  if (id === undefined) return access.check(request)
  if (id !== ACCESS_KEY_ID && !/^[0-9a-f]{16}$/.test(id))
    throw new SlsFault(
      401,
      'Unauthorized',
      `The access key id is that of an API token, or "${ACCESS_KEY_ID}" with the server's own token.`,
    )
  const [path = ''] = request.url.split('?')
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const query = Object.fromEntries(new URL(request.url, 'http://localhost').searchParams)
  let fault: string | undefined
  const caller = await access.checkSigned(request, id, (secret) => {
    fault = signatureFault({ method: request.method, path, query, headers, body }, secret, Date.now())
    return fault === undefined
  })
  if (caller !== undefined) return caller
  if (fault === 'RequestTimeTooSkewed')
    throw new SlsFault(400, fault, 'The date of the request is more than 15 minutes from now.')
  if (fault === 'InvalidContentDigest')
    throw new SlsFault(400, 'PostBodyInvalid', 'The body is not the one its digest was made of.')
  throw new SlsFault(401, 'SignatureNotMatch', 'The signature is not the one the request should have.')
}

async function listLogstores(store: Store): Promise<object> {
  const clusters = (await databaseNames(store)).slice(1)
  const logstores = clusters.map((cluster) => `${prefix}${cluster}`)
  return { count: logstores.length, total: logstores.length, logstores }
}

async function getLogs(store: Store, asked: Asked, signal: AbortSignal): Promise<{ meta: LogsMeta; logs: object }> {
  const { end } = parseSearch(asked.query)
  const [search, analysis] = [asked.query.slice(0, end).trim(), asked.query.slice(end + 1).trim()]
  const question = {
    lang: 'sls' as const,
    text: asked.query,
    clusters: asked.clusters,
    ...rangeOf(asked),
    signal,
  }
  const found =
    analysis === ''
      ? await runQuery(store, { ...question, limit: asked.lines, skip: asked.offset, oldestFirst: !asked.newestFirst })
      : await runQuery(store, { ...question, defaultLimit: 100, limit: MAX_ROWS })
  return {
    meta: { search, analysis, reply: found },
    logs: analysis === '' ? searchedLogs(found, JSON_FIELDS) : analysedLogs(found),
  }
}

async function histogram(store: Store, asked: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const { fromSeconds, toSeconds, clusters, query: text } = asked
  const step = histogramStep(toSeconds - fromSeconds, MAX_BUCKETS)
  const request = { lang: 'sls' as const, text, ...rangeOf(asked), catalog: advauditCatalog }
  const { sql, params } = compileSlsHistogram({ ...request, ...(clusters === undefined ? {} : { clusters }) }, step)
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt', signal: disconnectSignal(reply) })
  const counts = new Map(rows.map(([bucket, n]) => [Number(bucket), Number(n)]))
  const buckets: object[] = []
  let count = 0
  for (let start = Math.floor(fromSeconds / step) * step; start < toSeconds; start += step) {
    const n = counts.get(start) ?? 0
    count += n
    buckets.push({ from: Math.max(start, fromSeconds), to: Math.min(start + step, toSeconds), count: n, progress: 'Complete' })
  }
  return reply.headers({ 'x-log-progress': 'Complete', 'x-log-count': `${count}` }).send(buckets)
}

function rangeOf({ fromSeconds, toSeconds }: Asked): { from: string; to: string } {
  return { from: new Date(fromSeconds * 1000).toISOString(), to: new Date(toSeconds * 1000).toISOString() }
}

function readBody(body: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Said below.
  }
  throw new SlsFault(400, 'PostBodyInvalid', 'The body is not a JSON object.')
}

async function readAsked(store: Store, logstore: string, given: Readonly<Record<string, unknown>>): Promise<Asked> {
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
