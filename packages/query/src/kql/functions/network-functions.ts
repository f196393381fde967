import { jsonString } from '../json-string.ts'
import type { Scalar } from '../scalar.ts'
import { convert } from '../values/convert.ts'
import { arrayJson, bagJson, elements } from './json-values.ts'
import { fn, type KqlCall, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** An address and the length of its prefix; 32 where there is none. A prefix that is none makes the address none. */
const written = (text: string): string => `splitByChar('/', ${text})`
const address = (text: string): string =>
  `if(length(${written(text)}) = 1 OR ifNull(toUInt8OrNull(${written(text)}[2]), 255) <= 32, IPv4StringToNumOrNull(${written(text)}[1]), NULL)`
const prefix = (text: string): string => `least(ifNull(toUInt8OrNull(${written(text)}[2]), 32), 32)`
/** The engine shifts by no negative number, whether it is asked for or not. */
const masked = (number: string, bits: string): string =>
  `bitAnd(toUInt64(${number}), bitShiftLeft(toUInt64(4294967295), 32 - toUInt8(greatest(least(ifNull(${bits}, 32), 32), 0))))`
/** A value for a number of bits that is one. */
const inRange = (bits: string | undefined, value: string): string =>
  bits === undefined ? value : `if(ifNull(${bits} BETWEEN 0 AND 32, false), ${value}, NULL)`
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

function within(ip: string, range: string): string {
  return `(${masked(address(ip), prefix(range))} = ${masked(address(range), prefix(range))})`
}
/** Both are cut to the shorter of the prefixes. */
function compared(a: string, b: string, bits: string | undefined): string {
  const shortest = `least(${prefix(a)}, ${prefix(b)}, ifNull(${bits ?? '32'}, 32))`
  const [x, y] = [masked(address(a), shortest), masked(address(b), shortest)]
  return inRange(bits, `multiIf(isNull(${x}) OR isNull(${y}), NULL, ${x} < ${y}, -1, ${x} > ${y}, 1, toInt64(0))`)
}

const BOUNDARY = "'(?:^|[^0-9A-Za-z])'"
/** The address stands in the text between characters that are no letters or digits. */
const inText = (source: string, ip: string): string =>
  `(isNotNull(IPv4StringToNumOrNull(${ip})) AND match(${source}, concat(${BOUNDARY}, regexpQuoteMeta(${ip}), '(?:$|[^0-9A-Za-z])')))`
const ADDRESSES = "'(?:^|[^0-9A-Za-z.])([0-9]{1,3}(?:[.][0-9]{1,3}){3})(?:$|[^0-9A-Za-z])'"
const prefixInText = (source: string, start: string): string =>
  `arrayExists(a -> isNotNull(IPv4StringToNumOrNull(a)) AND startsWith(a, ${start}) AND (endsWith(${start}, '.') OR a = ${start}), extractAll(${source}, ${ADDRESSES}))`

/** Addresses as texts or as dynamic arrays of them. */
const anyOf = (test: (source: string, wanted: string) => string) =>
  withScalars('string any any*', 'bool', ([source, ...wanted], { context }) => {
    const tests = wanted.map((item) =>
      item.type === 'dynamic'
        ? `arrayExists(e -> ${test(source?.sql ?? "''", 'JSONExtractString(e)')}, ${elements(item.sql)})`
        : test(source?.sql ?? "''", convert(item, 'string', context).sql),
    )
    return `(${tests.join(' OR ')})`
  })

/** Source: Kusto documentation, parse_url(). */
const parseUrl = fn('string', 'dynamic', ([url = "''"]) => {
  const user = `extract(${url}, '^[^:/?#]+://([^/?#@]*)@')`
  const parts: [string, string][] = [
    ['Scheme', `protocol(${url})`],
    ['Host', `extract(${url}, '^[^:/?#]+://(?:[^/?#@]*@)?([^/?#:]*)')`],
    ['Port', `extract(${url}, '^[^:/?#]+://(?:[^/?#@]*@)?[^/?#:]*:([0-9]+)')`],
    ['Path', `path(${url})`],
    ['Username', `splitByChar(':', ${user})[1]`],
    ['Password', `splitByChar(':', ${user})[2]`],
  ]
  const texts = parts.map(([name, sql]) => `('${name}', ${jsonString(sql)})`)
  const list = `[${texts.join(', ')}, ('Query Parameters', ${query(`extractURLParameters(${url})`)}), ('Fragment', ${jsonString(`fragment(${url})`)})]`
  return `toNullable(${bagJson(list)})`
})
const query = (list: string): string =>
  bagJson(
    `arrayMap(p -> (decodeURLComponent(splitByChar('=', p)[1]), ${jsonString("if(position(p, '=') = 0, '', decodeURLComponent(substring(p, position(p, '=') + 1)))")}), ${list})`,
  )

const parseUrlQuery = fn(
  'string',
  'dynamic',
  ([x = "''"]) =>
    `toNullable(concat('{"Query Parameters":', ${query(`splitByChar('&', replaceRegexpOne(${x}, '^[?]', ''))`)}, '}'))`,
)

/** An address as text, or as its number, with what the prefix leaves of it; empty where the prefix is none. */
function formatted([value, bits]: readonly Scalar[], { context }: KqlCall, withPrefix: boolean): string {
  const given = bits === undefined ? '32' : `ifNull(${bits.sql}, -1)`
  const text =
    value?.type === 'string'
      ? value.sql
      : `IPv4NumToString(toUInt32(ifNull(${convert(value as Scalar, 'long', context).sql}, 0)))`
  return context.once(text, (ip) =>
    context.once(`least(${prefix(ip)}, ${given})`, (size) => {
      const made = `IPv4NumToString(toUInt32(ifNull(${masked(address(ip), `toUInt8(greatest(${size}, 0))`)}, 0)))`
      const whole = withPrefix ? `concat(${made}, '/', toString(${size}))` : made
      return `if(isNull(${address(ip)}) OR ${given} < 0 OR ${given} > 32, '', ${whole})`
    }),
  )
}

/** The fewest blocks of addresses that are exactly the range: each as large as its first address and the rest allow. */
const cidrList = fn('string string', 'dynamic', ([from = "''", to = "''"], { context }) =>
  context.once(`toInt64(ifNull(${address(from)}, 1))`, (first) =>
    context.once(`toInt64(ifNull(${address(to)}, 0))`, (last) => {
      const at = 'tupleElement(s, 1)'
      const zeros = `if(${at} = 0, 32, bitCount(bitXor(toUInt64(${at}), toUInt64(${at} - 1))) - 1)`
      const size = `toInt64(least(${zeros}, floor(log2(${last} - ${at} + 1))))`
      const block = (n: string): string =>
        `concat(char(34), IPv4NumToString(toUInt32(${at})), '/', toString(32 - ${n}), char(34))`
      const step = context.once(
        size,
        (n) => `(${at} + bitShiftLeft(toInt64(1), ${n}), arrayPushBack(tupleElement(s, 2), ${block(n)}))`,
      )
      const folded = `arrayFold((s, i) -> if(${at} > ${last}, s, ${step}), range(64), (${first}, emptyArrayString()))`
      return `if(isNull(${address(from)}) OR isNull(${address(to)}) OR ${first} > ${last}, NULL, toNullable(${arrayJson(`tupleElement(${folded}, 2)`)}))`
    }),
  ),
)

export const NETWORK_FUNCTIONS: KqlFunctionTable = {
  ipv4_is_private: fn(
    'string',
    'bool',
    ([x = "''"]) => `if(isNull(${address(x)}), NULL, ${PRIVATE.map((range) => within(x, `'${range}'`)).join(' OR ')})`,
  ),
  ipv4_is_in_range: fn('string string', 'bool', ([ip = "''", range = "''"]) => within(ip, range)),
  ipv4_is_in_any_range: withScalars('string any any*', 'bool', ([ip, ...given], { context }) => {
    const ranges = given.map((one) => (one.type === 'dynamic' ? one : convert(one, 'string', context)))
    const source = ip?.sql ?? "''"
    const tests = ranges.map((range) =>
      range.type === 'dynamic'
        ? `arrayExists(r -> ifNull(${within(source, 'JSONExtractString(r)')}, false), ${elements(range.sql)})`
        : `ifNull(${within(source, range.sql)}, false)`,
    )
    return `if(isNull(${address(source)}), NULL, toNullable(${tests.join(' OR ')}))`
  }),
  ipv4_netmask_suffix: fn('string', 'long', ([x = "''"]) => `if(isNull(${address(x)}), NULL, toInt64(${prefix(x)}))`),
  format_ipv4: withScalars('any long?', 'string', (args, call) => formatted(args, call, false)),
  format_ipv4_mask: withScalars('any long?', 'string', (args, call) => formatted(args, call, true)),
  ipv4_range_to_cidr_list: cidrList,
  ipv4_compare: fn('string string long?', 'long', ([a = "''", b = "''", bits]) => compared(a, b, bits)),
  ipv4_is_match: fn('string string long?', 'bool', ([a = "''", b = "''", bits]) => `(${compared(a, b, bits)} = 0)`),
  parse_ipv4: fn('string', 'long', ([x = "''"]) => `toInt64(${masked(address(x), prefix(x))})`),
  parse_ipv4_mask: fn('string long', 'long', ([x = "''", bits = '32']) =>
    inRange(bits, `toInt64(${masked(address(x), `least(${prefix(x)}, ifNull(${bits}, 32))`)})`),
  ),
  has_ipv4: fn('string string', 'bool', ([source = "''", ip = "''"]) => inText(source, ip)),
  has_any_ipv4: anyOf(inText),
  has_ipv4_prefix: fn('string string', 'bool', ([source = "''", start = "''"]) => prefixInText(source, start)),
  has_any_ipv4_prefix: anyOf(prefixInText),
  parse_url: parseUrl,
  parseurl: parseUrl,
  parse_urlquery: parseUrlQuery,
  parseurlquery: parseUrlQuery,
}
