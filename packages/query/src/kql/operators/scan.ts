import { nullOf, type Scope } from '../context.ts'
import { convert } from '../expressions/convert.ts'
import { ENGINE_TYPES, type KqlColumn } from '../kql-type.ts'
import { child, lowerExpression } from '../lower.ts'
import { type Column, findColumn, orderBy, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { namedParameters } from './named-parameters.ts'
import { type Operator, resultColumns } from './operator.ts'

/** Most rows of one partition: each match copies the list of those before it. */
const MAX_ROWS = 20_000

interface Declared extends KqlColumn {
  /** Its value before any step sets it. */
  readonly sql: string
}

interface ScanStep {
  readonly name: string
  readonly node: SyntaxNode
  readonly output: 'all' | 'last' | 'none'
}

/** What all steps share. Rows and matches are tuples: the columns of the input, then the declared ones. */
interface Scan {
  readonly scope: Scope
  readonly input: readonly KqlColumn[]
  readonly declared: readonly Declared[]
  readonly steps: readonly ScanStep[]
}

/**
 * `scan`: the rows go through a state machine, one after the other. Each step holds the rows that its sequence matched
 * last; a row is tried from the last step to the first. Source: Kusto documentation, scan operator, "Scan logic".
 */
export const lowerScan: Operator = (input, node, scope) => {
  const { context } = scope
  const id = namedParameters(node, scope, ['with_match_id']).get('with_match_id')?.text
  const read = namesIn(node)
  const place: KqlColumn = { name: PLACE, type: 'long' }
  const used = input.columns.filter(({ name }) => read.has(name))
  const scan: Scan = { scope, input: [place, ...used], declared: declaredColumns(node, scope), steps: stepsOf(node, scope) }
  const [acc, row, rows, at, out] = ['a', 'r', 'c', 'c', 'c'].map((prefix) => context.fresh(prefix)) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const folded = inParts(
    scan,
    (list, from) => `arrayFold((${acc}, ${row}) -> ${foldedRow(scan, acc, row)}, ${list}, ${from})`,
    rows,
  )
  const by = input.partition ?? []
  const list = by.map((column) => `${column}, `).join('')
  const group = by.length === 0 ? '' : ` GROUP BY ${by.join(', ')}`
  const numbered = numberedRows(input, at, scope)
  const cells = used.map((column) => stored(column))
  const pairs = `SELECT ${list}${at}, tuple(${[`toNullable(toInt64(${at}))`, ...cells].join(', ')}) AS ${row}c FROM (${numbered})`
  const collected = `SELECT ${list}CAST(arrayMap(e -> tupleElement(e, 2), arraySort(e -> tupleElement(e, 1), groupArray((${at}, ${row}c)))), 'Array(${rowType(scan)})') AS ${rows}, ${context.stopIf(`count() > ${MAX_ROWS}`, node, `scan takes ${MAX_ROWS} rows of a partition at most.`)} AS ${row}l FROM (${pairs})${group}`
  const matches = `SELECT arrayJoin(arrayMap((m, i) -> (i, m), ${kept(scan, `tupleElement(${folded}, ${scan.steps.length + 1})`)} AS ${row}m, arrayEnumerate(${row}m))) AS ${out} FROM (${collected}) WHERE ${row}l = 0`
  const order = context.fresh('c')
  const match = `tupleElement(${out}, 2)`
  // The binder adds a column for the match even where none is asked for; the service does not.
  const own = new Set([...input.columns, ...scan.declared].map(({ name }) => name))
  const result = resultColumns(node, scope).filter(({ name }) => own.has(name) || name === id)
  const values = result.map((column): Column => {
    const inputColumn = scan.declared.some(({ name }) => name === column.name) ? undefined : findColumn(input, column.name)
    return column.name === id || inputColumn === undefined ? { ...column, sql: context.fresh('c') } : inputColumn
  })
  const made = values.flatMap((column) => {
    if (column.name === id) return [`toNullable(tupleElement(${match}, 2)) AS ${column.sql}`]
    const index = scan.declared.findIndex(({ name }) => name === column.name)
    if (index < 0) return []
    return [`tupleElement(tupleElement(${match}, 3), ${scan.input.length + index + 1}) AS ${column.sql}`]
  })
  const found = `SELECT ${[`tupleElement(${out}, 1) AS ${order}`, `assumeNotNull(tupleElement(tupleElement(${match}, 3), 1)) AS ${row}p`, ...made].join(', ')} FROM (${matches})`
  // Only what the conditions read goes through the states; the rest of a row comes back by its place.
  const sql = `SELECT * FROM (${found}) AS m INNER JOIN (${numbered}) AS n ON m.${row}p = n.${at}`
  const partition = input.partition === undefined ? {} : { partition: input.partition }
  return {
    sql,
    columns: values,
    order: [{ sql: order, descending: false, nullsFirst: true }],
    depth: input.depth + 5,
    ...partition,
  }
}

/** The column of a row's place among those that the states hold; no column of a query can have its name. */
const PLACE = '\u0000'

/** The rows with their places in their order, computed once where equal keys could change theirs. */
function numberedRows(input: Relation, place: string, { context }: Scope): string {
  const keys = [...(input.partition ?? []).map((sql) => ({ sql, descending: false, nullsFirst: true })), ...input.order]
  const sql = `SELECT *, toInt64(row_number() OVER (${orderBy(keys).trim()})) AS ${place} FROM (${input.sql})`
  if (input.order[0]?.unique === true && !/ OVER \(/.test(input.sql)) return sql
  const name = context.fresh('shared')
  context.shared.set(name, sql)
  return `SELECT * FROM ${name}`
}

/** Every name that stands in the steps. */
function namesIn(node: SyntaxNode): Set<string> {
  const found = new Set<string>()
  const visit = (part: SyntaxNode): void => {
    if (part.text !== '') found.add(part.text)
    for (const field of Object.values(part.fields)) visit(field)
    for (const item of part.items) visit(item)
  }
  if (node.fields.Steps !== undefined) visit(node.fields.Steps)
  return found
}

function declaredColumns(node: SyntaxNode, scope: Scope): Declared[] {
  return (node.fields.DeclareClause?.fields.Declarations?.items ?? []).map((item) => {
    const name = item.fields.NameAndType?.fields.Name
    const type = name?.type ?? 'string'
    const given = item.fields.DefaultValue?.fields.Value
    const sql =
      given === undefined
        ? nullOf(type)
        : stored(convert(lowerExpression(given, { ...scope, row: undefined }), type, scope.context))
    return { name: name?.text ?? '', type, sql }
  })
}

function stepsOf(node: SyntaxNode, scope: Scope): ScanStep[] {
  return (node.fields.Steps?.items ?? []).map((step) => {
    const word = JSON.stringify(step.fields.ScanStepOutput ?? {})
    const output = /"text":"(all|last|none)"/.exec(word)?.[1] ?? 'all'
    return { name: child(step, 'Name', scope).text, node: step, output: output as ScanStep['output'] }
  })
}

const rowType = ({ input }: Scan): string => tupleType(input)
const tupleType = (columns: readonly KqlColumn[]): string =>
  `Tuple(${columns.map(({ type }) => ENGINE_TYPES[type]).join(', ') || 'UInt8'})`.replaceAll("'", "\\'")
const extendedType = ({ input, declared }: Scan): string => tupleType([...input, ...declared])
/** State of a step: whether it is active, the number of its match, and a row for each step up to it. */
const stateType = (scan: Scan, upTo: number): string =>
  `Tuple(UInt8, Int64, ${Array.from({ length: upTo }, () => extendedType(scan)).join(', ')})`
/** One match: the step, the number of the match, the row. */
const matchType = (scan: Scan): string => `Tuple(UInt8, Int64, ${extendedType(scan)})`
const accType = (scan: Scan): string =>
  `Tuple(${scan.steps.map((_, at) => stateType(scan, at + 1)).join(', ')}, Array(${matchType(scan)}), Int64)`

const empty = ({ input, declared }: Scan): string =>
  `tuple(${[...input.map(({ type }) => nullOf(type)), ...declared.map(({ sql }) => sql)].join(', ')})`
const emptyState = (scan: Scan, upTo: number): string =>
  `tuple(0, 0, ${Array.from({ length: upTo }, () => empty(scan)).join(', ')})`
const start = (scan: Scan): string =>
  `CAST(tuple(${scan.steps.map((_, at) => emptyState(scan, at + 1)).join(', ')}, [], 0), '${accType(scan)}')`

/** Rows of a part. */
const PART_ROWS = 64

/**
 * The fold over all rows, by parts: each match copies the list of those before it, so that of a part is kept short, and
 * put behind the others once.
 */
function inParts(scan: Scan, fold: (rows: string, start: string) => string, rows: string): string {
  const [all, part, one] = ['a', 'r', 'a'].map((prefix) => scan.scope.context.fresh(prefix)) as [string, string, string]
  const count = scan.steps.length
  const member = (from: string, at: number): string => `tupleElement(${from}, ${at + 1})`
  const states = (from: string): string[] => scan.steps.map((_, at) => member(from, at))
  const typed = (values: readonly string[]): string => `CAST(tuple(${values.join(', ')}), '${accType(scan)}')`
  const folded = fold(part, typed([...states(all), '[]', member(all, count + 1)]))
  const joined = `arrayConcat(${member(all, count)}, ${member(one, count)})`
  const next = `arrayElement(arrayMap(${one} -> ${typed([...states(one), joined, member(one, count + 1)])}, [${folded}]), 1)`
  const parts = `arrayMap(k -> arraySlice(${rows}, k * ${PART_ROWS} + 1, ${PART_ROWS}), range(toUInt64(ceil(length(${rows}) / ${PART_ROWS}))))`
  return `arrayFold((${all}, ${part}) -> ${next}, ${parts}, ${start(scan)})`
}

/** The state after one more row: the steps from the last to the first, each on what the one before left. */
function foldedRow(scan: Scan, acc: string, row: string): string {
  const { context } = scan.scope
  const go = (step: number, state: string): string => {
    if (step < 0) return state
    const next = context.fresh('a')
    return `arrayElement(arrayMap(${next} -> ${go(step - 1, next)}, [CAST(${tried(scan, step, state, row)}, '${accType(scan)}')]), 1)`
  }
  return go(scan.steps.length - 1, acc)
}

/** A step's turn with a row: a sequence comes over from the step before, or goes on, or nothing changes. */
function tried(scan: Scan, at: number, acc: string, row: string): string {
  const count = scan.steps.length
  const state = (step: number): string => `tupleElement(${acc}, ${step + 1})`
  const rows = (from: string, upTo: number): string[] => Array.from({ length: upTo }, (_, k) => `tupleElement(${from}, ${k + 3})`)
  const matched = (before: string[]) => lowerStep(scan, at, row, before)
  const [list, next] = [state(count), state(count + 1)]
  const make = (states: ReadonlyMap<number, string>, value: string, number: string, after: string): string => {
    const all = scan.steps.map((_, k) => states.get(k) ?? state(k))
    const shown = scan.steps[at]?.output === 'none' ? list : `arrayPushBack(${list}, tuple(${at}, ${number}, ${value}))`
    return `tuple(${[...all, shown, after].join(', ')})`
  }
  const typed = (sql: string): string => `CAST(${sql}, '${accType(scan)}')`
  const own = matched(rows(state(at), at + 1))
  const active = `tupleElement(${state(at)}, 1)`
  const number = at === 0 ? `if(${active} = 1, tupleElement(${state(0)}, 2), ${next})` : `tupleElement(${state(at)}, 2)`
  const goesOn = make(
    new Map([[at, `tuple(1, ${[number, ...rows(state(at), at), own.value].join(', ')})`]]),
    own.value,
    number,
    at === 0 ? `if(${active} = 1, ${next}, ${next} + 1)` : next,
  )
  const second = `if((${at === 0 ? '1' : `${active} = 1`}) AND ${own.condition}, ${typed(goesOn)}, ${acc})`
  if (at === 0) return second
  const before = state(at - 1)
  const over = matched([...rows(before, at), `CAST(${empty(scan)}, '${extendedType(scan)}')`])
  const carried = `tupleElement(${before}, 2)`
  const comesOver = make(
    new Map([
      [at, `tuple(1, ${[carried, ...rows(before, at), over.value].join(', ')})`],
      [at - 1, emptyState(scan, at)],
    ]),
    over.value,
    carried,
    next,
  )
  return `if(tupleElement(${before}, 1) = 1 AND ${over.condition}, ${typed(comesOver)}, ${second})`
}

/** A step's condition and the row it would hold, with `before` as the rows of the steps up to it. */
function lowerStep(scan: Scan, at: number, row: string, before: readonly string[]): { condition: string; value: string } {
  const { context } = scan.scope
  const columns = (tuple: string): Column[] =>
    [...scan.input, ...scan.declared].map(({ name, type }, k) => ({ name, type, sql: `tupleElement(${tuple}, ${k + 1})` }))
  const relation = (all: Column[]): Relation => ({ sql: '', columns: all, order: [], depth: 0 })
  const current = scan.input.map(({ name, type }, k) => ({ name, type, sql: `tupleElement(${row}, ${k + 1})` }))
  const steps = new Map(scan.steps.slice(0, at + 1).map((step, k) => [step.name, relation(columns(before[k] ?? ''))]))
  const inside: Scope = { ...scan.scope, row: relation([...current, ...scan.declared]), steps }
  const node = scan.steps[at]?.node
  if (node === undefined) throw new Error('A scan has no such step.')
  const assigned = new Map(
    (node.fields.ComputationClause?.fields.Assignments?.items ?? []).map((item) => [
      item.fields.Name?.text ?? '',
      child(item, 'Expression', inside),
    ]),
  )
  const declared = scan.declared.map((column) => {
    const expression = assigned.get(column.name)
    return expression === undefined ? column.sql : stored(convert(lowerExpression(expression, inside), column.type, context))
  })
  const value = `CAST(tuple(${[...current.map(({ sql }) => sql), ...declared].join(', ') || '1'}), '${extendedType(scan)}')`
  return {
    condition: `ifNull(${convert(lowerExpression(child(node, 'Condition', inside), inside), 'bool', context).sql}, false)`,
    value,
  }
}

/** `output=last` shows only the last of a step's matches of one sequence. */
function kept({ steps }: Scan, matches: string): string {
  const last = steps.flatMap((step, at) => (step.output === 'last' ? [at] : []))
  if (last.length === 0) return matches
  const same = '(tupleElement(o, 1), tupleElement(o, 2)) = (tupleElement(m, 1), tupleElement(m, 2))'
  return `arrayMap(list -> arrayFilter((m, i) -> tupleElement(m, 1) NOT IN (${last.join(', ')}) OR arrayLastIndex(o -> ${same}, list) = i, list, arrayEnumerate(list)), [${matches}])[1]`
}
