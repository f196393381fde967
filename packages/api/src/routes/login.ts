import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import { RIGHTS, ROLES } from '../role.ts'
import type { Route } from '../route.ts'

/** Header that a page sends with every request that changes something: the value of the cookie `podwitness_csrf`. */
export const CSRF_HEADER = 'x-podwitness-csrf'
export const CSRF_COOKIE = 'podwitness_csrf'

/** Exchanges a token, a one-time link or a password for a cookie (HttpOnly, SameSite=Strict). */
export const loginRoute = {
  method: 'POST',
  right: 'none',
  path: '/api/v1/login',
  summary: 'Sign in with a name and password, with a one-time link, or with the token that the server printed.',
  open: true,
  body: Type.Union([
    Type.Object({ token: Type.String({ minLength: 1, maxLength: 512 }) }),
    Type.Object({
      user: Type.String({ minLength: 1, maxLength: 253 }),
      password: Type.String({ minLength: 1, maxLength: 1024 }),
    }),
  ]),
  reply: Type.Object({ user: Type.String() }),
} as const satisfies Route

/** Ends the sign-in and forgets the cookie. */
export const logoutRoute = {
  method: 'POST',
  right: 'none',
  path: '/api/v1/logout',
  summary: 'Sign out.',
  open: true,
  reply: Type.Object({}),
} as const satisfies Route

/** How somebody may sign in here. */
export const signInWaysRoute = {
  method: 'GET',
  right: 'none',
  path: '/api/v1/sign-in-ways',
  summary: 'How somebody may sign in here, for the sign-in page.',
  open: true,
  reply: Type.Object({
    provider: Type.Union([Type.Object({ name: Type.String(), path: Type.String() }), Type.Null()], {
      description: 'An OpenID Connect provider: its name, and the path that leads there.',
    }),
  }),
} as const satisfies Route

const Names = Type.Union([Type.Array(Type.String()), Type.Null()])

/** Who is signed in, and whether there is anything to see. 401 with PW-AU-… where nobody is. */
export const meRoute = {
  method: 'GET',
  right: 'read',
  path: '/api/v1/me',
  summary: 'The signed-in user and the state of the store in one word.',
  narrows: true,
  reply: Type.Object({
    user: Type.String(),
    role: closedWord(ROLES),
    rights: Type.Array(closedWord(RIGHTS)),
    means: closedWord(['owner', 'session', 'token'] as const, 'The token of the data folder, a browser, or an API token.'),
    seesNamespaces: { ...Names, description: 'Null: every one.' },
    seesClusters: { ...Names, description: 'Null: every one.' },
    needsPassword: Type.Boolean({ description: 'A local user who came by a link and has no password yet.' }),
    clusters: Type.Array(Type.String()),
    version: Type.String(),
    dataState: closedWord(['empty', 'importing', 'ready'] as const),
  }),
} as const satisfies Route
export type Me = Static<typeof meRoute.reply>
