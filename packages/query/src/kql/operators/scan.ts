import type { Scope } from '../context.ts'
import { namedParameters } from '../named-parameters.ts'
import { type Operator, resultColumns } from '../operator.ts'
import { type Column, findColumn, orderBy, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { carried, columnsRead, foldedMatches, type Machine, PART_ROWS } from './scan-machine.ts'
import { declaredColumns, lowerSteps, readsState } from './scan-steps.ts'

/** Most rows of one partition that a step's own condition lets through: the fold is over a list in memory. */
const MAX_ROWS = 100_000

/**
 * `scan`: the rows go through a state machine, one after the other. What the rows alone decide is computed for all of them
 * before; only rows that some step could match go through the machine. Source: Kusto documentation, scan operator.
 */
export const lowerScan: Operator = (input, node, scope) => {
  const { context } = scope
  const id = namedParameters(node, scope, ['with_match_id']).get('with_match_id')?.text
  const declared = declaredColumns(node, scope)
  const [steps, marks] = lowerSteps(input, node, declared, scope)
  const names = (prefix: string): string[] => steps.map(() => context.fresh(prefix))
  const [place, flags] = [context.fresh('c'), names('c')]
  const parts = { steps, marks, declared, inputColumns: input.columns.map(({ sql }) => sql) }
  const machine: Machine = { ...parts, rowColumns: [place, ...flags, ...columnsRead(parts)] }
  const given = givenValues(machine, scope)
  const rows = numberedRows(input, machine, given, scope)
  const matches = matchesOf(machine, collectedRows(machine, rows, input, node, scope), scope)
  const shown = withoutEarlier(
    machine,
    `SELECT * FROM (${matches.sql}) AS m INNER JOIN (${rows}) AS n ON m.${matches.place} = n.${place}`,
    {
      ...matches,
      by: input.partition ?? [],
    },
  )
  // The binder adds a column for the match even where none is asked for; the service does not.
  const own = new Set([...input.columns, ...declared].map(({ name }) => name))
  const added: string[] = []
  const columns = resultColumns(node, scope).flatMap((column): Column[] => {
    const at = declared.findIndex(({ name }) => name === column.name)
    const from = at < 0 ? findColumn(input, column.name) : undefined
    if (from !== undefined) return [from]
    if (column.name !== id && !own.has(column.name)) return []
    const sql = context.fresh('c')
    added.push(`${column.name === id ? `toNullable(${matches.number})` : shownValue(machine, at, given, matches)} AS ${sql}`)
    return [{ ...column, sql }]
  })
  const order = context.fresh('c')
  added.push(`${matches.place} * ${steps.length} + ${steps.length - 1} - ${matches.step} AS ${order}`)
  return {
    sql: `SELECT *, ${added.join(', ')} FROM (${shown})`,
    columns,
    order: [{ sql: order, descending: false, nullsFirst: true, unique: true }],
    depth: input.depth + 6,
    ...(input.partition === undefined ? {} : { partition: input.partition }),
  }
}

type Given = ReadonlyMap<string, string>

/** Columns for the values that the row alone decides, by step and declared column. */
function givenValues({ steps, marks }: Machine, { context }: Scope): Given {
  const of = steps.flatMap(({ values }, step) =>
    values.flatMap((sql, column) => (readsState(sql, marks) ? [] : [[`${step}_${column}`, context.fresh('c')] as const])),
  )
  return new Map(of)
}

/** The rows with their places, flags of the steps and given values, computed once where equal keys could change their order. */
function numberedRows(input: Relation, machine: Machine, given: Given, { context }: Scope): string {
  const [place, ...read] = machine.rowColumns
  const flags = machine.steps.map(({ rowCondition }, at) => `toUInt8(${rowCondition}) AS ${read[at]}`)
  const values = [...given].map(
    ([key, name]) => `${machine.steps[Number(key.split('_')[0])]?.values[Number(key.split('_')[1])]} AS ${name}`,
  )
  const keys = [...(input.partition ?? []).map((sql) => ({ sql, descending: false, nullsFirst: true })), ...input.order]
  const number = `toInt64(row_number() OVER (${orderBy(keys).trim()})) AS ${place}`
  const sql = `SELECT *, ${[number, ...flags, ...values].join(', ')} FROM (${input.sql})`
  if (input.order[0]?.unique === true && !/ OVER \(/.test(input.sql)) return sql
  const name = context.fresh('shared')
  context.shared.set(name, sql)
  return `SELECT * FROM ${name}`
}

/** Rows that some step could match, for each partition as a list of parts in their order. */
function collectedRows(machine: Machine, rows: string, input: Relation, node: SyntaxNode, { context }: Scope): string {
  const [place, ...read] = machine.rowColumns
  const flags = read.slice(0, machine.steps.length)
  const texts = new Map(input.columns.map((column) => [column.sql, stored(column)]))
  const tuple = `tuple(${machine.rowColumns.map((name) => texts.get(name) ?? name).join(', ')})`
  const by = input.partition ?? []
  const of = by.map((column) => `${column}, `).join('')
  const parts = `SELECT ${of}intDiv(${place}, ${PART_ROWS}) AS part, arraySort(e -> tupleElement(e, 1), groupArray(${tuple})) AS rows FROM (${rows}) WHERE ${flags.join(' OR ')} GROUP BY ${of}part`
  const limit = context.stopIf(`sum(length(rows)) > ${MAX_ROWS}`, node, `scan takes ${MAX_ROWS} rows of a partition at most.`)
  const list = 'arrayMap(e -> tupleElement(e, 2), arraySort(e -> tupleElement(e, 1), groupArray((part, rows)))) AS list'
  const group = by.length === 0 ? '' : ` GROUP BY ${by.join(', ')}`
  return `SELECT list FROM (SELECT ${list}, ${limit} AS few FROM (${parts})${group}) WHERE few = 0`
}

interface Matches {
  readonly sql: string
  readonly place: string
  readonly step: string
  readonly number: string
  /** Columns of the values that states decide, by step and declared column. */
  readonly values: ReadonlyMap<string, string>
}

/** A row for each match. */
function matchesOf(machine: Machine, lists: string, { context }: Scope): Matches {
  const [match, one, place, step, number] = ['c', 'c', 'c', 'c', 'c'].map((prefix) => context.fresh(prefix)) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const count = machine.steps.length
  const tried = machine.steps.map((_, at) => `(${at}, tupleElement(${match}, ${at + 2}))`)
  const values = new Map(carried(machine).map((value) => [`${value.step}_${value.column}`, context.fresh('c')]))
  const named = [...values.values()].map((name, at) => `tupleElement(${match}, ${count + 2 + at}) AS ${name}`)
  const split = `SELECT ${match}, arrayJoin(arrayFilter(s -> tupleElement(s, 2) >= 0, [${tried.join(', ')}])) AS ${one} FROM (SELECT arrayJoin(${foldedMatches(machine, 'list', context)}) AS ${match} FROM (${lists}))`
  const columns = [
    `tupleElement(${match}, 1) AS ${place}`,
    `toInt64(tupleElement(${one}, 1)) AS ${step}`,
    `tupleElement(${one}, 2) AS ${number}`,
  ]
  return { sql: `SELECT ${[...columns, ...named].join(', ')} FROM (${split})`, place, step, number, values }
}

/** A declared column of a match: its step decides which value. */
function shownValue({ steps, declared }: Machine, column: number, given: Given, { step, values }: Matches): string {
  const of = (at: number): string => values.get(`${at}_${column}`) ?? given.get(`${at}_${column}`) ?? declared[column]?.sql ?? ''
  const cases = steps.slice(1).map((_, at) => `${step} = ${at + 1}, ${of(at + 1)}`)
  return cases.length === 0 ? of(0) : `multiIf(${cases.join(', ')}, ${of(0)})`
}

/** `output=last` shows only the last of a step's matches of one sequence. */
function withoutEarlier(
  { steps }: Machine,
  sql: string,
  { place, step, number, by }: Matches & { by: readonly string[] },
): string {
  const last = steps.flatMap(({ output }, at) => (output === 'last' ? [at] : []))
  if (last.length === 0) return sql
  const window = `OVER (PARTITION BY ${[...by, step, number].join(', ')})`
  return `SELECT * FROM (SELECT *, max(${place}) ${window} AS final FROM (${sql})) WHERE ${step} NOT IN (${last.join(', ')}) OR ${place} = final`
}
