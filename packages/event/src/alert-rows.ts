/** A rule, channel, template or silence as it was last saved; `spec` is JSON. The newest version counts. */
export interface AlertObjectRow {
  kind: string
  id: string
  spec: string
  changed: string
  version: string
  is_deleted: 0 | 1
}

/** An alert: rows that a rule found, and what became of it. The newest version counts. */
export interface AlertRow {
  alert_id: string
  rule_id: string
  rule_name: string
  severity: string
  /** open, acknowledged, resolved */
  state: string
  group_key: string
  created: string
  updated: string
  span_from: string
  span_to: string
  /** Rows found; `results` holds the first of them. */
  row_count: number
  /** One key a row: none of them alerts twice for the same rule. */
  row_keys: string[]
  results: string
  reason: string
  /** Why no channel was told: a silence, maintenance, mute; empty where one was. */
  silenced: string
  actor: string
  note: string
  /** How often it was passed on because nobody acknowledged it. */
  escalated: number
  version: string
  is_deleted: 0 | 1
}

/** One evaluation of a rule. */
export interface AlertRunRow {
  rule_id: string
  /** When it should have run, and when it did. */
  due: string
  started: string
  /** Arrivals it has seen, up to here. */
  arrived_to: string
  span_from: string
  span_to: string
  rows_found: number
  rows_new: number
  alerts: number
  state: string
  error: string
  elapsed_ms: number
  owner: string
}

/** A message to one channel and how far it came. The newest version counts. */
export interface AlertDeliveryRow {
  delivery_id: string
  channel_id: string
  alert_ids: string[]
  created: string
  updated: string
  /** pending, sent, failed, folded (into a digest) */
  state: string
  attempts: number
  next_attempt: string
  status: number
  answer: string
  title: string
  body: string
  /** Delivery that carried it, where it was folded. */
  carrier: string
  version: string
  is_deleted: 0 | 1
}

/** Who evaluates during a slice of time; the first to claim a slot has it. */
export interface AlertLeaseRow {
  slot: string
  owner: string
  claimed: string
}
