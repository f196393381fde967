import { bothOf, eitherOf, endOf, NO_OWN_TIME, type OwnTime } from '../own-time.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import type { KqlTables } from './tables/kql-table.ts'

/** Conditions on columns of time that all rows of a source must fulfil, by the column's name. */
type Given = ReadonlyMap<string, OwnTime>
const NOTHING: Given = new Map()

/** The column of time of what is no single table: `search`, `find` and wildcards. */
const COMMON_TIME = 'TimeGenerated'

/**
 * Steps after which a column of time is still the one of the table, and a condition on it the same as before them.
 * After `take`, `top`, `summarize` and the like it is not: the answer would be another one.
 */
const TRANSPARENT: ReadonlySet<string> = new Set(
  [
    'Filter',
    'Extend',
    'Sort',
    'Serialize',
    'As',
    'ProjectAway',
    'ProjectReorder',
    'ProjectKeep',
    'Parse',
    'ParseWhere',
    'MvExpand',
  ].map((name) => `${name}Operator`),
)

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  EqualExpression: '==',
}

/**
 * Which ends of the time range a query sets itself, with `where` on the column of time, for every table that it reads.
 * A table that it reads without one keeps the time that is asked for from outside, and so does then the whole query:
 * one range must not be narrow for one table and wide for another.
 */
export function kqlOwnTime(root: SyntaxNode, tables: KqlTables): OwnTime {
  const scans: OwnTime[] = []
  const reader = new TimeReader(tables, scans)
  const lets = new Map<string, SyntaxNode>()
  for (const statement of root.fields.Statements?.items ?? []) reader.statement(statement, lets)
  return scans.length === 0 ? NO_OWN_TIME : scans.reduce(bothOf)
}

class TimeReader {
  readonly #tables: KqlTables
  readonly #scans: OwnTime[]
  /** Functions that are being looked into: one cannot call itself, but a wrong text may say so. */
  readonly #inside = new Set<SyntaxNode>()

  constructor(tables: KqlTables, scans: OwnTime[]) {
    this.#tables = tables
    this.#scans = scans
  }

  statement(node: SyntaxNode, lets: Map<string, SyntaxNode>): void {
    const expression = node.fields.Expression
    if (expression === undefined) return
    if (node.kind !== 'LetStatement') this.#rows(expression, NOTHING, lets)
    // Tables are read where their names stand; a value that reads tables does so here.
    else if (expression.columns !== undefined || expression.kind === 'FunctionDeclaration')
      lets.set(node.fields.Name?.text ?? '', expression)
    else this.#inner(expression, lets)
  }

  /** An expression that gives rows, all of which later steps put under `given`. */
  #rows(node: SyntaxNode, given: Given, lets: ReadonlyMap<string, SyntaxNode>): void {
    const { Expression: input, Operator: step } = node.fields
    switch (node.kind) {
      case 'PipeExpression':
        if (input === undefined || step === undefined) return
        this.#rows(input, before(step, given), lets)
        this.#step(step, given, lets)
        return
      case 'ParenthesizedExpression':
      case 'MaterializeExpression':
        if (input !== undefined) this.#rows(input, given, lets)
        return
      case 'UnionOperator':
        this.#step(node, given, lets)
        return
      case 'SearchOperator':
      case 'FindOperator':
        this.#scans.push(given.get(COMMON_TIME) ?? NO_OWN_TIME)
        return
      case 'NameReference':
        this.#named(node, given, lets)
        return
      case 'FunctionCallExpression':
        this.#called(node, given, lets)
        return
      default:
        this.#inner(node, lets)
    }
  }

  #named(node: SyntaxNode, given: Given, lets: ReadonlyMap<string, SyntaxNode>): void {
    const bound = lets.get(node.text)
    if (bound !== undefined && bound.kind !== 'FunctionDeclaration') this.#once(bound, () => this.#rows(bound, given, lets))
    else if (bound !== undefined) this.#body(bound.fields.Body, given, lets)
    else if (node.text.includes('*')) this.#scans.push(given.get(COMMON_TIME) ?? NO_OWN_TIME)
    else this.#scan(node.text, given)
  }

  #called(node: SyntaxNode, given: Given, lets: ReadonlyMap<string, SyntaxNode>): void {
    if (node.body !== undefined) this.#body(node.body, given, lets)
    // `table("x")` and whatever is not known: nothing is said of its time.
    else if (node.columns !== undefined) this.#scans.push(NO_OWN_TIME)
    for (const argument of node.fields.ArgumentList?.fields.Expressions?.items ?? []) this.#inner(argument, lets)
  }

  #body(body: SyntaxNode | undefined, given: Given, outer: ReadonlyMap<string, SyntaxNode>): void {
    if (body === undefined) return
    this.#once(body, () => {
      const lets = new Map(outer)
      for (const statement of body.fields.Statements?.items ?? []) this.statement(statement, lets)
      if (body.fields.Expression !== undefined) this.#rows(body.fields.Expression, given, lets)
    })
  }

  #once(node: SyntaxNode, look: () => void): void {
    if (this.#inside.has(node)) return
    this.#inside.add(node)
    look()
    this.#inside.delete(node)
  }

  #scan(name: string, given: Given): void {
    const table = this.#tables.get(name)
    if (table === undefined) return
    const names = table.columns.filter(({ sql }) => sql === table.timeColumn).map((column) => column.name)
    this.#scans.push(names.map((one) => given.get(one) ?? NO_OWN_TIME).reduce(eitherOf, NO_OWN_TIME))
  }

  /** Tables that a step reads beside its input: what a union reads is under the same conditions as what it joins. */
  #step(step: SyntaxNode, given: Given, lets: ReadonlyMap<string, SyntaxNode>): void {
    if (step.kind !== 'UnionOperator') this.#inner(step, lets)
    else for (const item of step.fields.Expressions?.items ?? []) this.#rows(item, given, lets)
  }

  /** Rows that are read inside something that gives none, or other ones. */
  #inner(node: SyntaxNode, lets: ReadonlyMap<string, SyntaxNode>): void {
    const isSource = node.columns !== undefined && SOURCES.has(node.kind)
    const reads = isSource && (node.kind !== 'NameReference' || node.refers === 'table' || lets.has(node.text))
    if (reads) this.#rows(node, NOTHING, lets)
    else for (const part of [...Object.values(node.fields), ...node.items]) this.#inner(part, lets)
  }
}

const SOURCES: ReadonlySet<string> = new Set([
  'PipeExpression',
  'NameReference',
  'MaterializeExpression',
  'FunctionCallExpression',
  'UnionOperator',
  'SearchOperator',
  'FindOperator',
])

/** What the rows before a step must fulfil where those after it must fulfil `given`. */
function before(step: SyntaxNode, given: Given): Given {
  if (step.kind === 'UnionOperator') return given
  if (step.kind === 'FilterOperator') return merged(given, step.fields.Condition)
  if (!TRANSPARENT.has(step.kind)) return keptColumns(step, given)
  // A column that a step makes anew is another one.
  const made = new Set((step.fields.Expressions?.items ?? []).map((item) => item.fields.Name?.text ?? ''))
  return new Map([...given].filter(([name]) => step.kind !== 'ExtendOperator' || !made.has(name)))
}

/** `project` lets those through that it lists by their own name. */
function keptColumns(step: SyntaxNode, given: Given): Given {
  if (step.kind !== 'ProjectOperator') return NOTHING
  const kept = (step.fields.Expressions?.items ?? []).filter(({ kind }) => kind === 'NameReference').map(({ text }) => text)
  return new Map([...given].filter(([name]) => kept.includes(name)))
}

function merged(given: Given, condition: SyntaxNode | undefined): Given {
  const all = new Map(given)
  for (const [name, ends] of conditionsOf(condition)) all.set(name, eitherOf(all.get(name) ?? NO_OWN_TIME, ends))
  return all
}

function conditionsOf(node: SyntaxNode | undefined): [string, OwnTime][] {
  if (node === undefined) return []
  const { Left: left, Right: right, Expression: inner } = node.fields
  if (node.kind === 'AndExpression') return [...conditionsOf(left), ...conditionsOf(right)]
  if (node.kind === 'ParenthesizedExpression') return conditionsOf(inner)
  if (left === undefined || right === undefined) return []
  if (node.kind === 'BetweenExpression') return isTime(left) && isFixed(right) ? [[left.text, { from: true, to: true }]] : []
  const operator = OPERATORS[node.kind]
  if (operator === undefined) return []
  if (isTime(left) && isFixed(right)) return [[left.text, endOf(operator, false)]]
  return isTime(right) && isFixed(left) ? [[right.text, endOf(operator, true)]] : []
}

const isTime = ({ kind, type, refers }: SyntaxNode): boolean =>
  kind === 'NameReference' && type === 'datetime' && refers === 'column'

/** Nothing in it differs from row to row. */
function isFixed(node: SyntaxNode): boolean {
  if (node.kind === 'NameReference' && node.refers === 'column') return false
  return [...Object.values(node.fields), ...node.items].every(isFixed)
}
