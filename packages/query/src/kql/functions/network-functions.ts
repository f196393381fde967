import { fn, type KqlFunctionTable } from './kql-function.ts'

/** An address and the length of its prefix; 32 where there is none. */
const address = (text: string): string => `IPv4StringToNumOrNull(splitByChar('/', ${text})[1])`
const prefix = (text: string): string => `ifNull(toUInt8OrNull(splitByChar('/', ${text})[2]), 32)`
const masked = (number: string, bits: string): string =>
  `bitAnd(toUInt64(${number}), bitShiftLeft(toUInt64(4294967295), 32 - ${bits}))`
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

function within(ip: string, range: string): string {
  return `(${masked(address(ip), prefix(range))} = ${masked(address(range), prefix(range))})`
}
/** Both are cut to the shorter of the prefixes. */
function compared(a: string, b: string, bits: string): string {
  const shortest = `least(${prefix(a)}, ${prefix(b)}, ${bits})`
  const [x, y] = [masked(address(a), shortest), masked(address(b), shortest)]
  return `multiIf(isNull(${x}) OR isNull(${y}), NULL, ${x} < ${y}, -1, ${x} > ${y}, 1, toInt64(0))`
}

export const NETWORK_FUNCTIONS: KqlFunctionTable = {
  ipv4_is_private: fn(
    'string',
    'bool',
    ([x = "''"]) => `if(isNull(${address(x)}), NULL, ${PRIVATE.map((range) => within(x, `'${range}'`)).join(' OR ')})`,
  ),
  ipv4_is_in_range: fn('string string', 'bool', ([ip = "''", range = "''"]) => within(ip, range)),
  ipv4_is_in_any_range: fn(
    'string string string*',
    'bool',
    ([ip = "''", ...ranges]) => `(${ranges.map((range) => within(ip, range)).join(' OR ')})`,
  ),
  ipv4_compare: fn('string string long?', 'long', ([a = "''", b = "''", bits = '32']) => compared(a, b, bits)),
  ipv4_is_match: fn('string string long?', 'bool', ([a = "''", b = "''", bits = '32']) => `(${compared(a, b, bits)} = 0)`),
  parse_ipv4: fn('string', 'long', ([x = "''"]) => `toInt64(${masked(address(x), prefix(x))})`),
  parse_ipv4_mask: fn('string long', 'long', ([x = "''", bits = '32']) => `toInt64(${masked(address(x), bits)})`),
}
