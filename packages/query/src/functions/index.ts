import { ADDRESS_FUNCTIONS } from './address-functions.ts'
import { AGGREGATES, WINDOWS } from './aggregates.ts'
import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { JSON_FUNCTIONS } from './json-functions.ts'
import { MAP_FUNCTIONS } from './map-functions.ts'
import type { FunctionTable } from './query-function.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'
import { VALUE_FUNCTIONS } from './value-functions.ts'

/** Every function a query may call. What is not here is refused by name. */
export const FUNCTIONS: FunctionTable = {
  ...AGGREGATES,
  ...WINDOWS,
  ...JSON_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...VALUE_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...MAP_FUNCTIONS,
  ...ADDRESS_FUNCTIONS,
}
