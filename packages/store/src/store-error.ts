/**
 * Every way the store can fail, by a code that stays the same. `docs/reference/store.md` has an anchor for each.
 */
export const STORE_ERROR_CODES = {
  'PW-ST-001': 'This platform has no embedded engine',
  'PW-ST-002': 'The embedded engine is not installed',
  'PW-ST-003': 'The data directory cannot be written',
  'PW-ST-004': 'The data directory is held by another process',
  'PW-ST-005': 'The engine did not start',
  'PW-ST-006': 'The data was written by a newer version',
  'PW-ST-007': 'A migration failed',
  'PW-ST-010': 'The engine cannot be reached',
  'PW-ST-011': 'The engine refused the user or the right',
  'PW-ST-012': 'The disk is full',
  'PW-ST-013': 'The query is wrong',
  'PW-ST-014': 'The query ran over its limit',
  'PW-ST-015': 'The query was cancelled',
  'PW-ST-016': 'The rows were refused',
  'PW-ST-017': 'The store is closed',
  'PW-ST-018': 'The engine answered with an error',
  'PW-ST-019': 'The ledger is damaged',
  'PW-ST-020': 'The server is too old',
  'PW-ST-021': 'The cluster is not as the address says',
  'PW-ST-022': 'The cluster has no keeper',
  'PW-ST-023': 'The server does not take a setting',
} as const
export type StoreErrorCode = keyof typeof STORE_ERROR_CODES

/** What a `StoreError` carries beside its code: what happened, why, and what to do. */
export interface StoreErrorParts {
  /** One sentence: what could not be done. */
  readonly what: string
  /** The reason as far as known, e.g. the engine's own words. */
  readonly why?: string
  /** What the reader can do about it. */
  readonly todo?: string
  /** ClickHouse's error number, 0 where it did not come from there. */
  readonly engineCode?: number
  readonly cause?: unknown
}

/** Codes of failures that may pass by themselves: the same call can succeed later. */
const RETRYABLE: ReadonlySet<StoreErrorCode> = new Set(['PW-ST-010', 'PW-ST-012', 'PW-ST-004'])

/** A failed operation of the store. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  readonly what: string
  readonly why: string
  readonly todo: string
  readonly engineCode: number

  constructor(code: StoreErrorCode, parts: StoreErrorParts) {
    const sentences = [parts.what, parts.why, parts.todo].filter((text) => text !== undefined && text !== '')
    super(sentences.join(' '), parts.cause === undefined ? undefined : { cause: parts.cause })
    this.code = code
    this.what = parts.what
    this.why = parts.why ?? ''
    this.todo = parts.todo ?? ''
    this.engineCode = parts.engineCode ?? 0
  }

  /** Whether the same call may succeed later without anybody changing it. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code)
  }
}
