import { Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** Exchanges the token that `podwitness serve` printed for a cookie (HttpOnly, SameSite=Strict). */
export const loginRoute = {
  method: 'POST',
  right: 'none',
  path: '/api/v1/login',
  summary: 'Sign in with the token that the server printed.',
  open: true,
  body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 512 }) }),
  reply: Type.Object({ user: Type.String() }),
} as const satisfies Route

/** Forgets the cookie. */
export const logoutRoute = {
  method: 'POST',
  right: 'none',
  path: '/api/v1/logout',
  summary: 'Sign out.',
  open: true,
  reply: Type.Object({}),
} as const satisfies Route

/** Who is signed in, and whether there is anything to see. 401 with PW-AU-… where nobody is. */
export const meRoute = {
  method: 'GET',
  right: 'read',
  path: '/api/v1/me',
  summary: 'The signed-in user and the state of the store in one word.',
  reply: Type.Object({
    user: Type.String(),
    clusters: Type.Array(Type.String()),
    version: Type.String(),
    dataState: closedWord(['empty', 'importing', 'ready'] as const),
  }),
} as const satisfies Route
