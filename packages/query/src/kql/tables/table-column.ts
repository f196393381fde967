import type { KqlType } from '../kql-type.ts'
import type { KqlTableColumn } from './kql-table.ts'

/** A column of a table; without an expression it is typed and empty. */
export const column = (name: string, type: KqlType, sql?: string): KqlTableColumn =>
  sql === undefined ? { name, type } : { name, type, sql }
export const text = (name: string, sql?: string): KqlTableColumn => column(name, 'string', sql)
/** A member of the event as it was received. */
export const member = (name: string, key: string): KqlTableColumn =>
  column(name, 'dynamic', `nullIf(JSONExtractRaw(raw, '${key}'), '')`)
export const memberText = (name: string, key: string): KqlTableColumn => text(name, `JSONExtractString(raw, '${key}')`)
export const constant = (name: string, value: string): KqlTableColumn => text(name, `'${value}'`)

/** Columns that Log Analytics adds to every table; what only it can know is empty. */
export const standard = (table: string): readonly KqlTableColumn[] => [
  text('TenantId'),
  constant('SourceSystem', 'podwitness'),
  constant('Type', table),
  text('_ResourceId', 'cluster'),
  text('_ItemId', 'event_id'),
  text('_SubscriptionId'),
  column('_TimeReceived', 'datetime', 'received'),
  column('_BilledSize', 'real', 'length(raw)'),
  text('_IsBillable'),
]
