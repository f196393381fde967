import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { advauditCatalog, compileSlsHistogram, parseSearch } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, viewOf } from '../access/caller.ts'
import { ACCESS_KEY_ID, type Access } from '../http/access.ts'
import { admit, askerOf, callerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import type { RunningQueries } from '../hunt/running-queries.ts'
import { histogramStep } from '../query/histogram-step.ts'
import { streamQuery } from '../query/stream-query.ts'
import {
  analysedLogs,
  type LogsMeta,
  metaBody,
  metaHeaders,
  openHeaders,
  SlsFault,
  searchedLogs,
  slsError,
} from './sls-answer.ts'
import { type Asked, rangeOf, readAsked, readBody } from './sls-asked.ts'
import { accessKeyIdOf, signatureFault } from './sls-signature.ts'
import { untilEnded } from './streamed-answer.ts'
import { type BegunLogs, beginLogs } from './streamed-logs.ts'
import { databaseNames } from './workspace.ts'

/** Rows of an analysis. Source: SLS, LIMIT clause. */
const MAX_ROWS = 1_000_000
/** Parts a histogram is cut into at most. */
const MAX_BUCKETS = 60
const { prefix, fields } = advauditCatalog.logstore
const JSON_FIELDS = new Set(fields.filter(({ type }) => type === 'json').map(({ name }) => name))

/** Who may query here, known by their signature once the body is read. */
const config = { access: { right: 'query', narrows: true, signed: true } } as const

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
    scope.get('/logstores', { config }, (request) => listLogstores(viewOf(store, callerOf(request))))
    scope.get('/logstores/:logstore', { config }, async (request: Request, reply: FastifyReply) => {
      const view = viewOf(store, callerOf(request))
      const asked = await readAsked(view, request.params.logstore, request.query)
      if (request.query.type === 'histogram') return histogram(view, asked, reply)
      if ((request.query.type ?? 'log') !== 'log') throw new SlsFault(400, 'ParameterInvalid', 'type must be log or histogram.')
      const { search, analysis, begun } = await getLogs({ view, asked, request, reply, running })
      const { columns, held, rest } = begun
      const meta = (): LogsMeta => ({ search, analysis, columns, stats: begun.stats() })
      reply.headers(rest === undefined ? metaHeaders(meta()) : openHeaders(analysis))
      return send(reply, '[', { held, rest }, () => ']')
    })
    scope.post('/logstores/:logstore/logs', { config }, async (request: Request, reply: FastifyReply) => {
      const view = viewOf(store, callerOf(request))
      const asked = await readAsked(view, request.params.logstore, readBody(request.body))
      const { search, analysis, begun } = await getLogs({ view, asked, request, reply, running })
      const { columns, held, rest } = begun
      const meta = (): LogsMeta => ({ search, analysis, columns, stats: begun.stats() })
      reply.headers(rest === undefined ? metaHeaders(meta()) : openHeaders(analysis))
      // The rows decide what `meta` says, so it stands behind them.
      return send(reply, '{"data":[', { held, rest }, () => `],"meta":${JSON.stringify(metaBody(meta()))}}`)
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

interface Asking {
  readonly view: Store
  readonly asked: Asked
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly running: RunningQueries
}

/** A query is known by the id its answer has, and ends where it is cancelled by it, or with the connection of who asks. */
async function getLogs({ view, asked, request, reply, running }: Asking) {
  const { query, clusters, lines, offset, newestFirst } = asked
  const { end: bar } = parseSearch(query)
  const [search, analysis] = [query.slice(0, bar).trim(), query.slice(bar + 1).trim()]
  const gone = disconnectSignal(reply)
  const id = String(reply.getHeader('x-log-requestid'))
  const who = { by: callerOf(request).name, asker: askerOf(request) }
  const { signal, end } = running.begin({ id, lang: 'sls', query, ...who, ...rangeOf(asked), signal: gone })
  try {
    const question = { lang: 'sls' as const, text: query, clusters, ...rangeOf(asked), signal }
    const paged = { limit: lines, skip: offset, oldestFirst: !newestFirst }
    const found = await streamQuery(
      view,
      analysis === '' ? { ...question, ...paged } : { ...question, defaultLimit: 100, limit: MAX_ROWS },
    )
    const begun = await beginLogs(found, (rows) => (analysis === '' ? searchedLogs(rows, JSON_FIELDS) : analysedLogs(rows)))
    const { rest } = begun
    if (rest === undefined) end({ rows: begun.stats().rows })
    return { search, analysis, begun: rest === undefined ? begun : { ...begun, rest: untilEnded(rest, end, gone) } }
  } catch (error) {
    end({ failed: true })
    throw error
  }
}

type Pieces = Pick<BegunLogs, 'held'> & { readonly rest: BegunLogs['rest'] | undefined }

function send(reply: FastifyReply, before: string, { held, rest }: Pieces, after: () => string): FastifyReply {
  reply.type('application/json; charset=utf-8')
  if (rest === undefined) return reply.send(before + held + after())
  return reply.send(Readable.from(wrapped(before + held, rest, after)))
}

async function* wrapped(before: string, rest: AsyncGenerator<string>, after: () => string): AsyncGenerator<string> {
  yield before
  yield* rest
  yield after()
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
