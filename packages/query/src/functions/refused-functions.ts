const PLACES = 'it needs a database of addresses and places'
const THREATS = "it needs the vendor's list of threats"
const CARRIERS = 'it needs a list of telephone numbers'
const LEARNED = 'it is one of the learning functions, whose methods are not published'
const SKETCH = 'sketches are no values here; use approx_distinct over the rows'
const SHAPES = 'geometry is not built here'
const DRAWN = 'it colours a console; use --format chart'
const SEVERAL = 'it makes several rows of one; use unnest'

/** Names that begin alike and are refused alike. */
export const REFUSED_FAMILIES: Readonly<Record<string, string>> = {
  ip_to_: PLACES,
  security_check_: THREATS,
  mobile_: CARRIERS,
  st_: SHAPES,
  ts_: LEARNED,
  series_: LEARNED,
}

/** Why a function of SLS is refused; the message and the reference say it. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  approx_set: SKETCH,
  merge: SKETCH,
  empty_approx_set: SKETCH,
  checksum: 'its method is not published; use count(distinct …)',
  numeric_histogram: 'its buckets depend on how the vendor splits the work; use width_bucket and group by',
  numeric_histogram_u: 'its buckets depend on how the vendor splits the work; use width_bucket and group by',
  histogram_u: `${SEVERAL} of histogram(x)`,
  bar: DRAWN,
  color: DRAWN,
  render: DRAWN,
  rgb: DRAWN,
  bing_tile: SHAPES,
  regexp_extract_map: 'use map(regexp_extract_all(…), regexp_extract_all(…))',
  array_transpose: 'use zip',
  cosine_similarity: 'vectors as maps are not built here',
  kmeans: LEARNED,
  anomaly_detection: LEARNED,
}

/** Undefined for a name that SLS does not have either. */
export function refusalOf(name: string): string | undefined {
  if (Object.hasOwn(REFUSED_FUNCTIONS, name)) return REFUSED_FUNCTIONS[name]
  const family = Object.keys(REFUSED_FAMILIES).find((prefix) => name.startsWith(prefix))
  return family === undefined ? undefined : REFUSED_FAMILIES[family]
}
