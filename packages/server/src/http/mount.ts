import { type Role, type Route, type RouteInput, type RouteReply, roleMay } from '@podwitness/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ServerError } from '../server-error.ts'
import type { Access } from './access.ts'

/** What a handler is given beside its checked input. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/**
 * Mounts a route of the contract: input is checked against its schemas, and only routes declared
 * open answer somebody who is not signed in. Others answer the roles that have the route's right.
 */
export function mount<const R extends Route>(
  app: FastifyInstance,
  access: Pick<Access, 'check'>,
  route: R,
  handle: (input: RouteInput<R>, exchange: Exchange) => Promise<RouteReply<R>> | RouteReply<R>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { querystring: route.query }),
      ...(route.body === undefined ? {} : { body: route.body }),
    },
    ...(route.open === true
      ? {}
      : { onRequest: async (request: FastifyRequest) => refuseUnlessMay(access.check(request), route) }),
    handler: async (request, reply) => {
      const input = { params: request.params, query: request.query, body: request.body } as RouteInput<R>
      return handle(input, { request, reply })
    },
  })
}

function refuseUnlessMay(role: Role, route: Route): void {
  if (roleMay(role, route.right)) return
  throw new ServerError('PW-AU-005', 403, {
    what: `The role ${role} may not do this.`,
    why: `${route.method} ${route.path} needs the right "${route.right}".`,
    do: 'Ask an administrator of podwitness.',
  })
}
