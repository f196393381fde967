import type {
  AccessObjectRow,
  AlertDeliveryRow,
  AlertLeaseRow,
  AlertObjectRow,
  AlertRow,
  AlertRunRow,
  BatchRow,
  ContainerRow,
  EntryRow,
  EventDraft,
  EventRow,
  HeartbeatRow,
  ImportRow,
  LeaseRow,
  LedgerEntryRow,
  LossRow,
  PlacementRow,
  PodRow,
  SampleRow,
  SavedQueryRow,
  SessionRow,
  StoreObjectRow,
} from '@podwitness/event'

/** The tables rows are written to, and the shape of a row of each. */
export interface TableRows {
  events: EventRow
  placements: PlacementRow
  sessions: SessionRow
  entries: EntryRow
  containers: ContainerRow
  pods: PodRow
  samples: SampleRow
  imports: ImportRow
  loss: LossRow
  heartbeats: HeartbeatRow
  batches: BatchRow
  alert_objects: AlertObjectRow
  alerts: AlertRow
  alert_runs: AlertRunRow
  alert_deliveries: AlertDeliveryRow
  alert_leases: AlertLeaseRow
  access_objects: AccessObjectRow
  leases: LeaseRow
  ledger_entries: LedgerEntryRow
  store_objects: StoreObjectRow
  saved_queries: SavedQueryRow
}
export type TableName = keyof TableRows

/** Every table rows are written to, in the order an import fills them. */
export const TABLE_NAMES: readonly TableName[] = [
  'events',
  'placements',
  'sessions',
  'entries',
  'containers',
  'pods',
  'samples',
  'imports',
  'loss',
  'heartbeats',
  'batches',
  'alert_objects',
  'alerts',
  'alert_runs',
  'alert_deliveries',
  'alert_leases',
  'access_objects',
  'leases',
  'ledger_entries',
  'store_objects',
  'saved_queries',
]

/** Tables whose rows expire; the others are small and keep what is known. */
export const EXPIRING_TABLES = [
  'events',
  'placements',
  'sessions',
  'entries',
  'samples',
  'loss',
  'heartbeats',
  'batches',
  'alerts',
  'alert_runs',
  'alert_deliveries',
  'alert_leases',
] as const
export type ExpiringTable = (typeof EXPIRING_TABLES)[number]

/** What an insert takes: whole rows; of an event, columns may be left out and get the engine's empty value. */
export type Insertable<T extends TableName> = T extends 'events' ? EventDraft : TableRows[T]
