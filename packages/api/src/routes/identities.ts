import { type Static, Type } from 'typebox'
import type { Route } from '../route.ts'

/** Who stands behind an account of the platform. It is said beside the account, never instead of it. */
export const Identity = Type.Object({
  account: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'The account as the API server names it; may end in `*` and then fits all that begin so.',
  }),
  person: Type.String({ maxLength: 200 }),
  team: Type.String({ maxLength: 200 }),
  uid: Type.String({ maxLength: 200, description: 'Number of the account at the cloud or in the directory; may be empty.' }),
})
export type Identity = Static<typeof Identity>

export const identitiesRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/identities',
  summary: 'Which person and team stands behind an account, and accounts that nobody has named yet.',
  reply: Type.Object({
    identities: Type.Array(Type.Intersect([Identity, Type.Object({ changed: Type.String(), by: Type.String() })])),
    unnamed: Type.Array(Type.Object({ account: Type.String(), sessions: Type.Integer() }), {
      description: 'Accounts of sessions that no identity fits, the busiest first; at most 100.',
    }),
  }),
} as const satisfies Route

export const identitySaveRoute = {
  method: 'POST',
  right: 'change',
  act: 'identity-save',
  path: '/api/v1/identities',
  summary: 'Says who stands behind accounts; what was said before about the same ones is replaced.',
  body: Type.Object({ identities: Type.Array(Identity, { minItems: 1, maxItems: 5000 }) }),
  reply: Type.Object({ saved: Type.Integer() }),
} as const satisfies Route

export const identityRemoveRoute = {
  method: 'POST',
  right: 'change',
  act: 'identity-remove',
  path: '/api/v1/identities/remove',
  summary: 'Forgets who stands behind an account.',
  body: Type.Object({ account: Type.String({ minLength: 1, maxLength: 512 }) }),
  reply: Type.Object({}),
} as const satisfies Route
