import type { Static, TSchema } from 'typebox'
import type { Right } from './role.ts'

/** What the server implements and the client calls: one request and the schema of each of its parts. */
export interface Route<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** In Fastify's form: `/api/v1/sessions/:traceId`. */
  readonly path: string
  readonly summary: string
  /** What the caller must be allowed; left out, the route does not compile. */
  readonly right: Right
  /** Whether it answers without a signed-in user. */
  readonly open?: boolean
  /**
   * Whether it answers somebody who may see only some clusters or namespaces from what that caller may see. Without it
   * such a caller is refused. `clusters`: what it tells has a cluster and no namespace.
   */
  readonly narrows?: boolean | 'clusters'
  /** Name of the administrative act that it is; those with the right `change` are recorded under their path otherwise. */
  readonly act?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
}

type Part<Name extends 'params' | 'query' | 'body', Declared> =
  Declared extends Record<Name, infer Schema extends TSchema> ? Record<Name, Static<Schema>> : unknown

/** What a call of a route needs. */
export type RouteInput<Declared> = Part<'params', Declared> & Part<'query', Declared> & Part<'body', Declared>

/** What a route answers. */
export type RouteReply<Declared> = Declared extends { readonly reply: infer Schema extends TSchema } ? Static<Schema> : never
