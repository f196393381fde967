import type { Binding, KqlContext, Scope } from './context.ts'
import { isKqlType } from './kql-type.ts'
import { argumentsOf, lowerExpression, lowerTable } from './lower.ts'
import { REFUSED_STATEMENTS, reasonFor } from './refused.ts'
import { type Relation, renewed } from './relation.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import { convert } from './values/convert.ts'

type FunctionBinding = Extract<Binding, { kind: 'function' }>

/**
 * A call of a function of the query: its body, as the binder bound it for this call, with the arguments as values.
 *
 * @param piped Rows that stand for the first parameter, where the function is invoked on them.
 */
export function lowerBody(
  call: SyntaxNode,
  declared: FunctionBinding,
  scope: Scope,
  piped?: Relation,
): Exclude<Binding, { kind: 'function' }> {
  const { context } = scope
  // A function without parameters may be called by its name alone.
  const body = call.body ?? (call.kind === 'NameReference' ? declared.declaration.fields.Body : undefined)
  if (body === undefined) throw context.refuse(call, 'This function cannot be expanded.')
  const lets = new Map(declared.scope.lets)
  bindArguments(call, declared, scope, { lets, piped })
  for (const statement of body.fields.Statements?.items ?? []) bindLet(statement, { ...scope, lets, row: undefined }, lets)
  const result = body.fields.Expression
  if (result === undefined) throw context.refuse(call, 'This function has no result.', undefined, 'PW-QY-001')
  const inside: Scope = { context, lets }
  if (result.columns !== undefined) return { kind: 'table', make: () => lowerTable(result, inside) }
  return { kind: 'scalar', value: lowerExpression(result, inside) }
}

function bindArguments(
  call: SyntaxNode,
  declared: FunctionBinding,
  scope: Scope,
  { lets, piped }: { lets: Map<string, Binding>; piped: Relation | undefined },
): void {
  const given = argumentsOf(call)
  const named = new Map(
    given.filter((one) => one.kind === 'SimpleNamedExpression').map((one) => [one.fields.Name?.text ?? '', one]),
  )
  const parameters = declared.declaration.fields.Parameters?.fields.Parameters?.items ?? []
  parameters.forEach((parameter, place) => {
    const typed = parameter.fields.NameAndType
    const name = typed?.fields.Name?.text ?? ''
    if (piped !== undefined && place === 0) {
      lets.set(name, { kind: 'table', make: () => renewed(piped, scope.context) })
      return
    }
    const index = piped === undefined ? place : place - 1
    const positional = given[index]?.kind === 'SimpleNamedExpression' ? undefined : given[index]
    const value = named.get(name) ?? positional ?? parameter.fields.DefaultValue?.fields.Value
    if (value === undefined) throw scope.context.refuse(call, `The argument ${name} is missing.`, undefined, 'PW-QY-005')
    const isTable = typed?.fields.Type?.kind === 'SchemaTypeExpression'
    if (isTable) lets.set(name, { kind: 'table', make: () => lowerTable(value, { ...scope, row: undefined }) })
    else {
      const type = typed?.fields.Name?.type
      const lowered = lowerExpression(value, scope)
      lets.set(name, { kind: 'scalar', value: isKqlType(type) ? convert(lowered, type, scope.context) : lowered })
    }
  })
}

/** `declare query_parameters(name:type = value, …)`: no client gives values here, so each needs one of its own. */
export function bindParameters(statement: SyntaxNode, scope: Scope, lets: Map<string, Binding>): void {
  const { context } = scope
  for (const parameter of statement.fields.Parameters?.items ?? []) {
    const declared = parameter.fields.NameAndType?.fields.Name
    const given = parameter.fields.DefaultValue?.fields.Value
    // The request gave it a value.
    if (declared !== undefined && lets.has(declared.text)) continue
    if (declared === undefined || given === undefined)
      throw context.refuse(
        parameter,
        `The parameter ${declared?.text ?? ''} has no value.`,
        'Give it one: name:type = value.',
        'PW-QY-005',
      )
    const value = lowerExpression(given, scope)
    lets.set(declared.text, {
      kind: 'scalar',
      value: declared.type === undefined ? value : convert(value, declared.type, context),
    })
  }
}

/** A statement that is no `let`, by the words it begins with. */
function refusedStatement(statement: SyntaxNode, context: KqlContext) {
  const words = Object.values(statement.fields).flatMap((field) => (field.kind.endsWith('Keyword') ? [field.text] : []))
  const name = words.slice(0, 2).join(' ')
  return context.refuse(statement, `The statement ${name} is not supported${reasonFor(REFUSED_STATEMENTS, name)}.`, 'Use let.')
}

/** `let name = …`: a value, a table, or a function. */
export function bindLet(statement: SyntaxNode, scope: Scope, lets: Map<string, Binding>): void {
  const { context } = scope
  const name = statement.fields.Name?.text ?? ''
  const value = statement.fields.Expression
  if (statement.kind !== 'LetStatement' || value === undefined) throw refusedStatement(statement, context)
  const before: Scope = { context, lets: new Map(lets) }
  if (value.kind === 'FunctionDeclaration') lets.set(name, { kind: 'function', declaration: value, scope: before })
  else if (value.columns !== undefined || isGraph(value, lets))
    lets.set(name, { kind: 'table', make: () => lowerTable(value, before) })
  else lets.set(name, { kind: 'scalar', value: lowerExpression(value, before) })
}

/** A graph is made by the last step of a pipeline; the binder gives it no columns. */
function isGraph(value: SyntaxNode, lets: ReadonlyMap<string, Binding>): boolean {
  const step = value.fields.Operator?.kind
  if (value.kind === 'ParenthesizedExpression' && value.fields.Expression !== undefined)
    return isGraph(value.fields.Expression, lets)
  return (
    step === 'MakeGraphOperator' ||
    step === 'GraphMarkComponentsOperator' ||
    (value.kind === 'NameReference' && value.type === undefined && lets.get(value.text)?.kind === 'table')
  )
}
