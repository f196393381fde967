import { nullOf, type Scope } from '../context.ts'
import type { KqlColumn } from '../kql-type.ts'
import { child, lowerExpression } from '../lower.ts'
import { type Column, type Relation, stored } from '../relation.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'
import { convert } from '../values/convert.ts'

/** A column of the `declare` clause. */
export interface Declared extends KqlColumn {
  /** Its value before any step sets it. */
  readonly sql: string
}

/** One step. Its expressions name columns of the row by their names in the statement, and held values by marks. */
export interface ScanStep {
  readonly output: 'all' | 'last' | 'none'
  /** What the row alone decides: computed for all rows at once. */
  readonly rowCondition: string
  /** What values that steps hold decide too; undefined where nothing does. */
  readonly stateCondition: string | undefined
  /** Of each declared column. */
  readonly values: readonly string[]
}

/** `q7_1_3`: what the second step holds in its fourth column. */
export interface Marks {
  readonly pattern: RegExp
  /** Columns of the input, then the declared ones. */
  readonly columns: readonly KqlColumn[]
}

export function declaredColumns(node: SyntaxNode, scope: Scope): Declared[] {
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

/** The steps, with marks where they read what a step holds. */
export function lowerSteps(input: Relation, node: SyntaxNode, declared: readonly Declared[], scope: Scope): [ScanStep[], Marks] {
  const mark = scope.context.fresh('q')
  const nodes = node.fields.Steps?.items ?? []
  const columns = [...input.columns, ...declared]
  const relation = (all: readonly Column[]): Relation => ({ sql: '', columns: all, order: [], depth: 0 })
  const held = nodes.map((_, step) =>
    relation(columns.map(({ name, type }, at) => ({ name, type, sql: `${mark}_${step}_${at}` }))),
  )
  const marks = { pattern: new RegExp(`\\b${mark}_(\\d+)_(\\d+)\\b`, 'g'), columns }
  const steps = nodes.map((step, at): ScanStep => {
    const names = nodes.slice(0, at + 1).map((one, k) => [child(one, 'Name', scope).text, held[k] ?? relation([])] as const)
    const inside: Scope = { ...scope, row: relation([...input.columns, ...declared]), steps: new Map(names) }
    const conditions = conjunctsOf(child(step, 'Condition', inside)).map(
      (part) => `ifNull(${convert(lowerExpression(part, inside), 'bool', scope.context).sql}, false)`,
    )
    const onState = conditions.filter((sql) => readsState(sql, marks))
    return {
      output: outputOf(step),
      rowCondition: joined(conditions.filter((sql) => !readsState(sql, marks))) ?? 'true',
      stateCondition: joined(onState),
      values: valuesOf(step, declared, inside),
    }
  })
  return [steps, marks]
}

export const readsState = (sql: string, { pattern }: Marks): boolean => sql.search(pattern) >= 0

const joined = (parts: readonly string[]): string | undefined => (parts.length === 0 ? undefined : parts.join(' AND '))

/** Parts of a condition that must all hold. */
function conjunctsOf(node: SyntaxNode): SyntaxNode[] {
  const { Left, Right, Expression } = node.fields
  if (node.kind === 'AndExpression' && Left !== undefined && Right !== undefined)
    return [...conjunctsOf(Left), ...conjunctsOf(Right)]
  return node.kind === 'ParenthesizedExpression' && Expression !== undefined ? conjunctsOf(Expression) : [node]
}

function outputOf(step: SyntaxNode): ScanStep['output'] {
  const word = /"text":"(all|last|none)"/.exec(JSON.stringify(step.fields.ScanStepOutput ?? {}))?.[1]
  return (word ?? 'all') as ScanStep['output']
}

function valuesOf(step: SyntaxNode, declared: readonly Declared[], inside: Scope): string[] {
  const assigned = new Map(
    (step.fields.ComputationClause?.fields.Assignments?.items ?? []).map((item) => [
      item.fields.Name?.text ?? '',
      child(item, 'Expression', inside),
    ]),
  )
  return declared.map((column) => {
    const expression = assigned.get(column.name)
    if (expression === undefined) return column.sql
    return stored(convert(lowerExpression(expression, inside), column.type, inside.context))
  })
}
