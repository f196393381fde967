import type { Render } from '../compile-request.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'

/** The `render` step of a bound query, the last one if there are several. */
export function readRender(root: SyntaxNode): Render | undefined {
  let found: Render | undefined
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'RenderOperator') found = fromNode(node)
    for (const part of Object.values(node.fields)) visit(part)
    for (const item of node.items) visit(item)
  }
  visit(root)
  return found
}

function fromNode(node: SyntaxNode): Render {
  const given = [...(node.fields.Parameters?.items ?? []), ...(node.fields.WithClause?.fields.Properties?.items ?? [])]
  const properties = given.map((one) => [one.fields.Name?.text ?? '', textOf(one.fields.Expression)])
  return { visualization: node.fields.ChartType?.text ?? 'table', properties: Object.fromEntries(properties) }
}

function textOf(node: SyntaxNode | undefined): string | string[] {
  const names = node?.fields.Names?.items
  if (names !== undefined) return names.map((name) => name.text)
  return node?.literal ?? node?.text ?? ''
}
