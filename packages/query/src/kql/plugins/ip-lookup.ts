import { lowerTable } from '../lower.ts'
import { type Column, computed, findColumn, type Relation } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { type Plugin, type PluginCall, rowArgument } from './plugin.ts'

/** How an address of a family is brought to a number of bytes, and one network to its first address. */
interface Family {
  readonly bits: number
  address(text: string): string
  /** The first address of the network that `address` is in. */
  network(address: string, bits: string): string
}

const V4: Family = {
  bits: 32,
  address: (text) => `IPv4StringToNumOrNull(${text})`,
  network: (address, bits) => `bitAnd(toUInt32(ifNull(${address}, 0)), toUInt32(4294967295 - pow(2, 32 - ${bits}) + 1))`,
}
/** Addresses of the older family count as the mapped ones of the newer. */
const V6: Family = {
  bits: 128,
  address: (text) => `toIPv6OrNull(${text})`,
  network: (address, bits) => `tupleElement(IPv6CIDRToRange(ifNull(${address}, toIPv6('::')), toUInt8(${bits})), 1)`,
}

/** `ipv4_lookup(table, source key, table key, more keys…, [return_unmatched])`. */
export const ipv4Lookup: Plugin = (input, call) => lookup(input, call, V4)
export const ipv6Lookup: Plugin = (input, call) => lookup(input, call, V6)

/** Each row with the rows of the table whose network holds its address. Address and network meet by prefix length. */
function lookup(input: Relation, call: PluginCall, family: Family): Relation {
  const { context } = call.scope
  const [tableNode, , keyNode, ...rest] = call.args
  if (tableNode === undefined || keyNode === undefined)
    throw context.refuse(call.node, `${call.name}() needs a table and two keys.`, undefined, 'PW-QY-005')
  const { extra, unmatched } = options(rest)
  const table = lowerTable(tableNode, call.scope)
  const key = mustFind(table, keyNode, call)
  const pairs = extra.map((node) => ({ left: mustFind(input, node, call), right: mustFind(table, node, call) }))
  const source = computed(input, [{ name: '', value: rowArgument(call, 1) }], context)
  const address = source.columns[0]?.sql ?? ''
  const kept = table.columns.filter((column) => !pairs.some(({ right }) => right.sql === column.sql))
  const found = matches({ source: source.relation, address, table, key, pairs, kept }, family)
  const on = ['l', 'r'].map((side) => [
    `${side}.${side === 'l' ? address : 'a'}`,
    ...pairs.map((pair, at) => (side === 'l' ? `l.${pair.left.sql}` : `r.k${at}`)),
  ])
  const equal = (on[0] ?? []).map((left, at) => `${left} = ${on[1]?.[at]}`).join(' AND ')
  const columns: Column[] = call.result.map((column) => ({ ...column, sql: context.fresh('c') }))
  const shown = [...input.columns.map((column) => `l.${column.sql}`), ...kept.map((_, at) => `tupleElement(m, ${at + 1})`)]
  if (shown.length !== columns.length) throw context.refuse(call.node, `The columns of ${call.name}() are not what was expected.`)
  const list = columns.map((column, at) => `${shown[at]} AS ${column.sql}`).join(', ')
  const join = unmatched ? 'LEFT ARRAY JOIN' : 'ARRAY JOIN'
  const joined = `SELECT l.*, r.ms AS ms FROM (${source.relation.sql}) AS l ${unmatched ? 'LEFT' : 'INNER'} JOIN (${found}) AS r ON ${equal}`
  const sql = `SELECT ${list.replaceAll('l.', '')} FROM (${joined}) ${join} ms AS m`
  return { sql, columns, order: [], depth: Math.max(source.relation.depth, table.depth) + 6 }
}

interface Lookup {
  readonly source: Relation
  readonly address: string
  readonly table: Relation
  readonly key: Column
  readonly pairs: readonly { readonly left: Column; readonly right: Column }[]
  readonly kept: readonly Column[]
}

/** For each address there is, the rows of the table that match it. */
function matches({ source, address, table, key, pairs, kept }: Lookup, family: Family): string {
  const left = pairs.map((pair, at) => `${pair.left.sql} AS k${at}`)
  const names = pairs.map((_, at) => `k${at}`)
  const addresses = `SELECT DISTINCT ${[`${address} AS a`, ...left].join(', ')} FROM (${source.sql})`
  const given = `if(position(${key.sql}, '/') = 0, ${family.bits}, ${prefixBits(key.sql, family)})`
  const own = `ifNull(${prefixBits('a', family)}, ${family.bits})`
  const networks = `SELECT *, ${family.address(`splitByChar('/', ${key.sql})[1]`)} AS n, ${given} AS p FROM (${table.sql}) WHERE p <= ${family.bits} AND isNotNull(n)`
  const keyed = `SELECT *, ${family.network('n', 'assumeNotNull(p)')} AS w, assumeNotNull(p) AS q FROM (${networks})`
  const lengths = `(SELECT groupUniqArray(q) FROM (${keyed}))`
  const spread = `SELECT a${names.map((name) => `, ${name}`).join('')}, x, arrayJoin(arrayFilter(y -> y <= ${own}, ${lengths})) AS q FROM (SELECT *, ${family.address("splitByChar('/', a)[1]")} AS x FROM (${addresses})) WHERE isNotNull(x)`
  const placed = `SELECT *, ${family.network('x', 'q')} AS w FROM (${spread})`
  const row = `tuple(${kept.map((column) => `t.${column.sql}`).join(', ')})`
  const equal = ['s.w = t.w', 's.q = t.q', ...pairs.map((pair, at) => `s.k${at} = t.${pair.right.sql}`)].join(' AND ')
  const by = ['a', ...names].map((name) => `s.${name}`)
  return `SELECT ${by.map((name) => `${name} AS ${name.slice(2)}`).join(', ')}, groupArray(${row}) AS ms FROM (${placed}) AS s INNER JOIN (${keyed}) AS t ON ${equal} GROUP BY ${by.join(', ')}`
}

/** Bits of `address/bits`, null where there are none; those of an old address in a new one come after 96 others. */
function prefixBits(text: string, { bits }: Family): string {
  const given = `toUInt8OrNull(splitByChar('/', ${text})[2])`
  return bits === 32 ? given : `if(position(${text}, ':') = 0, ${given} + 96, ${given})`
}

function options(rest: readonly SyntaxNode[]): { extra: readonly SyntaxNode[]; unmatched: boolean } {
  const value = (node: SyntaxNode): SyntaxNode =>
    node.kind === 'SimpleNamedExpression' ? (node.fields.Expression ?? node) : node
  const flag = rest.map(value).find((node) => node.kind === 'BooleanLiteralExpression')
  return { extra: rest.filter((node) => value(node) !== flag), unmatched: flag?.literal?.toLowerCase() === 'true' }
}

function mustFind(relation: Relation, node: SyntaxNode, call: PluginCall): Column {
  const column = findColumn(relation, node.text)
  if (column === undefined)
    throw call.scope.context.refuse(node, `There is no column "${node.text}" here.`, undefined, 'PW-QY-002')
  return column
}
