import { arrayJson } from './json-values.ts'
import { fn, type KqlFunctionTable } from './kql-function.ts'

/** Metres from the earth's centre to its surface, as the distances of the Kusto documentation have it. */
const EARTH_RADIUS_METERS = 6_371_010

const isPoint = (longitude: string, latitude: string): string =>
  `ifNull(abs(${longitude}) <= 180 AND abs(${latitude}) <= 90, false)`

/** Along the great circle, by the formula of haversines. */
function distance(a: string, b: string, c: string, d: string): string {
  const half = (to: string, from: string): string => `pow(sin(radians(${to} - ${from}) / 2), 2)`
  const part = `${half(d, b)} + cos(radians(${b})) * cos(radians(${d})) * ${half(c, a)}`
  const meters = `${2 * EARTH_RADIUS_METERS} * asin(sqrt(least(${part}, 1)))`
  return `if(${isPoint(a, b)} AND ${isPoint(c, d)}, ${meters}, NULL)`
}

const GEOHASH = "'^[0-9b-hjkmnp-z]{1,18}$'"
const point = (longitude: string, latitude: string): string =>
  `concat('{"type":"Point","coordinates":[', toString(${longitude}), ',', toString(${latitude}), ']}')`

/** Any cell at all, for the engine to look at where there is none. */
const SOME_CELL = "stringToH3('862a1072fffffff')"
const number = (text: string): string =>
  `if(match(${text}, '^[0-9a-fA-F]{1,16}$'), reinterpretAsUInt64(reverse(unhex(leftPad(${text}, 16, '0')))), toUInt64(0))`
const isCell = (text: string): string => `h3IsValid(${number(text)}) = 1`
const cell = (text: string): string => `if(${isCell(text)}, ${number(text)}, ${SOME_CELL})`
const names = (cells: string): string => arrayJson(`arrayMap(h -> concat(char(34), h3ToString(h), char(34)), ${cells})`)

/** Cells of Geohash and H3. What is no point or no cell gives an empty text or null. */
export const GEO_CELL_FUNCTIONS: KqlFunctionTable = {
  geo_distance_2points: fn('real real real real', 'real', ([a = 'NULL', b = 'NULL', c = 'NULL', d = 'NULL']) =>
    distance(a, b, c, d),
  ),
  geo_point_to_geohash: fn('real real long?', 'string', ([x = 'NULL', y = 'NULL', size = '5'], { context, node }) => {
    const known = `${isPoint(x, y)} AND ifNull(${size} >= 1 AND ${size} <= 18, false)`
    return `if(${known}, geohashEncode(ifNull(${x}, 0), ifNull(${y}, 0), toUInt8(ifNull(${size}, 5) + ${context.stopIf(`ifNull(${size} > 12 AND ${size} <= 18, false)`, node, 'A geohash here has 12 characters at most.')})), '')`
  }),
  geo_geohash_to_central_point: fn('string', 'dynamic', ([x = "''"]) => {
    const at = (member: number): string => `tupleElement(geohashDecode(${x}), ${member})`
    return `if(match(${x}, ${GEOHASH}), toNullable(${point(at(1), at(2))}), NULL)`
  }),
  geo_point_to_h3cell: fn('real real long?', 'string', ([x = 'NULL', y = 'NULL', size = '6']) => {
    const known = `${isPoint(x, y)} AND ifNull(${size} >= 0 AND ${size} <= 15, false)`
    return `if(${known}, h3ToString(geoToH3(if(${isPoint(x, y)}, ${y}, 0), if(${isPoint(x, y)}, ${x}, 0), toUInt8(if(ifNull(${size} BETWEEN 0 AND 15, false), ${size}, 0)))), '')`
  }),
  geo_h3cell_level: fn(
    'string',
    'int',
    ([x = "''"]) => `if(${isCell(x)}, toNullable(toInt64(h3GetResolution(${cell(x)}))), NULL)`,
  ),
  geo_h3cell_parent: fn('string long?', 'string', ([x = "''", level]) => {
    const own = `toInt64(h3GetResolution(${cell(x)}))`
    const wanted = level === undefined ? `(${own} - 1)` : `ifNull(${level}, -1)`
    const known = `${isCell(x)} AND ${wanted} >= 0 AND ${wanted} < ${own}`
    return `if(${known}, h3ToString(h3ToParent(${cell(x)}, toUInt8(if(${known}, ${wanted}, 0)))), '')`
  }),
  geo_h3cell_to_central_point: fn('string', 'dynamic', ([x = "''"]) => {
    const at = (name: string): string => `tupleElement(h3ToGeo(${cell(x)}), '${name}')`
    return `if(${isCell(x)}, toNullable(${point(at('longitude'), at('latitude'))}), NULL)`
  }),
  geo_h3cell_neighbors: fn('string', 'dynamic', ([x = "''"]) => {
    const around = `arrayFilter(n -> n != ${cell(x)}, h3kRing(${cell(x)}, 1))`
    return `if(${isCell(x)}, toNullable(${names(around)}), NULL)`
  }),
}
