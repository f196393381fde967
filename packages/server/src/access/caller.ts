import type { Role } from '@podwitness/api'
import { roleMay } from '@podwitness/api'
import { isNarrow, type ReadingScope, type Store, storeWithin } from '@podwitness/store'

/** Who asks, by which proof, and what they may see. */
export interface Caller {
  readonly name: string
  readonly role: Role
  /** `owner`: the token of the data folder; `session`: a browser; `token`: an API token. */
  readonly means: 'owner' | 'session' | 'token'
  /** Which session or token. */
  readonly meansId: string
  /** `null`: every one. */
  readonly clusters: readonly string[] | null
  readonly namespaces: readonly string[] | null
}

/** The name of who has the token of the data folder; no user can have it. */
export const OWNER = 'owner'

/** What of the store a caller is shown. */
function scopeOf({ role, clusters, namespaces }: Caller): ReadingScope {
  return { clusters, namespaces, acts: roleMay(role, 'audit') }
}

/** Whether a caller may see only some of the store. */
export const isBounded = (caller: Caller): boolean => isNarrow(scopeOf(caller))

/** The store as a caller sees it. */
export function viewOf(store: Store, caller: Caller): Store {
  const scope = scopeOf(caller)
  return scope.acts && !isNarrow(scope) ? store : storeWithin(store, scope)
}
