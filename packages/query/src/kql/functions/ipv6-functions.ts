import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { elements } from './json-values.ts'
import { fn, type KqlCall, type KqlFunctionTable, withScalars } from './kql-function.ts'

/**
 * An address as 16 bytes, IPv4 as ::ffff:a.b.c.d; null where it is none. The prefix counts the bits of the whole, so that
 * of an IPv4 address is 96 longer than it is written. `::1.2.3.4` is taken for the IPv4 address, as Kusto does.
 */
const host = (text: string): string => `splitByChar('/', ${text})[1]`
const plain = (text: string): string =>
  `replaceRegexpOne(${host(text)}, '^::(?:[fF]{4}:)?([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+)$', '\\\\1')`
const isV4 = (text: string): string => `isIPv4String(${plain(text)})`
const bytes = (text: string): string => `IPv6StringToNumOrNull(${plain(text)})`
const written = (text: string): string => `toInt64OrNull(splitByChar('/', ${text})[2])`
const prefix = (text: string): string => `ifNull(if(${isV4(text)}, ${written(text)} + 96, ${written(text)}), 128)`

/** The address as a number of 128 bits with all but the first `bits` of them zero. */
const masked = (text: string, bits: string): string => {
  const number = `reinterpretAsUInt128(reverse(${bytes(text)}))`
  return `if(isNull(${bytes(text)}) OR ${bits} < 0 OR ${bits} > 128, NULL, bitAnd(${number}, if(${bits} = 0, toUInt128(0), bitShiftLeft(bitNot(toUInt128(0)), 128 - toUInt8(${bits})))))`
}

/** A prefix that is given counts like that of an IPv6 address; for two IPv4 addresses like theirs. */
function compared(a: string, b: string, given: string | undefined, { context }: KqlCall): string {
  const both = `(${isV4(a)} AND ${isV4(b)} AND NOT position(${a}, ':') AND NOT position(${b}, ':'))`
  const asked = given === undefined ? '128' : `if(${both} AND ${given} <= 32, ${given} + 96, ${given})`
  return context.once(`least(${prefix(a)}, ${prefix(b)}, ifNull(${asked}, -1))`, (bits) =>
    context.once(masked(a, bits), (x) =>
      context.once(
        masked(b, bits),
        (y) => `multiIf(isNull(${x}) OR isNull(${y}), NULL, ${x} < ${y}, toInt64(-1), ${x} > ${y}, 1, 0)`,
      ),
    ),
  )
}

const within = (ip: string, range: string): string => `(${masked(ip, prefix(range))} = ${masked(range, prefix(range))})`

/** Ranges as texts, or as arrays of them. */
function inAny([ip, ...given]: readonly Scalar[], { context }: KqlCall): string {
  const ranges = given.map((one) => (one.type === 'dynamic' ? one : convert(one, 'string', context)))
  const tests = ranges.map((range) =>
    range.type === 'dynamic'
      ? `arrayExists(r -> ifNull(${within(ip?.sql ?? "''", 'JSONExtractString(r)')}, false), ${elements(range.sql)})`
      : `ifNull(${within(ip?.sql ?? "''", range.sql)}, false)`,
  )
  return `if(isNull(${bytes(ip?.sql ?? "''")}), NULL, toNullable(${tests.join(' OR ')}))`
}

/** All eight groups with four digits each. */
const text = (number: string): string =>
  `ifNull(arrayStringConcat(arrayMap(g -> substring(leftPad(lower(hex(assumeNotNull(${number}))), 32, '0'), g * 4 + 1, 4), range(8)), ':'), '')`
const canonical = (ip: string, bits: string, { context }: KqlCall): string =>
  context.once(masked(ip, bits), (number) => `if(isNull(${number}), '', ${text(number)})`)

export const IPV6_FUNCTIONS: KqlFunctionTable = {
  ipv6_compare: fn('string string long?', 'long', ([a = "''", b = "''", bits], call) => compared(a, b, bits, call)),
  ipv6_is_match: fn('string string long?', 'bool', ([a = "''", b = "''", bits], call) => `(${compared(a, b, bits, call)} = 0)`),
  ipv6_is_in_range: fn('string string', 'bool', ([ip = "''", range = "''"]) => within(ip, range)),
  ipv6_is_in_any_range: withScalars('string any any*', 'bool', inAny),
  parse_ipv6: fn('string', 'string', ([ip = "''"], call) => canonical(ip, prefix(ip), call)),
  parse_ipv6_mask: fn('string long', 'string', ([ip = "''", bits = '128'], call) =>
    canonical(ip, `least(${prefix(ip)}, ifNull(${bits}, -1))`, call),
  ),
}
