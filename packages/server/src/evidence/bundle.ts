import type { SessionDetail } from '@podwitness/api'
import type { LedgerEntry } from '@podwitness/store'

/** One event of a bundle: its bytes, what the ledger vouches for beside them, and the way to a signed entry. */
export interface BundledEvent {
  readonly eventId: string
  readonly kind: string
  readonly cluster: string
  readonly node: string
  readonly source: string
  /** Microseconds since the epoch. */
  readonly timeMicros: number
  /** Empty, or `base64`. */
  readonly rawEncoding: string
  readonly raw: string
  /** Side and hexadecimal hash of each neighbour on the way to the root of the batch. */
  readonly path: readonly { readonly side: 'left' | 'right'; readonly hash: string }[]
  /** Key into `entries`; empty where no entry vouches for the event. */
  readonly entry: string
}

/** A session with the evidence for it, checkable without the store it came from. */
export interface EvidenceBundle {
  readonly format: 'podwitness-evidence/1'
  /** ISO 8601. */
  readonly made: string
  readonly session: SessionDetail
  readonly events: readonly BundledEvent[]
  /** Signed entries by `chain#seq`. */
  readonly entries: Readonly<Record<string, LedgerEntry>>
  /** PEM, SPKI. */
  readonly publicKey: string
}

/** What a check of a bundle found. */
export interface BundleVerdict {
  readonly events: number
  /** Ids of events whose bytes do not lead to the root of a signed entry. */
  readonly unproven: readonly string[]
  /** Keys of entries whose content is not what was signed. */
  readonly badEntries: readonly string[]
  /** False where this program cannot check ed25519 signatures: then only the hashes were checked. */
  readonly signaturesChecked: boolean
}
