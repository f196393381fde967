import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { ARRAY_ORDER_FUNCTIONS } from './array-order.ts'
import { BAG_FUNCTIONS } from './bag-functions.ts'
import { CODING_FUNCTIONS } from './coding-functions.ts'
import { CONDITION_FUNCTIONS } from './condition-functions.ts'
import { CONVERSION_FUNCTIONS } from './conversion-functions.ts'
import type { KqlFunctionTable } from './kql-function.ts'
import { NETWORK_FUNCTIONS } from './network-functions.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { SERIES_ELEMENT_FUNCTIONS } from './series-elementwise.ts'
import { SERIES_FILL_FUNCTIONS } from './series-fills.ts'
import { SERIES_FILTER_FUNCTIONS } from './series-filters.ts'
import { SERIES_FIT_FUNCTIONS } from './series-fits.ts'
import { SERIES_PERIOD_FUNCTIONS } from './series-periods.ts'
import { SERIES_STATISTIC_FUNCTIONS } from './series-statistics.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'

/** Every scalar function there is, by name; the support page is made from it. */
export const SCALAR_FUNCTIONS: KqlFunctionTable = {
  ...CONDITION_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...CODING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...BAG_FUNCTIONS,
  ...NETWORK_FUNCTIONS,
  ...ARRAY_ORDER_FUNCTIONS,
  ...SERIES_ELEMENT_FUNCTIONS,
  ...SERIES_FILL_FUNCTIONS,
  ...SERIES_FILTER_FUNCTIONS,
  ...SERIES_STATISTIC_FUNCTIONS,
  ...SERIES_FIT_FUNCTIONS,
  ...SERIES_PERIOD_FUNCTIONS,
}
