import type { Route, RouteInput, RouteReply } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Act } from '../access/acts.ts'
import { type Caller, viewOf } from '../access/caller.ts'
import type { Access } from './access.ts'
import { callerOf } from './authorise.ts'

/** What of an act only its handler knows. */
type ActNote = Partial<Pick<Act, 'object' | 'before' | 'after' | 'note'>>

/** What a handler is given beside its checked input. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Who asks; not for open routes. */
  readonly caller: Caller
  /** The store as the caller sees it: everything that is told to the caller is read from here. */
  readonly view: Store
  /** Says more of the administrative act that the route is. Secrets are left out by their names. */
  readonly note: (more: ActNote) => void
}

/**
 * Mounts a route of the contract: input is checked against its schemas, and it answers whom it declares. What it changes
 * is recorded as an administrative act, with what was asked where the handler does not say better.
 */
export function mount<const R extends Route>(
  app: FastifyInstance,
  access: Pick<Access, 'record' | 'store'>,
  route: R,
  handle: (input: RouteInput<R>, exchange: Exchange) => Promise<RouteReply<R>> | RouteReply<R>,
): void {
  const { right, open = false, narrows = false } = route
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { querystring: route.query }),
      ...(route.body === undefined ? {} : { body: route.body }),
    },
    config: { access: { right, open, narrows } },
    handler: async (request, reply) => {
      const input = { params: request.params, query: request.query, body: request.body } as RouteInput<R>
      const noted: ActNote[] = []
      const exchange: Exchange = {
        request,
        reply,
        get caller() {
          return callerOf(request)
        },
        get view() {
          return viewOf(access.store, callerOf(request))
        },
        note: (more) => void noted.push(more),
      }
      const action = route.act ?? (right === 'change' ? `${route.method} ${route.path}` : undefined)
      if (action === undefined) return handle(input, exchange)
      const act = () => ({ action, object: objectOf(request), ...asked(request), ...Object.assign({}, ...noted) })
      const failed = async (error: unknown): Promise<never> => {
        const note = error instanceof Error ? error.message.slice(0, 500) : ''
        await access.record(request, callerOf(request), { ...act(), outcome: 'failed', note })
        throw error
      }
      const answer = await Promise.resolve()
        .then(() => handle(input, exchange))
        .catch(failed)
      await access.record(request, callerOf(request), { ...act(), outcome: 'done' })
      return answer
    },
  })
}

/** What an act was done to, as its path names it. */
function objectOf({ params }: FastifyRequest): string {
  return Object.values((params ?? {}) as Record<string, string>).join('/')
}

function asked({ body }: FastifyRequest): ActNote {
  return typeof body === 'object' && body !== null ? { after: body } : {}
}
