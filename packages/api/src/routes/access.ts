import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import { RIGHTS, ROLES } from '../role.ts'
import type { Route } from '../route.ts'

const UserName = Type.String({
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@+-]*$',
  description: 'Letters, digits and ._@+-',
})
const Bound = Type.Union(
  [Type.Array(Type.String({ minLength: 1, maxLength: 253, pattern: '^[^\\s*]+\\*?$' }), { maxItems: 100 }), Type.Null()],
  { description: 'Null: every one. A name that ends in * stands for all that begin so.' },
)
const Empty = Type.Object({})

/** Somebody who may sign in. */
export const AccessUser = Type.Object({
  name: Type.String(),
  role: closedWord(ROLES),
  rights: Type.Array(closedWord(RIGHTS)),
  namespaces: Type.Union([Type.Array(Type.String()), Type.Null()]),
  clusters: Type.Union([Type.Array(Type.String()), Type.Null()]),
  disabled: Type.Boolean(),
  source: closedWord(['local', 'oidc'] as const),
  hasPassword: Type.Boolean(),
  created: Type.String(),
  createdBy: Type.String(),
  lastSignIn: Type.String({ description: 'ISO 8601; empty where none is known.' }),
})
export type AccessUser = Static<typeof AccessUser>

/** A token that a program sends, without its secret. */
export const ApiToken = Type.Object({
  id: Type.String(),
  label: Type.String(),
  user: Type.String({ description: 'Whose rights it has, as far as `role` goes.' }),
  role: closedWord(ROLES),
  rights: Type.Array(closedWord(RIGHTS)),
  created: Type.String(),
  expires: Type.String(),
  lastUsed: Type.String({ description: 'ISO 8601, to the minute; empty where it never was.' }),
  lastAddress: Type.String(),
  state: closedWord(['valid', 'expired', 'revoked', 'dormant'] as const, 'Dormant: its user is disabled or gone.'),
})
export type ApiToken = Static<typeof ApiToken>

/** A browser that is signed in. */
export const BrowserSignIn = Type.Object({
  id: Type.String(),
  user: Type.String(),
  how: Type.String({ description: 'password, link, provider or owner.' }),
  address: Type.String(),
  agent: Type.String(),
  created: Type.String(),
  seen: Type.String(),
  ends: Type.String(),
  own: Type.Boolean({ description: 'Whether it is the one that asks.' }),
})
export type BrowserSignIn = Static<typeof BrowserSignIn>

export const usersRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/access/users',
  summary: 'Who may sign in, in which role, and what they may see.',
  reply: Type.Object({ users: Type.Array(AccessUser) }),
} as const satisfies Route

const Link = Type.Object({ link: Type.String({ description: 'One-time, good for a day; shown only now.' }) })

export const userAddRoute = {
  method: 'POST',
  right: 'change',
  act: 'user-add',
  path: '/api/v1/access/users',
  summary: 'Add a user; the answer has a one-time link to sign in with.',
  body: Type.Object({
    name: UserName,
    role: closedWord(ROLES),
    namespaces: Type.Optional(Bound),
    clusters: Type.Optional(Bound),
  }),
  reply: Link,
} as const satisfies Route

const OfUser = Type.Object({ name: UserName })

export const userChangeRoute = {
  method: 'POST',
  right: 'change',
  act: 'user-change',
  path: '/api/v1/access/users/:name',
  summary: 'Change a role, what a user may see, or whether it may sign in.',
  params: OfUser,
  body: Type.Object({
    role: Type.Optional(closedWord(ROLES)),
    namespaces: Type.Optional(Bound),
    clusters: Type.Optional(Bound),
    disabled: Type.Optional(Type.Boolean()),
  }),
  reply: AccessUser,
} as const satisfies Route

export const userResetRoute = {
  method: 'POST',
  right: 'change',
  act: 'user-reset-password',
  path: '/api/v1/access/users/:name/reset',
  summary: 'Forget a password, end all sign-ins of the user, and give a one-time link.',
  params: OfUser,
  reply: Link,
} as const satisfies Route

export const ownPasswordRoute = {
  method: 'POST',
  right: 'read',
  narrows: true,
  act: 'password-change',
  path: '/api/v1/access/password',
  summary: 'Set the own password; other sign-ins of the user end.',
  body: Type.Object({
    current: Type.Optional(Type.String({ maxLength: 1024, description: 'Needed where there is one.' })),
    password: Type.String({ maxLength: 1024, description: 'At least 12 characters.' }),
  }),
  reply: Empty,
} as const satisfies Route

export const apiTokensRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/access/tokens',
  summary: 'API tokens: the own ones, for auditors and administrators all.',
  reply: Type.Object({ tokens: Type.Array(ApiToken) }),
} as const satisfies Route

export const apiTokenCreateRoute = {
  method: 'POST',
  right: 'read',
  narrows: true,
  act: 'token-create',
  path: '/api/v1/access/tokens',
  summary: 'Make an API token with no more rights than the caller has; it is shown only now.',
  body: Type.Object({
    label: Type.String({ minLength: 1, maxLength: 200 }),
    role: closedWord(ROLES),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, description: '90 where absent.' })),
  }),
  reply: Type.Object({
    token: Type.String(),
    fact: ApiToken,
    accessKeyId: Type.String({ description: 'For clients that sign their requests (SLS).' }),
    accessKeySecret: Type.String(),
  }),
} as const satisfies Route

const OfId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const apiTokenRevokeRoute = {
  method: 'POST',
  right: 'read',
  narrows: true,
  act: 'token-revoke',
  path: '/api/v1/access/tokens/:id/revoke',
  summary: 'Take an API token back: an own one, or as an administrator any.',
  params: OfId,
  reply: Empty,
} as const satisfies Route

export const signInsRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/access/sign-ins',
  summary: 'Browsers that are signed in: the own ones, for auditors and administrators all.',
  reply: Type.Object({ signIns: Type.Array(BrowserSignIn) }),
} as const satisfies Route

export const signInEndRoute = {
  method: 'POST',
  right: 'read',
  narrows: true,
  act: 'sign-in-end',
  path: '/api/v1/access/sign-ins/:id/end',
  summary: 'End a sign-in: an own one, or as an administrator any.',
  params: OfId,
  reply: Empty,
} as const satisfies Route

export const signOutEverywhereRoute = {
  method: 'POST',
  right: 'read',
  narrows: true,
  act: 'sign-out-everywhere',
  path: '/api/v1/access/sign-out-everywhere',
  summary: 'End every sign-in of the caller, this one too.',
  reply: Type.Object({ ended: Type.Integer() }),
} as const satisfies Route
