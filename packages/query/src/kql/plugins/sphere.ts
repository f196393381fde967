/** Radius of the sphere that stands for the Earth, in metres. Source: S2 geometry, S2Earth::Radius(). */
const RADIUS_M = 6_371_010

/** The unit vector of a place in degrees. */
export const place = (longitude: string, latitude: string): string =>
  `(cos(radians(${latitude})) * cos(radians(${longitude})), cos(radians(${latitude})) * sin(radians(${longitude})), sin(radians(${latitude})))`

const dot = (a: string, b: string): string => `(${a}.1 * ${b}.1 + ${a}.2 * ${b}.2 + ${a}.3 * ${b}.3)`
const cross = (a: string, b: string): string =>
  `(${a}.2 * ${b}.3 - ${a}.3 * ${b}.2, ${a}.3 * ${b}.1 - ${a}.1 * ${b}.3, ${a}.1 * ${b}.2 - ${a}.2 * ${b}.1)`

/** Binds a vector to a name, so that it is computed once. */
const bound = (name: string, value: string, inside: string): string => `arrayMap(${name} -> ${inside}, [${value}])[1]`

/**
 * The rings or lines of a GeoJSON geometry as arrays of edges, each a pair of unit vectors.
 * Source: RFC 7946, section 3.1.
 */
export function edgesOf(geometry: string): string {
  const json = `ifNull(${geometry}, '')`
  const read = (type: string): string => `JSONExtract(${json}, 'coordinates', '${type}')`
  const lines =
    `multiIf(JSONExtractString(${json}, 'type') = 'LineString', [${read('Array(Array(Float64))')}], ` +
    `JSONExtractString(${json}, 'type') IN ('Polygon', 'MultiLineString'), ${read('Array(Array(Array(Float64)))')}, ` +
    `JSONExtractString(${json}, 'type') = 'MultiPolygon', arrayReduce('groupArrayArray', ${read('Array(Array(Array(Array(Float64))))')}), [])`
  const vectors = `arrayMap(c -> ${place('c[1]', 'c[2]')}, line)`
  return `arrayMap(line -> arrayMap((a, b) -> (a, b), arrayPopBack(${vectors}), arrayPopFront(${vectors})), ${lines})`
}

/** Whether a place is inside the rings: it is when an odd number of them goes around it on its side of the sphere. */
export function isInside(at: string, rings: string): string {
  const turn = `atan2(${dot(at, cross('e.1', 'e.2'))}, ${dot('e.1', 'e.2')} - ${dot(at, 'e.1')} * ${dot(at, 'e.2')})`
  const around = `abs(arraySum(e -> ${turn}, ring)) > pi()`
  const near = `arraySum(e -> ${dot(at, 'e.1')}, ring) > 0`
  return `(arrayCount(ring -> ${around} AND ${near}, ${rings}) % 2 = 1)`
}

/** Metres from a place to the nearest edge. */
export function metresTo(at: string, rings: string): string {
  const angle = (vector: string): string => `acos(greatest(-1, least(1, ${dot(at, vector)})))`
  const ends = `least(${angle('e.1')}, ${angle('e.2')})`
  const size = `sqrt(${dot('n', 'n')})`
  const between = `${dot(cross('n', 'e.1'), at)} >= 0 AND ${dot(cross('e.2', 'n'), at)} >= 0`
  const edge = bound(
    'n',
    cross('e.1', 'e.2'),
    `if(${size} > 1e-15 AND ${between}, asin(least(1, abs(${dot(at, 'n')}) / ${size})), ${ends})`,
  )
  const nearest = `arrayMin(ring -> arrayMin(e -> ${edge}, ring), ${rings})`
  return `(${nearest} * ${RADIUS_M})`
}
