import { Readable } from 'node:stream'
import { kqlSchemas } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { viewOf } from '../access/caller.ts'
import type { Asker } from '../access/read-acts.ts'
import { askerOf, callerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import type { RunningQueries } from '../hunt/running-queries.ts'
import { streamQuery } from '../query/stream-query.ts'
import { rowsJson } from './exact-json.ts'
import { parseTimespan } from './iso-timespan.ts'
import { logAnalyticsAnswer, logAnalyticsError, readPreferences } from './log-analytics-answer.ts'
import { BadRequest } from './query-fault.ts'
import { answerText, untilEnded } from './streamed-answer.ts'
import { clustersOf } from './workspace.ts'

/** Rows of an answer at most. Source: Azure Monitor service limits, query API. */
const MAX_ROWS = 500_000
/** Questions in a batch. Source: Azure Monitor, "Batch queries". */
const MAX_BATCH = 100

/** Who may query here; a caller with bounds is answered from inside them. */
const config = { access: { right: 'query', narrows: true } } as const

interface Asked {
  /** The store as the caller sees it. */
  readonly view: Store
  readonly workspace: string
  readonly body: unknown
  readonly prefer: unknown
  readonly by: string
  readonly asker: Asker
  /** The id under which it can be cancelled. */
  readonly id: string
  readonly running: RunningQueries
  readonly signal: AbortSignal
}

/**
 * The query API of Log Analytics, so that its clients find our tables. A workspace is a cluster, or `podwitness` for all.
 * Source: Azure Monitor, "Log Analytics query API"; `@azure/monitor-query` sends what is read here.
 */
export function mountLogAnalytics(
  app: FastifyInstance,
  store: Store,
  running: RunningQueries,
  onUnexpected: (error: Error) => void,
): void {
  const askedBy = (request: FastifyRequest, reply: FastifyReply): Omit<Asked, 'workspace' | 'body'> => ({
    view: viewOf(store, callerOf(request)),
    by: callerOf(request).name,
    asker: askerOf(request),
    id: String(request.headers['x-ms-client-request-id'] ?? request.id).slice(0, 200),
    prefer: request.headers.prefer,
    running,
    signal: disconnectSignal(reply),
  })
  app.register(async (scope) => {
    scope.setErrorHandler((error: Error, _request, reply) => {
      const { status, body } = logAnalyticsError(error)
      if (status === 500) onUnexpected(error)
      return reply.status(status).send(body)
    })
    // One client names the version in the path, a newer one in the address it is given.
    for (const root of ['/v1', '']) {
      scope.post<{ Params: { id: string } }>(`${root}/workspaces/:id/query`, { config }, (request, reply) =>
        send(reply, answer({ ...askedBy(request, reply), workspace: request.params.id, body: request.body })),
      )
      scope.get<{ Params: { id: string } }>(`${root}/workspaces/:id/query`, { config }, (request, reply) =>
        send(reply, answer({ ...askedBy(request, reply), workspace: request.params.id, body: request.query })),
      )
      scope.get<{ Params: { id: string } }>(`${root}/workspaces/:id/metadata`, { config }, async (request) =>
        metadata(viewOf(store, callerOf(request)), request.params.id),
      )
      scope.post(`${root}/$batch`, { config }, async (request, reply) =>
        send(reply, Promise.resolve(batch(readBatch(request.body), askedBy(request, reply)))),
      )
    }
    for (const method of ['GET', 'POST'] as const)
      scope.route<{ Params: { '*': string } }>({
        method,
        url: '/v1/subscriptions/*',
        config,
        handler: (request, reply) => {
          const workspace = resourceName(request.params['*'])
          return send(
            reply,
            answer({ ...askedBy(request, reply), workspace, body: method === 'GET' ? request.query : request.body }),
          )
        },
      })
  })
}

async function send(reply: FastifyReply, made: Promise<AsyncGenerator<string>>): Promise<FastifyReply> {
  return reply.type('application/json; charset=utf-8').send(Readable.from(await made))
}

/** `…/managedClusters/NAME/query` → NAME. */
function resourceName(path: string): string {
  const name = /(?:^|\/)([^/]+)\/query$/.exec(path)?.[1]
  if (name === undefined) throw new BadRequest('The path of a resource ends with its name and /query.')
  return name
}

/** The pieces of an answer, once the query has begun to give rows. */
async function answer(asked: Asked): Promise<AsyncGenerator<string>> {
  const { view, workspace, body, prefer, by, running } = asked
  const { query, timespan, workspaces } = readBody(body)
  const preferences = readPreferences(prefer)
  const clusters = await clustersOf(view, [workspace, ...workspaces])
  const range = timespan === '' ? {} : parseTimespan(timespan, Date.now())
  if (range === undefined)
    throw new BadRequest(`"${timespan}" is no timespan: use P1D, or two ISO 8601 times with / between them.`)
  const { timeoutMs } = preferences
  const { signal, end } = running.begin({
    id: running.freeId(asked.id),
    lang: 'kql',
    query,
    by,
    asker: asked.asker,
    ...range,
    signal: asked.signal,
  })
  try {
    const found = await streamQuery(view, { lang: 'kql', text: query, ...range, clusters, timeoutMs, limit: MAX_ROWS, signal })
    return untilEnded(
      answerText(found, (parts) => logAnalyticsAnswer(parts, preferences), rowsJson),
      end,
      asked.signal,
    )
  } catch (error) {
    end({ failed: true })
    throw error
  }
}

function readBody(body: unknown): { query: string; timespan: string; workspaces: string[] } {
  const { query, timespan = '', workspaces = [] } = (body ?? {}) as Record<string, unknown>
  if (typeof query !== 'string' || query.trim() === '') throw new BadRequest('The request has no "query".')
  if (timespan !== null && typeof timespan !== 'string') throw new BadRequest('"timespan" must be text.')
  const list = workspaces === null ? [] : workspaces
  if (!Array.isArray(list) || list.length > 100 || !list.every((one) => typeof one === 'string'))
    throw new BadRequest('"workspaces" must be a list of at most 100 names.')
  return { query, timespan: timespan ?? '', workspaces: list }
}

function readBatch(body: unknown): readonly unknown[] {
  const { requests } = (body ?? {}) as { requests?: unknown }
  if (!Array.isArray(requests) || requests.length > MAX_BATCH)
    throw new BadRequest(`"requests" must be a list of at most ${MAX_BATCH}.`)
  return requests as unknown[]
}

/** Every question has an answer of its own, in its own status; one after the other, so that a batch takes no more than one asker does. */
async function* batch(requests: readonly unknown[], asked: Omit<Asked, 'workspace' | 'body'>): AsyncGenerator<string> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' }
  yield '{"responses":['
  for (const [index, one] of requests.entries()) {
    const { id = '', workspace = '', body, headers: sent } = (one ?? {}) as Record<string, unknown>
    const [, prefer] = Object.entries((sent ?? {}) as object).find(([name]) => name.toLowerCase() === 'prefer') ?? []
    const head = (status: number): string =>
      `${index === 0 ? '' : ','}${JSON.stringify({ id: String(id), status, headers }).slice(0, -1)},"body":`
    try {
      const pieces = await answer({ ...asked, workspace: String(workspace), body, prefer })
      yield head(200)
      yield* pieces
    } catch (error) {
      const failed = logAnalyticsError(error)
      yield head(failed.status) + JSON.stringify(failed.body)
    }
    yield '}'
  }
  yield ']}'
}

/** The schema, for editors. Source: Azure Monitor, "Log Analytics query API: Metadata". */
async function metadata(store: Store, workspace: string): Promise<object> {
  await clustersOf(store, [workspace])
  const tables = kqlSchemas().map(({ name, timeColumn, columns }) => ({ id: name, name, timespanColumn: timeColumn, columns }))
  return { tables, workspaces: [{ id: workspace, name: workspace, tables: tables.map(({ id }) => id) }] }
}
