import type { Scalar } from '../scalar.ts'
import { convert, toText } from '../values/convert.ts'
import { toOldTicks } from '../values/ticks.ts'
import { arrayJson, elements } from './json-values.ts'
import { fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** What is hashed of numbers and times, as they are held; undefined of all that is hashed as text. */
function binary({ sql, type }: Scalar): string | undefined {
  if (type === 'datetime') return toOldTicks(sql)
  if (type === 'real') return `toFloat64(${sql})`
  return type === 'int' || type === 'long' || type === 'timespan' ? `toInt64(${sql})` : undefined
}

/** xxHash64 of the text, or of the ticks of a datetime, as a signed number. Source: Kusto documentation, hash(). */
const hash = withScalars('any long?', 'long', ([x, modulo], { context }) => {
  const value = x as Scalar
  const bytes = binary(value)
  const source =
    bytes === undefined
      ? toText(value, context)
      : `if(isNull(${value.sql}), '', reinterpret(assumeNotNull(${bytes}), 'FixedString(8)'))`
  const signed = `reinterpretAsInt64(xxHash64(${source}))`
  return modulo === undefined ? signed : `positiveModulo(${signed}, nullIf(${modulo.sql}, 0))`
})
const digest = (name: string): KqlFunction =>
  withScalars('any', 'string', ([x], { context }) => `lower(hex(${name}(${toText(x as Scalar, context)})))`)
const decoded = fn('string', 'string', ([x], { context }) =>
  context.once(`tryBase64Decode(${x})`, (bytes) => `if(isValidUTF8(${bytes}), ${bytes}, '')`),
)
const encoded = fn('string', 'string', ([x]) => `base64Encode(${x})`)

/** Kusto writes the digits of an escape in lower case. */
const lowerEscapes = (encoded: string): string =>
  `arrayStringConcat(arrayMap(p -> if(startsWith(p, '%'), lower(p), p), extractAll(${encoded}, '%..|[^%]+')))`

export const CODING_FUNCTIONS: KqlFunctionTable = {
  hash,
  hash_xxhash64: hash,
  hash_md5: digest('MD5'),
  hash_sha1: digest('SHA1'),
  hash_sha256: digest('SHA256'),
  base64_encode_tostring: encoded,
  base64_encodestring: encoded,
  base64_decode_tostring: decoded,
  base64_decodestring: decoded,
  base64_decode_toarray: fn('string', 'dynamic', ([x]) =>
    arrayJson(`arrayMap(b -> toString(ascii(b)), splitByString('', tryBase64Decode(${x})))`),
  ),
  base64_encode_fromarray: fn(
    'dynamic',
    'string',
    ([x]) => `base64Encode(arrayStringConcat(arrayMap(b -> char(toUInt8OrZero(b)), ${elements(x ?? 'NULL')})))`,
  ),
  /** The first three groups of a guid lie in the bytes in reverse, as in .NET. */
  base64_encode_fromguid: fn('guid', 'string', ([x]) => `ifNull(base64Encode(UUIDStringToNum(${x}, 2)), '')`),
  base64_decode_toguid: fn('string', 'guid', ([x], { context }) =>
    context.once(
      `tryBase64Decode(${x})`,
      (bytes) => `if(length(${bytes}) = 16, toNullable(UUIDNumToString(toFixedString(${bytes}, 16), 2)), NULL)`,
    ),
  ),
  url_encode: fn('string', 'string', ([x]) => lowerEscapes(`replaceAll(encodeURLComponent(${x}), '%20', '+')`)),
  url_encode_component: fn('string', 'string', ([x]) => lowerEscapes(`encodeURLComponent(${x})`)),
  url_decode: fn('string', 'string', ([x]) => `decodeURLComponent(${x})`),
  tohex: withScalars('any long?', 'string', ([x, width], { context }) => {
    const value = x?.type === 'int' ? `bitAnd(${x.sql}, 4294967295)` : convert(x as Scalar, 'long', context).sql
    const digits = `replaceRegexpOne(lower(hex(reinterpretAsUInt64(toInt64(ifNull(${value}, 0))))), '^0+(.)', '\\\\1')`
    const least = width === undefined ? '0' : `least(ifNull(${width.sql}, 0), 16)`
    const padded = context.once(digits, (text) => `leftPad(${text}, toUInt64(greatest(toInt64(length(${text})), ${least})), '0')`)
    return `if(isNull(${value}), '', ${padded})`
  }),
}
