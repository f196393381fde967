import { ClickHouseError } from '@clickhouse/client'
import { StoreError, type StoreErrorCode } from './store-error.ts'

/**
 * Error numbers that have a meaning of their own here.
 * Source: ClickHouse, src/Common/ErrorCodes.cpp.
 */
const BY_NUMBER: Readonly<Record<string, StoreErrorCode>> = {
  158: 'PW-ST-014', // TOO_MANY_ROWS
  159: 'PW-ST-014', // TIMEOUT_EXCEEDED
  160: 'PW-ST-014', // TOO_SLOW
  164: 'PW-ST-011', // READONLY
  191: 'PW-ST-014', // SET_SIZE_LIMIT_EXCEEDED
  192: 'PW-ST-011', // UNKNOWN_USER
  193: 'PW-ST-011', // WRONG_PASSWORD
  202: 'PW-ST-010', // TOO_MANY_SIMULTANEOUS_QUERIES
  209: 'PW-ST-010', // SOCKET_TIMEOUT
  210: 'PW-ST-010', // NETWORK_ERROR
  241: 'PW-ST-014', // MEMORY_LIMIT_EXCEEDED
  242: 'PW-ST-010', // TABLE_IS_READ_ONLY: a replica that lost its keeper
  243: 'PW-ST-012', // NOT_ENOUGH_SPACE
  252: 'PW-ST-010', // TOO_MANY_PARTS: merges have to catch up
  279: 'PW-ST-010', // ALL_CONNECTION_TRIES_FAILED: a shard is gone
  307: 'PW-ST-014', // TOO_MANY_BYTES
  319: 'PW-ST-010', // UNKNOWN_STATUS_OF_INSERT: repeated under its token, it is stored once
  394: 'PW-ST-015', // QUERY_WAS_CANCELLED
  396: 'PW-ST-014', // TOO_MANY_ROWS_OR_BYTES
  452: 'PW-ST-011', // SETTING_CONSTRAINT_VIOLATION
  497: 'PW-ST-011', // ACCESS_DENIED
  516: 'PW-ST-011', // AUTHENTICATION_FAILED
  999: 'PW-ST-010', // KEEPER_EXCEPTION
}
const ADVICE: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  'PW-ST-010': 'See whether it runs: podwitness doctor',
  'PW-ST-012': 'Free space on the disk of the data directory, or keep rows for fewer days: podwitness retention --set DAYS',
  'PW-ST-014': 'Ask for a shorter time range or fewer columns.',
}

/** What failed, in words, and the code an engine error gets when its number has none of its own. */
export interface FailedCall {
  readonly what: string
  readonly otherwise: StoreErrorCode
}

/** Turns whatever the client threw into a `StoreError`; one that is a `StoreError` already stays as it is. */
export function storeFailure(error: unknown, call: FailedCall): StoreError {
  if (error instanceof StoreError) return error
  const why = error instanceof Error ? firstLine(error) : String(error)
  if (error instanceof ClickHouseError) {
    const code = BY_NUMBER[error.code] ?? call.otherwise
    return make(code, { what: call.what, why: `The engine says: ${why}`, engineCode: Number(error.code), cause: error })
  }
  if (/No space left on device/.test(why))
    return make('PW-ST-012', { what: call.what, why: `The engine says: ${why}`, cause: error })
  // Errors of the engine's libraries do not have its usual form, but still its version.
  if (error instanceof Error && /\(version [\d.]+/.test(error.message))
    return make(call.otherwise, { what: call.what, why: `The engine says: ${why}`, cause: error })
  if (error instanceof Error && /abort/i.test(`${error.name} ${error.message}`))
    return make('PW-ST-015', { what: call.what, why: 'It was cancelled.', cause: error })
  return make('PW-ST-010', { what: call.what, why: `The engine cannot be reached: ${why}.`, cause: error })
}

function make(code: StoreErrorCode, parts: ConstructorParameters<typeof StoreError>[1]): StoreError {
  const todo = ADVICE[code]
  return new StoreError(code, todo === undefined ? parts : { ...parts, todo })
}

/** An aggregate of connection attempts carries its reasons inside, and no message. */
function firstLine(error: Error): string {
  const inner = error instanceof AggregateError ? error.errors.map((one: unknown) => String(one)).join('; ') : ''
  return ((error.message === '' ? inner : error.message).split('\n')[0] ?? '').slice(0, 1_000)
}
