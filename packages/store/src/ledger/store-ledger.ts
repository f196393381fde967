import type { EventProof } from './event-proof.ts'
import type { Anchor, LedgerReport } from './ledger-report.ts'
import type { PublicKey } from './signing-key.ts'

/** What people and programs may do with the ledger. */
export interface StoreLedger {
  /** Folder of the chains and of the public key. */
  readonly folder: string
  /** The last entry this process signed: what to keep elsewhere. Empty before its first. */
  head(): Anchor
  /** Holds every link, signature and row against each other. */
  verify(options: {
    readonly key?: PublicKey
    readonly anchors?: readonly Anchor[]
    readonly onProgress?: (done: number, all: number) => void
  }): Promise<LedgerReport>
  /** Proof that events are in signed batches: for each, the entry and the path to its root. */
  prove(events: readonly { readonly eventId: string; readonly time: string }[]): Promise<EventProof[]>
  /** Signs bytes with the ledger's key; base64. */
  sign(bytes: Uint8Array): string
  /** Records under signature what has expired; returns how many batches. */
  recordExpired(): Promise<number>
  onEntry(listener: (anchor: Anchor) => void): void
}
