import { type FunctionTable, scalar } from './query-function.ts'

/** A digest is shown as hexadecimal text, but it is bytes; a function of bytes takes those. */
const bytes = (x: string | undefined): string =>
  /^lower\(hex\((\w+\(toString\([\s\S]*\)\))\)\)$/.exec(x ?? '')?.[1] ?? `toString(${x})`
const digest = (name: string) => scalar(1, 1, 'string', ([x]) => `lower(hex(${name}(toString(${x}))))`)
/** Presto's digits of a number in a base from 2 to 36. */
const DIGITS = "'0123456789abcdefghijklmnopqrstuvwxyz'"

export const BYTE_FUNCTIONS: FunctionTable = {
  md5: digest('MD5'),
  sha1: digest('SHA1'),
  sha256: digest('SHA256'),
  sha512: digest('SHA512'),
  to_utf8: scalar(1, 1, 'string', ([x]) => `toString(${x})`),
  from_utf8: scalar(1, 1, 'string', ([x]) => `toString(${x})`),
  to_hex: scalar(1, 1, 'string', ([x]) => `hex(${bytes(x)})`),
  from_hex: scalar(
    1,
    1,
    'string',
    ([x]) => `if(match(ifNull(toString(${x}), ''), '^(?:[0-9A-Fa-f]{2})*$'), unhex(toString(${x})), NULL)`,
  ),
  to_base64: scalar(1, 1, 'string', ([x]) => `base64Encode(${bytes(x)})`),
  from_base64: scalar(1, 1, 'string', ([x]) => `nullIf(tryBase64Decode(toString(${x})), '')`),
  to_base64url: scalar(1, 1, 'string', ([x]) => `replaceAll(replaceAll(base64Encode(${bytes(x)}), '+', '-'), '/', '_')`),
  from_base64url: scalar(1, 1, 'string', ([x]) => `nullIf(tryBase64URLDecode(replaceAll(toString(${x}), '=', '')), '')`),
  to_big_endian_64: scalar(
    1,
    1,
    'string',
    ([x]) => `if(isNull(${x}), NULL, toNullable(reinterpretAsFixedString(byteSwap(toUInt64(assumeNotNull(${x}))))))`,
  ),
  from_big_endian_64: scalar(1, 1, 'int', ([x]) => `reinterpretAsInt64(reverse(assumeNotNull(toString(${x}))))`),
  crc32: scalar(1, 1, 'int', ([x]) => `toInt64(CRC32(${bytes(x)}))`),
  bit_count: scalar(
    2,
    2,
    'int',
    ([x, size]) =>
      `toInt64(bitCount(bitAnd(toInt64(${x}), if(${size} >= 64, -1, bitShiftLeft(toInt64(1), toUInt8(${size})) - 1))))`,
  ),
  from_base: scalar(2, 2, 'int', ([x, base]) => {
    const number = `lower(ifNull(toString(${x}), ''))`
    const digits = `ngrams(trim(LEADING '-' FROM ${number}), 1)`
    const valid = `match(${number}, '^-?[0-9a-z]+$') AND arrayAll(__c -> position(${DIGITS}, __c) <= ${base}, ${digits})`
    const amount = `arrayFold((__a, __c) -> __a * toInt64(${base}) + toInt64(position(${DIGITS}, __c) - 1), ${digits}, toInt64(0))`
    return `if(${valid}, if(startsWith(${number}, '-'), -1, 1) * ${amount}, NULL)`
  }),
  to_base: {
    min: 2,
    max: 2,
    returns: 'string',
    kind: 'scalar',
    emit(args, context) {
      const base = Number(args[1]?.literal)
      if (!Number.isInteger(base) || base < 2 || base > 36)
        throw context.refuse(1, 'The base must be a whole number from 2 to 36.')
      const x = `abs(toInt64(${args[0]?.sql}))`
      const places = Math.ceil(63 / Math.log2(base))
      const powers = Array.from({ length: places }, (_, index) => BigInt(base) ** BigInt(index)).filter(
        (power) => power < 2n ** 63n,
      )
      const digits = powers
        .reverse()
        .map((power) => `substring(${DIGITS}, toUInt8(intDiv(${x}, toInt64('${power}')) % ${base}) + 1, 1)`)
      const shown = `trimLeft(concat(${digits.join(', ')}), '0')`
      return `concat(if(${args[0]?.sql} < 0, '-', ''), if(${x} = 0, '0', ${shown}))`
    },
  },
}
