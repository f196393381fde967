/** What a check found. `alarm`: somebody changed something. `note`: worth knowing. */
export interface LedgerFinding {
  readonly severity: 'alarm' | 'note'
  readonly code:
    | 'entry_unreadable'
    | 'entry_changed'
    | 'entry_missing'
    | 'wrong_key'
    | 'chain_missing'
    | 'rows_changed'
    | 'rows_missing'
    | 'rows_added'
    | 'batch_missing'
    | 'batch_unknown'
    | 'expired'
    | 'torn_end'
    | 'anchor_missing'
    | 'key_unconfirmed'
    | 'restored'
  readonly message: string
  /** Chain and entry, where there is one. */
  readonly chain?: string
  readonly seq?: number
  readonly batch?: string
  /** Time span of the events concerned, ISO 8601. */
  readonly from?: string
  readonly to?: string
  readonly sources?: readonly string[]
}

export interface LedgerReport {
  /** No alarm was found. */
  readonly intact: boolean
  readonly findings: readonly LedgerFinding[]
  readonly chains: readonly { readonly chain: string; readonly entries: number; readonly head: string }[]
  readonly batches: number
  readonly rows: number
  /** Id of the key the signatures were checked with. */
  readonly key: string
}

/** A head that was kept elsewhere. */
export interface Anchor {
  readonly chain: string
  readonly seq: number
  readonly head: string
}
