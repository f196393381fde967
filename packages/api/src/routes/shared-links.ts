import { Type } from 'typebox'
import type { Route } from '../route.ts'

/** A view of the pages, and how many rows it had when it was shared. */
const Shared = {
  address: Type.String({
    pattern: '^/(?![/\\\\])',
    maxLength: 16_384,
    description: 'Path and query of the page, without the origin; times in it do not move with the clock.',
  }),
  rows: Type.Optional(Type.Integer({ minimum: 0, description: 'Rows of its answer.' })),
  contentHash: Type.Optional(
    Type.String({ pattern: '^[\\w-]{43}$', description: '`contentHash` of its answer; absent where not all rows were shown.' }),
  ),
}

/** Makes a short link. The same view has the same one. */
export const shareLinkRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/links',
  summary: 'Make a short link to a view: `/l/` and the id. Who opens it sees what their own role may see.',
  body: Type.Object(Shared),
  reply: Type.Object({ id: Type.String() }),
} as const satisfies Route

/** Where a short link leads. 404 PW-HQ-010 where there is none. */
export const sharedLinkRoute = {
  method: 'GET',
  right: 'query',
  narrows: true,
  path: '/api/v1/links/:linkId',
  summary: 'Where a short link leads, and what was there when it was made.',
  params: Type.Object({ linkId: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: Type.Object({ ...Shared, by: Type.String(), made: Type.String({ description: 'ISO 8601.' }) }),
} as const satisfies Route
