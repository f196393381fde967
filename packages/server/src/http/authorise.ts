import { type Right, type Role, roleMay } from '@podwitness/api'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { type Caller, isBounded } from '../access/caller.ts'
import type { Asker } from '../access/read-acts.ts'
import { ServerError } from '../server-error.ts'
import type { Access } from './access.ts'

/** What every route of the server declares; one that does not answers nobody. */
interface RouteAccess {
  readonly right: Right
  /** Answers without knowing who asks. */
  readonly open?: boolean
  /** As in the contract: answers a caller with bounds from what that caller may see. */
  readonly narrows?: boolean | 'clusters'
  /** Its own hook knows its callers by their signature, once the body is read. */
  readonly signed?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

/** A route as it was mounted. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly access: RouteAccess | undefined
}

const mounted = new WeakMap<object, () => DeclaredRoute[]>()

/** Every route that an application has, with what it declares. */
export const routesOf = (app: FastifyInstance): readonly DeclaredRoute[] => mounted.get(app)?.() ?? []

/** Who asks, of requests that were let in. */
const callers = new WeakMap<FastifyRequest, Caller>()

/**
 * Lets in who may, on every route of the server, those of plugins too: what declares nothing is closed.
 */
export function authorise(app: FastifyInstance, access: Access): void {
  const list: RouteOptions[] = []
  app.addHook('onRoute', (route) => void list.push(route))
  // Hooks of plugins declare later than this one is told.
  mounted.set(app, () =>
    list.flatMap(({ method, url, config }) => [method].flat().map((one) => ({ method: one, url, access: config?.access }))),
  )
  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    const declared = request.routeOptions.config.access
    if (declared === undefined) throw undeclared(request)
    if (declared.open === true || declared.signed === true) return
    await admit(request, await access.check(request), access)
  })
}

/** Lets a known caller in. @throws ServerError PW-AU-005 for a role without the right, PW-AU-015 for a caller with bounds. */
export async function admit(request: FastifyRequest, caller: Caller, access: Pick<Access, 'record'>): Promise<void> {
  const declared = request.routeOptions.config.access
  if (declared === undefined) throw undeclared(request)
  const { right, narrows = false } = declared
  const { method } = request
  const path = request.routeOptions.url ?? ''
  if (!roleMay(caller.role, right)) {
    if (right === 'change')
      await access.record(request, caller, { action: `${method} ${path}`, outcome: 'refused', object: request.url.slice(0, 500) })
    throw lacks(caller.role, right, `${method} ${path}`)
  }
  const beyond = narrows === 'clusters' ? caller.namespaces !== null : narrows !== true && isBounded(caller)
  if (beyond)
    throw new ServerError('PW-AU-015', 403, {
      what: 'This is about more than you may see.',
      why: `${caller.name} may see some namespaces or clusters only, and ${method} ${path} cannot be kept to them.`,
      do: 'Ask somebody who may see everything.',
    })
  callers.set(request, caller)
}

/** Who asks. Fails where the route is open: nobody looked. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error(`no caller is known of ${request.method} ${request.url}`)
  return caller
}

/** Who asks, as acts have it. */
export function askerOf(request: FastifyRequest): Asker {
  const { name: user, role, means } = callerOf(request)
  return { user, role, means, address: request.ip, agent: String(request.headers['user-agent'] ?? '').slice(0, 200) }
}

function lacks(role: Role, right: Right, route: string): ServerError {
  return new ServerError('PW-AU-005', 403, {
    what: `The role ${role} may not do this.`,
    why: `${route} needs the right "${right}".`,
    do: 'Ask an administrator of podwitness.',
  })
}

function undeclared(request: FastifyRequest): ServerError {
  return new ServerError('PW-AU-005', 403, {
    what: 'Nobody may do this.',
    why: `${request.method} ${request.routeOptions.url ?? ''} does not say whom it answers; this is a fault in podwitness.`,
    do: 'Report it.',
  })
}
