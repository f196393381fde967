import { kqlSchemas } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { viewOf } from '../access/caller.ts'
import { callerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import { runQuery } from '../run-query.ts'
import { exactJson } from './exact-json.ts'
import { parseTimespan } from './iso-timespan.ts'
import { logAnalyticsAnswer, logAnalyticsError, readPreferences } from './log-analytics-answer.ts'
import { BadRequest } from './query-fault.ts'
import { clustersOf } from './workspace.ts'

/** Rows of an answer at most; the engine's account allows no more. */
const MAX_ROWS = 100_000
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
  readonly signal: AbortSignal
}

/**
 * The query API of Log Analytics, so that its clients find our tables. A workspace is a cluster, or `podwitness` for all.
 * Source: Azure Monitor, "Log Analytics query API"; `@azure/monitor-query` sends what is read here.
 */
export function mountLogAnalytics(app: FastifyInstance, store: Store, onUnexpected: (error: Error) => void): void {
  app.register(async (scope) => {
    scope.setErrorHandler((error: Error, _request, reply) => {
      const { status, body } = logAnalyticsError(error)
      if (status === 500) onUnexpected(error)
      return reply.status(status).send(body)
    })
    // One client names the version in the path, a newer one in the address it is given.
    for (const root of ['/v1', '']) {
      scope.post<{ Params: { id: string } }>(`${root}/workspaces/:id/query`, { config }, (request, reply) =>
        send(reply, answer({ ...askedBy(store, request, reply), workspace: request.params.id, body: request.body })),
      )
      scope.get<{ Params: { id: string } }>(`${root}/workspaces/:id/query`, { config }, (request, reply) =>
        send(reply, answer({ ...askedBy(store, request, reply), workspace: request.params.id, body: request.query })),
      )
      scope.get<{ Params: { id: string } }>(`${root}/workspaces/:id/metadata`, { config }, async (request) =>
        metadata(viewOf(store, callerOf(request)), request.params.id),
      )
      scope.post(`${root}/$batch`, { config }, async (request, reply) =>
        send(reply, batch(request, askedBy(store, request, reply))),
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
            answer({ ...askedBy(store, request, reply), workspace, body: method === 'GET' ? request.query : request.body }),
          )
        },
      })
  })
}

function askedBy(store: Store, request: FastifyRequest, reply: FastifyReply): Pick<Asked, 'view' | 'prefer' | 'signal'> {
  return { view: viewOf(store, callerOf(request)), prefer: request.headers.prefer, signal: disconnectSignal(reply) }
}

async function send(reply: FastifyReply, made: Promise<object>): Promise<FastifyReply> {
  return reply.type('application/json; charset=utf-8').send(exactJson(await made))
}

/** `…/managedClusters/NAME/query` → NAME. */
function resourceName(path: string): string {
  const name = /(?:^|\/)([^/]+)\/query$/.exec(path)?.[1]
  if (name === undefined) throw new BadRequest('The path of a resource ends with its name and /query.')
  return name
}

async function answer({ view, workspace, body, prefer, signal }: Asked): Promise<object> {
  const { query, timespan, workspaces } = readBody(body)
  const preferences = readPreferences(prefer)
  const clusters = await clustersOf(view, [workspace, ...workspaces])
  const range = timespan === '' ? {} : parseTimespan(timespan, Date.now())
  if (range === undefined)
    throw new BadRequest(`"${timespan}" is no timespan: use P1D, or two ISO 8601 times with / between them.`)
  const { timeoutMs } = preferences
  const reply = await runQuery(view, { lang: 'kql', text: query, ...range, clusters, timeoutMs, limit: MAX_ROWS, signal })
  return logAnalyticsAnswer(reply, preferences)
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

/** Every question has an answer of its own, in its own status; one after the other, so that a batch takes no more than one asker does. */
async function batch(request: FastifyRequest, by: Pick<Asked, 'view' | 'signal'>): Promise<object> {
  const { requests } = (request.body ?? {}) as { requests?: unknown }
  if (!Array.isArray(requests) || requests.length > MAX_BATCH)
    throw new BadRequest(`"requests" must be a list of at most ${MAX_BATCH}.`)
  const { view, signal } = by
  const responses: object[] = []
  for (const one of requests as unknown[]) {
    const { id, workspace, body, headers } = (one ?? {}) as Record<string, unknown>
    const prefer = Object.entries((headers ?? {}) as Record<string, unknown>).find(
      ([name]) => name.toLowerCase() === 'prefer',
    )?.[1]
    responses.push({
      id: String(id ?? ''),
      ...(await single({ view, workspace: String(workspace ?? ''), body, prefer, signal })),
    })
  }
  return { responses }
}

async function single(asked: Asked): Promise<object> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' }
  try {
    return { status: 200, headers, body: await answer(asked) }
  } catch (error) {
    return { ...logAnalyticsError(error), headers }
  }
}

/** The schema, for editors. Source: Azure Monitor, "Log Analytics query API: Metadata". */
async function metadata(store: Store, workspace: string): Promise<object> {
  await clustersOf(store, [workspace])
  const tables = kqlSchemas().map(({ name, timeColumn, columns }) => ({ id: name, name, timespanColumn: timeColumn, columns }))
  return { tables, workspaces: [{ id: workspace, name: workspace, tables: tables.map(({ id }) => id) }] }
}
