import { constants } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import type { ServerIdentity } from '../pki/authority.ts'
import { answerIntakeErrors } from './answer-intake-errors.ts'
import { ByteBudget } from './byte-budget.ts'
import type { IntakeParts } from './intake-options.ts'
import { forbidden, IntakeSenders } from './intake-senders.ts'
import { INTAKE_HANDLERS } from './routes/index.ts'

/** Memory that the bodies of all requests may hold together, bytes. */
const BODIES_BYTES = 256 * 1024 * 1024
/** Longest time a request's headers, and all of it, may take, milliseconds: slow senders make room for others. */
const HEADERS_MS = 10_000
const REQUEST_MS = 60_000
const IDLE_MS = 180_000
const MAX_CONNECTIONS = 20_000

/** The listener for agents and kube-apiservers, without its socket: TLS 1.2 or newer, certificates of our own authority. */
export function createIntakeApp(parts: IntakeParts, identity: ServerIdentity): FastifyInstance {
  const app = Fastify({
    logger: false,
    https: {
      key: identity.key,
      cert: identity.chain,
      ca: parts.authority.certificate,
      minVersion: 'TLSv1.2',
      requestCert: true,
      // Joining has no certificate yet; each route says whom it needs.
      rejectUnauthorized: false,
      // A resumed session would not show its certificate again.
      secureOptions: constants.SSL_OP_NO_TICKET,
      handshakeTimeout: HEADERS_MS,
      maxHeaderSize: 16 * 1024,
      headersTimeout: HEADERS_MS,
    },
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: IDLE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  const senders = new IntakeSenders(parts.authority, parts.tokens)
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
  return app
}
