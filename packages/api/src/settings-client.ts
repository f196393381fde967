import type { Send } from './alert-client.ts'
import type { RouteInput } from './route.ts'
import type * as identities from './routes/identities.ts'
import type * as masks from './routes/masks.ts'
import type * as senders from './routes/senders.ts'
import type { sourcesRoute, sourceTestRoute } from './routes/sources.ts'
import type { usageRoute } from './routes/usage.ts'

/** Calls about what comes in, who may send it, what is hidden, and who stands behind accounts. */
export function settingsCalls(send: Send) {
  const post = <R>(path: string, body: unknown = {}) => send<R>({ method: 'POST', path, body })
  const get = <R>(path: string, signal?: AbortSignal) => send<R>({ method: 'GET', path, signal })
  const id = encodeURIComponent
  return {
    testSource: (body: RouteInput<typeof sourceTestRoute>['body']) =>
      send<typeof sourceTestRoute>({ method: 'POST', path: '/api/v1/sources/test', body }),
    sources: (signal?: AbortSignal) => get<typeof sourcesRoute>('/api/v1/sources', signal),
    usage: (signal?: AbortSignal) => get<typeof usageRoute>('/api/v1/usage', signal),
    senders: (signal?: AbortSignal) => get<typeof senders.sendersRoute>('/api/v1/senders', signal),
    createToken: (body: RouteInput<typeof senders.tokenCreateRoute>['body']) =>
      post<typeof senders.tokenCreateRoute>('/api/v1/tokens', body),
    revokeToken: (tokenId: string) => post<typeof senders.tokenRevokeRoute>(`/api/v1/tokens/${id(tokenId)}/revoke`),
    revokeSender: (senderId: string) => post<typeof senders.senderRevokeRoute>(`/api/v1/senders/${id(senderId)}/revoke`),
    identities: (signal?: AbortSignal) => get<typeof identities.identitiesRoute>('/api/v1/identities', signal),
    saveIdentities: (body: RouteInput<typeof identities.identitySaveRoute>['body']) =>
      post<typeof identities.identitySaveRoute>('/api/v1/identities', body),
    removeIdentity: (body: RouteInput<typeof identities.identityRemoveRoute>['body']) =>
      post<typeof identities.identityRemoveRoute>('/api/v1/identities/remove', body),
    masks: (signal?: AbortSignal) => get<typeof masks.masksRoute>('/api/v1/masks', signal),
    testMasks: (body: RouteInput<typeof masks.maskTestRoute>['body']) =>
      post<typeof masks.maskTestRoute>('/api/v1/masks/test', body),
  }
}
