import { API_QUERIES } from './api-queries.ts'
import { INVENTORY_QUERIES } from './inventory-queries.ts'
import { RECORD_QUERIES } from './record-queries.ts'
import { SESSION_QUERIES } from './session-queries.ts'

/** A query as people write them for these tables, and the least number of rows the recording gives. */
export interface HuntingQuery {
  readonly name: string
  readonly query: string
  readonly least: number
}

/** Sentinel, AKS and Syslog style; every row a shape seen in public hunting packs, written anew for this data. */
export const HUNTING_QUERIES: readonly HuntingQuery[] = [
  ...API_QUERIES,
  ...SESSION_QUERIES,
  ...RECORD_QUERIES,
  ...INVENTORY_QUERIES,
]
