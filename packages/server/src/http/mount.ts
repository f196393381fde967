import type { Route, RouteInput, RouteReply } from '@podwitness/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from './access.ts'

/** What a handler is given beside its checked input. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/**
 * Mounts a route of the contract: input is checked against its schemas, and only routes declared
 * open answer somebody who is not signed in.
 */
export function mount<const R extends Route>(
  app: FastifyInstance,
  access: Access,
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
    ...(route.open === true ? {} : { onRequest: async (request: FastifyRequest) => access.check(request) }),
    handler: async (request, reply) => {
      const input = { params: request.params, query: request.query, body: request.body } as RouteInput<R>
      return handle(input, { request, reply })
    },
  })
}
