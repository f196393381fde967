import type { Store } from '@podwitness/store'
import type { Authority } from '../pki/authority.ts'
import type { TokenStore } from '../pki/token-store.ts'
import type { GroupWriter } from './group-writer.ts'
import type { RejectsRoom } from './rejects-room.ts'

/** What every way in works with. */
export interface IntakeParts {
  readonly store: Store
  readonly writer: GroupWriter
  readonly rejects: RejectsRoom
  readonly authority: Authority
  readonly tokens: TokenStore
  /** Names and addresses of this machine, for certificates. */
  readonly names: readonly string[]
  readonly onUnexpected: (error: Error) => void
}
