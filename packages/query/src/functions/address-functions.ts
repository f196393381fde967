import { type FunctionTable, scalar } from './query-function.ts'

const address = (cidr: string | undefined): string => `toIPv4OrNull(splitByChar('/', ifNull(toString(${cidr}), ''))[1])`
const bits = (cidr: string | undefined): string => `ifNull(toUInt8OrNull(splitByChar('/', ifNull(toString(${cidr}), ''))[2]), 32)`
/** Lowest (1) or highest (2) address of a range of IPv4. */
const end = (cidr: string | undefined, place: 1 | 2): string =>
  `if(isNull(${address(cidr)}), NULL, toNullable(toString(tupleElement(IPv4CIDRToRange(assumeNotNull(${address(cidr)}), ${bits(cidr)}), ${place}))))`
/** The engine fails on text that is no address. */
const inside = (ip: string, cidr: string | undefined): string =>
  `if(isNull(toIPv6OrNull(${ip})), NULL, toNullable(toBool(isIPAddressInRange(${ip}, ifNull(toString(${cidr}), '::/0')))))`
const text = (x: string | undefined): string => `ifNull(toString(${x}), '')`

/** Source: Alibaba Cloud SLS, "IP functions"; those that need a geographic database are refused. */
export const ADDRESS_FUNCTIONS: FunctionTable = {
  ip_prefix: scalar(2, 2, 'string', ([ip, length]) => {
    const ranged = `concat(${text(ip)}, '/', toString(${length}))`
    return `if(isNull(${end(ranged, 1)}), NULL, concat(${end(ranged, 1)}, '/', toString(${length})))`
  }),
  ip_subnet_min: scalar(1, 1, 'string', ([cidr]) => end(cidr, 1)),
  ip_subnet_max: scalar(1, 1, 'string', ([cidr]) => end(cidr, 2)),
  ip_subnet_range: scalar(1, 1, 'array', ([cidr]) => `[${end(cidr, 1)}, ${end(cidr, 2)}]`),
  is_subnet_of: scalar(2, 2, 'bool', ([cidr, ip]) => inside(text(ip), cidr)),
  is_prefix_subnet_of: scalar(
    2,
    2,
    'bool',
    ([outer, inner]) => `(${inside(`ifNull(${end(inner, 1)}, '')`, outer)} AND ${inside(`ifNull(${end(inner, 2)}, '')`, outer)})`,
  ),
}
