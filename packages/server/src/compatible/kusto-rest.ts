import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { roleMay } from '@podwitness/api'
import { isFunctionCommand } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, viewOf } from '../access/caller.ts'
import { askerOf, callerOf } from '../http/authorise.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import type { RunningQueries } from '../hunt/running-queries.ts'
import { runQuery } from '../query/run-query.ts'
import { maySaveFunctions, SavedFunctions } from '../query/saved-functions.ts'
import { streamQuery } from '../query/stream-query.ts'
import { exactJson } from './exact-json.ts'
import { answerV1, answerV2, commandAnswer, kustoError, kustoRows } from './kusto-answer.ts'
import { runCommand } from './kusto-commands.ts'
import { BadRequest } from './query-fault.ts'
import { type AnswerParts, answerText } from './streamed-answer.ts'
import { clustersOf, databaseNames } from './workspace.ts'

/** Rows of an answer at most. Source: Kusto documentation, "Query limits", result truncation. */
const MAX_ROWS = 500_000

/** Who may query here; a caller with bounds is answered from inside them. */
const config = { access: { right: 'query', narrows: true } } as const

interface Asked {
  readonly db: string
  readonly csl: string
  readonly limit: number
  readonly timeoutMs: number | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly from: string | undefined
  readonly to: string | undefined
}

/**
 * The REST API of Kusto, so that its clients find our tables. A database is a cluster, or `podwitness` for all of them.
 * Source: Kusto REST API, "Query/management HTTP request"; `azure-kusto-data` sends what is read here.
 */
export function mountKusto(
  app: FastifyInstance,
  store: Store,
  running: RunningQueries,
  onUnexpected: (error: Error) => void,
): void {
  app.register(async (scope) => {
    const named = (request: FastifyRequest, reply: FastifyReply) =>
      reply.header('x-ms-client-request-id', requestId(request)).header('x-ms-activity-id', randomUUID())
    scope.addHook('onRequest', async (request, reply) => void named(request, reply))
    scope.setErrorHandler((error: Error, request, reply) => {
      const { status, body } = kustoError(error, requestId(request))
      if (status === 500) onUnexpected(error)
      return named(request, reply).status(status).send(body)
    })
    const query = async (request: FastifyRequest, reply: FastifyReply, write: (parts: AnswerParts, id: string) => object) => {
      const asked = readBody(request.body)
      const view = viewOf(store, callerOf(request))
      // Some clients send commands here too.
      if (asked.csl.trimStart().startsWith('.')) return send(reply, await command(view, asked, callerOf(request), running))
      const clusters = await clustersOf(view, [asked.db])
      const { csl: text, limit, timeoutMs, parameters, from, to } = asked
      const named = {
        id: requestId(request),
        lang: 'kql',
        query: text,
        by: callerOf(request).name,
        asker: askerOf(request),
        from,
        to,
      } as const
      const { signal, end } = running.begin({ ...named, signal: disconnectSignal(reply) })
      reply.raw.once('close', () => end())
      const found = await streamQuery(view, { lang: 'kql', text, limit, timeoutMs, parameters, from, to, clusters, signal })
      const pieces = answerText(found, (parts) => write(parts, requestId(request)), kustoRows)
      return reply.type('application/json; charset=utf-8').send(Readable.from(pieces))
    }
    scope.post('/v1/rest/query', { config }, (request, reply) => query(request, reply, answerV1))
    scope.post('/v2/rest/query', { config }, (request, reply) => query(request, reply, answerV2))
    scope.post('/v1/rest/mgmt', { config }, async (request, reply) =>
      send(reply, await command(viewOf(store, callerOf(request)), readBody(request.body), callerOf(request), running)),
    )
  })
}

/** Source: Kusto documentation, ".cancel query command". */
const CANCEL = /^\s*\.\s*cancel\s+query\s+(?:"([^"]{1,200})"|'([^']{1,200})'|([\w.;:-]{1,200}))\s*;?\s*$/i

async function command(store: Store, { db, csl }: Asked, { name, role }: Caller, running: RunningQueries): Promise<object> {
  const cancel = CANCEL.exec(csl)
  if (cancel !== null) {
    const id = cancel[1] ?? cancel[2] ?? cancel[3] ?? ''
    running.cancel(id, { name, admin: roleMay(role, 'change') })
    return commandAnswer({ columns: [{ name: 'ClientRequestId', type: 'string' }], rows: [[id]] })
  }
  if (isFunctionCommand(csl)) {
    const { columns, rows } = await runQuery(store, { lang: 'kql', text: csl, mayChange: maySaveFunctions(role) })
    return commandAnswer({ columns, rows })
  }
  const [databases, functions] = [await databaseNames(store), await new SavedFunctions(store).all()]
  return commandAnswer(runCommand(csl, { database: databases.includes(db) ? db : 'podwitness', databases, functions }))
}

async function send(reply: FastifyReply, answer: object): Promise<FastifyReply> {
  return reply.type('application/json; charset=utf-8').send(exactJson(answer))
}

function requestId(request: FastifyRequest): string {
  return String(request.headers['x-ms-client-request-id'] ?? request.id).slice(0, 200)
}

function readBody(body: unknown): Asked {
  const { db, csl, properties } = (body ?? {}) as Record<string, unknown>
  if (typeof csl !== 'string' || csl.trim() === '') throw new BadRequest('The request has no "csl".')
  const held = (typeof properties === 'string' ? parsed(properties) : (properties ?? {})) as Record<string, unknown>
  // Grafana's plugin writes them small.
  const options = (held.Options ?? held.options ?? {}) as Record<string, unknown>
  const parameters = Object.entries((held.Parameters ?? held.parameters ?? {}) as Record<string, unknown>)
  return {
    db: typeof db === 'string' && db !== '' ? db : 'podwitness',
    csl,
    limit: rowLimit(options),
    timeoutMs: milliseconds(options.servertimeout),
    parameters: Object.fromEntries(parameters.map(([name, value]) => [name, String(value)])),
    from: text(options.query_datetimescope_from),
    to: text(options.query_datetimescope_to),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) ?? {}
  } catch {
    throw new BadRequest('"properties" is not JSON.')
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function rowLimit(options: Readonly<Record<string, unknown>>): number {
  const wanted = Number(options.truncationmaxrecords ?? MAX_ROWS)
  if (!Number.isInteger(wanted) || wanted < 1) throw new BadRequest('truncationmaxrecords must be a whole number above 0.')
  return Math.min(wanted, MAX_ROWS)
}

/** `[d.]hh:mm:ss[.fff]`. */
function milliseconds(value: unknown): number | undefined {
  const match = /^(?:(\d+)\.)?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(String(value ?? ''))
  if (match === null) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 || undefined
}
