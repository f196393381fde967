import type { Store } from '@podwitness/store'
import type { ConnectionLimits } from '../limits/connection-gate.ts'
import type { Rate } from '../limits/rate-limit.ts'
import type { Authority } from '../pki/authority.ts'
import type { TokenStore } from '../pki/token-store.ts'
import type { GroupWriter } from './group-writer.ts'
import type { RejectsRoom } from './rejects-room.ts'

/** How much may come at once. */
export interface IntakeLimits {
  readonly connections?: ConnectionLimits
  /** Requests of one sender, known by certificate or token. */
  readonly sender?: Rate
  /** Requests from one address that show neither. */
  readonly stranger?: Rate
  /** How slow a sender may be, milliseconds. */
  readonly times?: { readonly headersMs: number; readonly requestMs: number; readonly lookMs: number }
}

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
  /** Where it is not the usual. */
  readonly limits?: IntakeLimits
}
