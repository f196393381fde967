import { accessCalls } from './access-client.ts'
import { alertCalls } from './alert-client.ts'
import { ApiError, type ApiErrorBody, CLIENT_CODES } from './api-error.ts'
import { huntCalls } from './hunt-client.ts'
import { queryString } from './query-string.ts'
import type { RouteInput, RouteReply } from './route.ts'
import type {
  editorCompleteRoute,
  editorDiagnoseRoute,
  editorFormatRoute,
  editorHoverRoute,
  editorSignatureRoute,
  eventPodRoute,
  eventProofRoute,
  eventRoute,
  histogramRoute,
  integrityCheckRoute,
  integrityRoute,
  loginRoute,
  logoutRoute,
  lossRoute,
  meRoute,
  overviewRoute,
  queryRoute,
  sessionRoute,
  sessionsRoute,
  setRetentionRoute,
  stateRoute,
  storeStatusRoute,
} from './routes/index.ts'
import { settingsCalls } from './settings-client.ts'

/** Where the server is and how to sign in. */
export interface ClientOptions {
  /** Origin without a slash at the end; empty for the page's own. */
  readonly baseUrl: string
  /** Sent as `Authorization: Bearer`; a browser has the cookie instead. */
  readonly token?: string
  /** The proof that the page itself asks, sent with what changes something: the value of the cookie `podwitness_csrf`. */
  readonly csrf?: () => string
  readonly fetch?: typeof fetch
}

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/**
 * A typed client of the HTTP API. Every call rejects with an `ApiError`; an abort rejects with the signal's reason.
 *
 * It names the paths itself instead of reading them off the route schemas, so that a browser need not load those;
 * a test holds the two together.
 */
export function createClient(options: ClientOptions) {
  const send = <Declared>(request: Request) => exchange(options, request) as Promise<RouteReply<Declared>>
  return {
    ...alertCalls(send),
    ...settingsCalls(send),
    ...huntCalls(send),
    ...accessCalls(send),
    login: (body: RouteInput<typeof loginRoute>['body']) =>
      send<typeof loginRoute>({ method: 'POST', path: '/api/v1/login', body }),
    logout: () => send<typeof logoutRoute>({ method: 'POST', path: '/api/v1/logout' }),
    me: (signal?: AbortSignal) => send<typeof meRoute>({ method: 'GET', path: '/api/v1/me', signal }),
    state: (signal?: AbortSignal) => send<typeof stateRoute>({ method: 'GET', path: '/api/v1/state', signal }),
    overview: (query: RouteInput<typeof overviewRoute>['query'], signal?: AbortSignal) =>
      send<typeof overviewRoute>({ method: 'GET', path: '/api/v1/overview', query, signal }),
    storeStatus: (signal?: AbortSignal) => send<typeof storeStatusRoute>({ method: 'GET', path: '/api/v1/store', signal }),
    setRetention: (body: RouteInput<typeof setRetentionRoute>['body']) =>
      send<typeof setRetentionRoute>({ method: 'POST', path: '/api/v1/store/retention', body }),
    integrity: (signal?: AbortSignal) => send<typeof integrityRoute>({ method: 'GET', path: '/api/v1/integrity', signal }),
    checkIntegrity: () => send<typeof integrityCheckRoute>({ method: 'POST', path: '/api/v1/integrity/check' }),
    sessions: (query: RouteInput<typeof sessionsRoute>['query'], signal?: AbortSignal) =>
      send<typeof sessionsRoute>({ method: 'GET', path: '/api/v1/sessions', query, signal }),
    session: (traceId: string, signal?: AbortSignal) =>
      send<typeof sessionRoute>({ method: 'GET', path: `/api/v1/sessions/${encodeURIComponent(traceId)}`, signal }),
    event: (eventId: string, signal?: AbortSignal) =>
      send<typeof eventRoute>({ method: 'GET', path: `/api/v1/events/${encodeURIComponent(eventId)}`, signal }),
    eventProof: (eventId: string, signal?: AbortSignal) =>
      send<typeof eventProofRoute>({ method: 'GET', path: `/api/v1/events/${encodeURIComponent(eventId)}/proof`, signal }),
    eventPod: (eventId: string, signal?: AbortSignal) =>
      send<typeof eventPodRoute>({ method: 'GET', path: `/api/v1/events/${encodeURIComponent(eventId)}/pod`, signal }),
    loss: (query: RouteInput<typeof lossRoute>['query'], signal?: AbortSignal) =>
      send<typeof lossRoute>({ method: 'GET', path: '/api/v1/loss', query, signal }),
    complete: (body: RouteInput<typeof editorCompleteRoute>['body'], signal?: AbortSignal) =>
      send<typeof editorCompleteRoute>({ method: 'POST', path: '/api/v1/editor/complete', body, signal }),
    hover: (body: RouteInput<typeof editorHoverRoute>['body'], signal?: AbortSignal) =>
      send<typeof editorHoverRoute>({ method: 'POST', path: '/api/v1/editor/hover', body, signal }),
    signature: (body: RouteInput<typeof editorSignatureRoute>['body'], signal?: AbortSignal) =>
      send<typeof editorSignatureRoute>({ method: 'POST', path: '/api/v1/editor/signature', body, signal }),
    diagnose: (body: RouteInput<typeof editorDiagnoseRoute>['body'], signal?: AbortSignal) =>
      send<typeof editorDiagnoseRoute>({ method: 'POST', path: '/api/v1/editor/diagnose', body, signal }),
    format: (body: RouteInput<typeof editorFormatRoute>['body'], signal?: AbortSignal) =>
      send<typeof editorFormatRoute>({ method: 'POST', path: '/api/v1/editor/format', body, signal }),
    histogram: (body: RouteInput<typeof histogramRoute>['body'], signal?: AbortSignal) =>
      send<typeof histogramRoute>({ method: 'POST', path: '/api/v1/query/histogram', body, signal }),
    query: (body: RouteInput<typeof queryRoute>['body'], signal?: AbortSignal) =>
      send<typeof queryRoute>({ method: 'POST', path: '/api/v1/query', body, signal }),
  }
}
export type Client = ReturnType<typeof createClient>

async function exchange(options: ClientOptions, request: Request): Promise<unknown> {
  const url = `${options.baseUrl}${request.path}${queryString(request.query ?? {})}`
  const response = await (options.fetch ?? fetch)(url, {
    method: request.method,
    headers: headersOf(options, request),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }).catch((cause: unknown) => {
    if (request.signal?.aborted) throw request.signal.reason
    throw new ApiError(unreachable(options.baseUrl, cause), 0, { cause })
  })
  const body: unknown = await response.json().catch(() => {
    if (request.signal?.aborted) throw request.signal.reason
    return undefined
  })
  if (response.ok && body !== undefined) return body
  throw new ApiError(isErrorBody(body) ? body : unreadable(response.status), response.status)
}

function headersOf(options: ClientOptions, request: Request): Record<string, string> {
  return {
    accept: 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(options.csrf === undefined || request.method === 'GET' ? {} : { 'x-podwitness-csrf': options.csrf() }),
  }
}

function isErrorBody(body: unknown): body is ApiErrorBody {
  if (typeof body !== 'object' || body === null) return false
  const fields = body as Record<string, unknown>
  return ['code', 'what', 'why', 'do'].every((name) => typeof fields[name] === 'string')
}

function unreachable(baseUrl: string, cause: unknown): ApiErrorBody {
  return {
    code: CLIENT_CODES.unreachable,
    what: `No answer from ${baseUrl === '' ? 'the server' : baseUrl}`,
    why: cause instanceof Error ? cause.message : 'The connection failed.',
    do: 'Look whether `podwitness serve` still runs, then try again.',
  }
}

function unreadable(status: number): ApiErrorBody {
  return {
    code: CLIENT_CODES.unreadable,
    what: `An answer with status ${status} that is not from podwitness`,
    why: 'Its body is not the JSON this client expects; a proxy in between may have written it.',
    do: 'Ask the server directly, without the proxy.',
  }
}
