import { constants } from 'node:crypto'
import type { SecureContextOptions, TLSSocket } from 'node:tls'
import { AUTHORITIES_HEADER } from '@podwitness/api'
import Fastify, { type FastifyInstance } from 'fastify'
import { clientErrorHandler } from '../limits/client-errors.ts'
import { ConnectionGate, type ConnectionLimits } from '../limits/connection-gate.ts'
import { endIdleConnections } from '../limits/end-idle-connections.ts'
import type { ServerIdentity } from '../pki/authority.ts'
import { answerIntakeErrors } from './answer-intake-errors.ts'
import { ByteBudget } from './byte-budget.ts'
import type { IntakeLimits, IntakeParts } from './intake-options.ts'
import { forbidden, IntakeSenders } from './intake-senders.ts'
import { INTAKE_HANDLERS } from './routes/index.ts'

/** Memory that the bodies of all requests may hold together, bytes. */
const BODIES_BYTES = 256 * 1024 * 1024
/**
 * Longest time a request's headers, and all of it, may take, and how often that is looked at (Node's default is 30 s),
 * milliseconds: slow senders make room for others.
 */
const TIMES = { headersMs: 10_000, requestMs: 60_000, lookMs: 2_000 }
const IDLE_MS = 180_000
/** What the listener holds; nodes that have shown their certificate do not count for their address. */
export const CONNECTION_LIMITS: ConnectionLimits = { all: 20_000, perAddress: 256 }

/** Keys and rules of the listener, also when its certificate is made anew. @param ca What is trusted, PEM. */
export function secureContext({ key, chain }: ServerIdentity, ca: string): SecureContextOptions {
  // A resumed session would not show its certificate again.
  return { key, cert: chain, ca, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET }
}

/** The application, and a way to change how much may come at once. */
export interface IntakeApp {
  readonly app: FastifyInstance
  setLimits(limits: IntakeLimits): void
}

/** The listener for agents and kube-apiservers, without its socket: TLS 1.2 or newer, certificates of our own authority. */
export function createIntakeApp(parts: IntakeParts, identity: ServerIdentity): IntakeApp {
  const refuse = (code: string, text: string): void =>
    parts.rejects.add({ source: 'connection', cluster: '', node: '', code, bytes: 0, text })
  const times = parts.limits?.times ?? TIMES
  const app = Fastify({
    logger: false,
    https: {
      ...secureContext(identity, parts.authority.certificate),
      requestCert: true,
      // Joining has no certificate yet; each route says whom it needs.
      rejectUnauthorized: false,
      handshakeTimeout: times.headersMs,
      maxHeaderSize: 16 * 1024,
      headersTimeout: times.headersMs,
      connectionsCheckingInterval: times.lookMs,
      keepAlive: true,
      keepAliveInitialDelay: IDLE_MS,
    },
    clientErrorHandler: clientErrorHandler('PW-IN-012', refuse),
    requestTimeout: times.requestMs,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: IDLE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  })
  const gate = new ConnectionGate(parts.limits?.connections ?? CONNECTION_LIMITS, refuse)
  gate.watch(app.server)
  endIdleConnections(app)
  // Senders that do not know one of them yet renew, and learn of it.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header(AUTHORITIES_HEADER, parts.authority.fingerprints.join(','))
  })
  const senders = new IntakeSenders(parts.authority, parts.tokens, {
    onKnown: (socket) => gate.prove(socket),
    ...(parts.limits === undefined ? {} : { limits: parts.limits }),
  })
  // Nodes behind one address are known as soon as they have shown their certificate.
  app.server.on('secureConnection', (socket: TLSSocket) => senders.ofSocket(socket))
  app.addHook('onRequest', async (request) => senders.admit(request.raw))
  const budget = new ByteBudget(BODIES_BYTES)
  answerIntakeErrors(app, parts)
  // Bodies are read by the routes, within their own bounds.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const { method, path, handle } of INTAKE_HANDLERS)
    app.route({ method, url: path, handler: async (request) => handle(request, { ...parts, senders, budget }) })
  app.setNotFoundHandler((request) => {
    if (senders.ofConnection(request.raw) !== null) throw forbidden()
    senders.require(request.raw, 'node')
  })
  return {
    app,
    setLimits: (limits) => {
      gate.setLimits(limits.connections ?? CONNECTION_LIMITS)
      senders.setLimits(limits)
    },
  }
}
