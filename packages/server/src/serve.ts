import { existsSync } from 'node:fs'
import { Server as TlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { warmKql } from '@podwitness/query'
import type { Store } from '@podwitness/store'
import Fastify, { type FastifyInstance } from 'fastify'
import type { AccessConfig } from './access/access-config.ts'
import { ReadActs } from './access/read-acts.ts'
import { SIGN_IN_TIMES, type SignInTimes } from './access/sign-ins.ts'
import { AlertLoop } from './alerts/alert-loop.ts'
import { mountAlerts } from './alerts/mount-alerts.ts'
import { Access } from './http/access.ts'
import { authorise } from './http/authorise.ts'
import { answerErrors } from './http/error-answer.ts'
import { guard } from './http/guard.ts'
import { limitRequests } from './http/limit-requests.ts'
import { DISK_LIMITS, type DiskLimits } from './intake/disk-guard.ts'
import { clientErrorHandler } from './limits/client-errors.ts'
import { ConnectionGate, type ConnectionLimits } from './limits/connection-gate.ts'
import { endIdleConnections } from './limits/end-idle-connections.ts'
import type { Rate } from './limits/rate-limit.ts'
import { RefusalCounts } from './limits/refusal-counts.ts'
import { mountRoutes } from './routes/index.ts'
import { mountSignIn } from './routes/sign-in.ts'
import { mountStoreStatus } from './routes/store-status.ts'
import { ServerError } from './server-error.ts'
import { mountSettings, type SettingsParts } from './settings/mount-settings.ts'

/** How the server is reached and who may. */
export interface ServeOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** How many ports after `port` may be tried when it is taken. */
  readonly nextPorts?: number
  /** The token of who holds the data folder. */
  readonly token: string
  /** The sign-in provider, and how long sign-ins last. */
  readonly access?: AccessConfig
  /** Further host names it goes by, e.g. behind a proxy. */
  readonly allowHosts?: readonly string[]
  /** Listening beyond loopback has to be wanted: the connection is not encrypted. */
  readonly allowPlainHttp?: boolean
  /** Certificate chain and key in PEM: HTTPS instead of HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly onUnexpected?: (error: Error) => void
  /** What `/metrics` says, in Prometheus' text format; it takes the token as everything else does. */
  readonly metrics?: () => string
  /** Whether each query is recorded as an administrative act. */
  readonly recordReads?: boolean
  /** Counts what was refused, where somebody wants to know. */
  readonly refused?: RefusalCounts
  /** Connections it holds, and requests that one address may send. */
  readonly connections?: ConnectionLimits
  readonly rate?: Rate
  /** Data folder and running intake, for the Settings page. */
  readonly settings?: SettingsParts
  /** Room that has to be left on the store's disk. */
  readonly disk?: DiskLimits
  /** Evaluates alert rules and sends messages; `createApp` alone answers about them and does neither. */
  readonly alerts?: {
    /** Origin that links in messages begin with; the server's own address unless given. */
    readonly origin?: string
    /** Hosts that channels may reach although they lead to this machine or a metadata address. */
    readonly allowTargets?: readonly string[]
    readonly env?: Readonly<Record<string, string | undefined>>
  }
}

/** A listening server. */
export interface Served {
  /** `http://127.0.0.1:7070`, without a slash at the end. */
  readonly url: string
  /** Shows another certificate from now on; connections that are there stay. Nothing where it speaks plain HTTP. */
  setTls(tls: { readonly cert: string; readonly key: string }): void
  close(): Promise<void>
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1']
/** Longest time a request may take to arrive, milliseconds; its answer may take as long as it needs. */
const REQUEST_MS = 60_000
/** The same for its headers, how often that is looked at, and the headers' length in bytes. */
const SLOWEST = { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * 1024 }
/** A proxy in front brings everybody's from one address. */
const CONNECTIONS: ConnectionLimits = { all: 10_000, perAddress: 1_000 }
const WEB = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/** The application without a socket, for tests and for `serve`. */
export async function createApp(store: Store, options: ServeOptions): Promise<FastifyInstance> {
  const refused = options.refused ?? new RefusalCounts()
  const app = Fastify({
    ...(options.tls === undefined
      ? { http: SLOWEST }
      : { https: { ...options.tls, ...SLOWEST, minVersion: 'TLSv1.2' as const, handshakeTimeout: SLOWEST.headersTimeout } }),
    logger: false,
    requestTimeout: REQUEST_MS,
    clientErrorHandler: clientErrorHandler('PW-AP-007', (code) => refused.add(code)),
    ...(options.access?.proxies === undefined ? {} : { trustProxy: options.access.proxies }),
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 512 },
    ajv: { customOptions: { coerceTypes: 'array' } },
  })
  const names = LOOPBACK.includes(options.host) ? [...LOOPBACK, ...(options.allowHosts ?? []), ...publicNames(options)] : null
  new ConnectionGate(options.connections ?? CONNECTIONS, (why) => refused.add(why)).watch(app.server)
  endIdleConnections(app)
  limitRequests(app, options.rate)
  guard(app, names)
  const onUnexpected = options.onUnexpected ?? (() => {})
  answerErrors(app, onUnexpected, (code) => refused.add(code))
  const access = new Access(store, { ownerToken: options.token, secure: isSecure(options), times: timesOf(options) })
  authorise(app, access)
  const reads = options.recordReads === true ? new ReadActs(store, onUnexpected) : undefined
  app.addHook('onClose', async () => reads?.close())
  mountRoutes(app, access, store, { onUnexpected, reads })
  mountSignIn(app, access, options.access?.oidc)
  mountStoreStatus(app, access, store, options.disk ?? DISK_LIMITS)
  const { metrics } = options
  if (metrics !== undefined)
    app.get('/metrics', { config: { access: { right: 'read' } } }, (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics()),
    )
  mountAlerts(app, access, store, { origin: () => originOf(options, app), send: sendOptions(options) })
  mountSettings(app, access, store, options.settings ?? {})
  if (existsSync(WEB)) await mountPage(app)
  return app
}

/** Whether browsers reach it over HTTPS, by its own certificate or by a proxy's. */
function isSecure({ tls, alerts, access }: ServeOptions): boolean {
  return tls !== undefined || [alerts?.origin, access?.oidc?.publicUrl].some((url) => url?.startsWith('https:') === true)
}

function publicNames({ access }: ServeOptions): string[] {
  return access?.oidc === undefined ? [] : [new URL(access.oidc.publicUrl).hostname]
}

function timesOf({ access }: ServeOptions): SignInTimes {
  const { idleMinutes, hours } = access?.signIns ?? {}
  return {
    idleSeconds: idleMinutes === undefined ? SIGN_IN_TIMES.idleSeconds : idleMinutes * 60,
    absoluteSeconds: hours === undefined ? SIGN_IN_TIMES.absoluteSeconds : hours * 3600,
  }
}

function sendOptions({ alerts }: ServeOptions) {
  return { allowTargets: alerts?.allowTargets ?? [], env: alerts?.env ?? {} }
}

/** Where the server is reached: what was said, or where it listens. */
function originOf({ alerts, tls, host }: ServeOptions, app: FastifyInstance): string {
  if (alerts?.origin !== undefined) return alerts.origin.replace(/\/+$/, '')
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Starts evaluating for as long as the application lives. */
function startAlerts(app: FastifyInstance, store: Store, options: ServeOptions): AlertLoop {
  const onError = options.onUnexpected ?? (() => {})
  const loop = new AlertLoop(store, { origin: originOf(options, app), send: sendOptions(options), onError })
  loop.start()
  return loop
}

/** The page: hashed assets may be kept for ever, everything else is asked for each time; any page address gets the page. */
async function mountPage(whole: FastifyInstance): Promise<void> {
  await whole.register(async (app) => {
    // The page itself holds nothing of anybody's; what it shows it asks for.
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: { right: 'none', open: true } }
    })
    await mountFiles(app)
  })
}

async function mountFiles(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: WEB,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const pages = [
    '/sessions',
    '/hunt',
    '/tail',
    '/integrity',
    '/alerts',
    '/alerts/:alertId',
    '/rules',
    '/rules/:ruleId',
    '/nodes',
    '/settings',
    '/settings/:section',
    '/s/:traceId',
    '/e/:eventId',
    '/l/:linkId',
  ]
  for (const path of pages) app.get(path, (_request, reply) => reply.sendFile('index.html'))
  // Who followed a wrong link is told so by the page, with its menu; a program is told in JSON.
  app.get('/*', ({ url, headers }, reply) => {
    const asksForPage = (headers.accept ?? '').includes('text/html') && !url.startsWith('/api/')
    return asksForPage ? reply.status(404).sendFile('index.html') : reply.callNotFound()
  })
}

/**
 * Starts listening.
 *
 * @throws ServerError PW-SV-001 where no port is free, PW-SV-002 for a public address that was not confirmed.
 */
export async function serve(store: Store, options: ServeOptions): Promise<Served> {
  if (!LOOPBACK.includes(options.host) && options.allowPlainHttp !== true && options.tls === undefined) {
    throw new ServerError('PW-SV-002', 0, {
      what: `podwitness does not listen on ${options.host}.`,
      why: 'It speaks plain HTTP: token and evidence would cross the network readable.',
      do: 'Give it a certificate with --tls-cert and --tls-key, listen on 127.0.0.1 behind a proxy with TLS, or say --allow-plain-http.',
    })
  }
  const app = await createApp(store, options)
  const last = options.port + (options.nextPorts ?? 0)
  for (let port = options.port; port <= last; port++) {
    try {
      await app.listen({ host: options.host, port })
      // A parser that does not load says so to who asks in KQL.
      warmKql().catch(() => undefined)
      const loop = options.alerts === undefined ? undefined : startAlerts(app, store, options)
      return {
        url: originOf({ ...options, alerts: {} }, app),
        setTls: (tls) => {
          if (app.server instanceof TlsServer) app.server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' })
        },
        close: async () => {
          await loop?.stop()
          await app.close()
        },
      }
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  await app.close()
  throw new ServerError('PW-SV-001', 0, {
    what: `Port ${options.port} on ${options.host} is taken${last > options.port ? `, and so are those up to ${last}` : ''}.`,
    why: 'Another process listens there.',
    do: 'Choose another with --listen, or 0 for any.',
  })
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
