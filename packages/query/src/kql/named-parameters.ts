import type { Scope } from './context.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'

export interface NamedParameter {
  readonly node: SyntaxNode
  readonly text: string
}

/** Options like `kind=inner`. Hints to a distributed engine change no answer and are let pass; unknown ones are refused. */
export function namedParameters(
  node: SyntaxNode,
  { context }: Scope,
  known: readonly string[],
): ReadonlyMap<string, NamedParameter> {
  const found = new Map<string, NamedParameter>()
  for (const item of node.fields.Parameters?.items ?? []) {
    const name = (item.fields.Name?.text ?? '').toLowerCase()
    const value = item.fields.Expression
    if (name.startsWith('hint.')) continue
    if (!known.includes(name) || value === undefined) throw context.refuse(item, `The option ${name} is not supported here.`)
    found.set(name, { node: value, text: value.literal ?? value.text })
  }
  return found
}
