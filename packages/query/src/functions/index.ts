import { ADDRESS_FUNCTIONS } from './address-functions.ts'
import { AGGREGATES, WINDOWS } from './aggregates.ts'
import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { BYTE_FUNCTIONS } from './byte-functions.ts'
import { JSON_FUNCTIONS } from './json-functions.ts'
import { MAP_FUNCTIONS } from './map-functions.ts'
import type { FunctionTable } from './query-function.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'
import { UNIT_FUNCTIONS } from './unit-functions.ts'
import { VALUE_FUNCTIONS } from './value-functions.ts'

/** The functions by family, as the reference shows them. */
export const FUNCTION_FAMILIES: Readonly<Record<string, FunctionTable>> = {
  Aggregates: AGGREGATES,
  'Window functions': WINDOWS,
  'JSON functions': JSON_FUNCTIONS,
  'Functions of text, patterns and URLs': TEXT_FUNCTIONS,
  'Functions of time': TIME_FUNCTIONS,
  'Functions of numbers and conditions': VALUE_FUNCTIONS,
  'Functions of arrays': ARRAY_FUNCTIONS,
  'Functions of maps': MAP_FUNCTIONS,
  'Functions of bytes and bits': BYTE_FUNCTIONS,
  'Functions of addresses': ADDRESS_FUNCTIONS,
  'Functions of units': UNIT_FUNCTIONS,
}

/** Every function a query may call. What is not here is refused by name. */
export const FUNCTIONS: FunctionTable = Object.assign({}, ...Object.values(FUNCTION_FAMILIES))
