import type { RouteInput, RouteReply } from './route.ts'
import type * as access from './routes/access.ts'
import type { signInWaysRoute } from './routes/login.ts'

type Send = <Declared>(request: {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}) => Promise<RouteReply<Declared>>

type Body<R> = R extends { readonly body: unknown } ? (RouteInput<R> extends { body: infer B } ? B : never) : never

/** Calls about users, API tokens and sign-ins. */
export function accessCalls(send: Send) {
  const post = <R>(path: string, body?: unknown) => send<R>({ method: 'POST', path, body: body ?? {} })
  const id = encodeURIComponent
  return {
    signInWays: () => send<typeof signInWaysRoute>({ method: 'GET', path: '/api/v1/sign-in-ways' }),
    users: (signal?: AbortSignal) => send<typeof access.usersRoute>({ method: 'GET', path: '/api/v1/access/users', signal }),
    addUser: (body: Body<typeof access.userAddRoute>) => post<typeof access.userAddRoute>('/api/v1/access/users', body),
    changeUser: (name: string, body: Body<typeof access.userChangeRoute>) =>
      post<typeof access.userChangeRoute>(`/api/v1/access/users/${id(name)}`, body),
    resetUser: (name: string) => post<typeof access.userResetRoute>(`/api/v1/access/users/${id(name)}/reset`),
    setPassword: (body: Body<typeof access.ownPasswordRoute>) =>
      post<typeof access.ownPasswordRoute>('/api/v1/access/password', body),
    apiTokens: (signal?: AbortSignal) =>
      send<typeof access.apiTokensRoute>({ method: 'GET', path: '/api/v1/access/tokens', signal }),
    createApiToken: (body: Body<typeof access.apiTokenCreateRoute>) =>
      post<typeof access.apiTokenCreateRoute>('/api/v1/access/tokens', body),
    revokeApiToken: (name: string) => post<typeof access.apiTokenRevokeRoute>(`/api/v1/access/tokens/${id(name)}/revoke`),
    signIns: (signal?: AbortSignal) =>
      send<typeof access.signInsRoute>({ method: 'GET', path: '/api/v1/access/sign-ins', signal }),
    endSignIn: (name: string) => post<typeof access.signInEndRoute>(`/api/v1/access/sign-ins/${id(name)}/end`),
    signOutEverywhere: () => post<typeof access.signOutEverywhereRoute>('/api/v1/access/sign-out-everywhere'),
  }
}
