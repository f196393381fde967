import { ARRAY_FUNCTIONS } from './array-functions.ts'
import { ARRAY_ORDER_FUNCTIONS } from './array-order.ts'
import { BAG_FUNCTIONS } from './bag-functions.ts'
import { CODING_FUNCTIONS } from './coding-functions.ts'
import { COMPRESSION_FUNCTIONS } from './compression-functions.ts'
import { CONDITION_FUNCTIONS } from './condition-functions.ts'
import { CONVERSION_FUNCTIONS } from './conversion-functions.ts'
import { GEO_CELL_FUNCTIONS } from './geo-cell-functions.ts'
import { IPV6_FUNCTIONS } from './ipv6-functions.ts'
import type { KqlFunctionTable } from './kql-function.ts'
import { NETWORK_FUNCTIONS } from './network-functions.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { OUTPUT_FUNCTIONS } from './output-functions.ts'
import { PARSE_FUNCTIONS } from './parse-functions.ts'
import { PUNYCODE_FUNCTIONS } from './punycode-functions.ts'
import { SEARCH_FUNCTIONS } from './search-functions.ts'
import { SERIES_ELEMENT_FUNCTIONS } from './series-elementwise.ts'
import { SERIES_FILL_FUNCTIONS } from './series-fills.ts'
import { SERIES_FILTER_FUNCTIONS } from './series-filters.ts'
import { SERIES_FIT_FUNCTIONS } from './series-fits.ts'
import { SERIES_PERIOD_FUNCTIONS } from './series-periods.ts'
import { SERIES_STATISTIC_FUNCTIONS } from './series-statistics.ts'
import { SKETCH_FUNCTIONS } from './sketch-functions.ts'
import { STATISTIC_FUNCTIONS } from './statistic-functions.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'
import { UNIT_FUNCTIONS } from './unit-functions.ts'
import { XML_FUNCTIONS } from './xml-functions.ts'

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
  ...COMPRESSION_FUNCTIONS,
  ...IPV6_FUNCTIONS,
  ...GEO_CELL_FUNCTIONS,
  ...OUTPUT_FUNCTIONS,
  ...PARSE_FUNCTIONS,
  ...PUNYCODE_FUNCTIONS,
  ...SEARCH_FUNCTIONS,
  ...SKETCH_FUNCTIONS,
  ...STATISTIC_FUNCTIONS,
  ...UNIT_FUNCTIONS,
  ...ARRAY_ORDER_FUNCTIONS,
  ...SERIES_ELEMENT_FUNCTIONS,
  ...SERIES_FILL_FUNCTIONS,
  ...SERIES_FILTER_FUNCTIONS,
  ...SERIES_STATISTIC_FUNCTIONS,
  ...SERIES_FIT_FUNCTIONS,
  ...SERIES_PERIOD_FUNCTIONS,
  ...XML_FUNCTIONS,
}
