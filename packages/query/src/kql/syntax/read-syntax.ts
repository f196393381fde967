import { timespanTicks } from '../date-text.ts'
import { isKqlType, type KqlColumn } from '../kql-type.ts'
import type { KustoLibrary, KustoNode, KustoSymbol } from './kusto-library.ts'
import type { Reference, SyntaxNode } from './syntax-node.ts'

const REFERENCES: Readonly<Record<string, Reference>> = {
  ColumnSymbol: 'column',
  TableSymbol: 'table',
  VariableSymbol: 'variable',
  ParameterSymbol: 'parameter',
  FunctionSymbol: 'function',
}

/** Copies a bound tree into plain data, so that nothing behind the adapter depends on the library. */
export function readSyntax(node: KustoNode, kusto: KustoLibrary): SyntaxNode {
  const kind = kusto.kindName(node.Kind)
  const fields: Record<string, SyntaxNode> = {}
  const items: SyntaxNode[] = []
  for (let index = 0; index < node.ChildCount; index += 1) {
    const child = node.GetChild(index)
    if (child === null) continue
    const part = readSyntax(child, kusto)
    if (kind === 'List') items.push(part)
    else fields[node.GetName(index) || `child${index}`] = EXPANDED.has(kind) ? named(part, child, kusto) : part
  }
  const element = kind === 'SeparatedElement' ? (fields.Element ?? fields.child0) : undefined
  if (element !== undefined) return named(element, node.GetChild(0), kusto)
  const result = node.ResultType ?? undefined
  const body = kind === 'FunctionCallExpression' ? node.GetCalledFunctionBody?.() : undefined
  return {
    kind,
    start: node.TextStart,
    end: node.End,
    text: node.SimpleName ?? node.Text ?? '',
    type: isKqlType(result?.Name) ? result.Name : undefined,
    columns: columnsOf(result),
    refers: reference(node.ReferencedSymbol ?? undefined, kusto),
    literal: literalOf(kind, node, kusto),
    fields,
    items,
    implied: '',
    body: body ? readSyntax(body, kusto) : undefined,
  }
}

/** Their expression names a column though it is no element of a list itself. */
const EXPANDED: ReadonlySet<string> = new Set(['MvExpandExpression', 'MvApplyExpression'])
const NAMING: ReadonlySet<string> = new Set(['PathExpression', 'ElementExpression', 'FunctionCallExpression'])

function named(element: SyntaxNode, node: KustoNode | null, kusto: KustoLibrary): SyntaxNode {
  return node === null || !NAMING.has(element.kind) ? element : { ...element, implied: kusto.impliedName(node) }
}

function columnsOf(symbol: KustoSymbol | undefined): readonly KqlColumn[] | undefined {
  const list = symbol?.Columns
  if (list === undefined || list === null) return undefined
  return Array.from({ length: list.Count }, (_, index) => {
    const column = list.getItem(index)
    const type = column.Type?.Name
    return { name: column.Name, type: isKqlType(type) ? type : 'dynamic' }
  })
}

function reference(symbol: KustoSymbol | undefined, kusto: KustoLibrary): Reference | undefined {
  return symbol === undefined ? undefined : (REFERENCES[kusto.symbolKind(symbol)] ?? 'other')
}

function literalOf(kind: string, node: KustoNode, kusto: KustoLibrary): string | null | undefined {
  if (!kind.endsWith('LiteralExpression')) return undefined
  const value = node.LiteralValue
  if (value === null || value === undefined) return null
  // The library reads `time(1.02:03:04)` as zero; of the short forms like `1h` it knows the ticks.
  if (kind === 'TimespanLiteralExpression') {
    const written = /^\w+\s*\((.*)\)$/s.exec(node.GetChild(0)?.Text ?? '')?.[1]?.replace(/^\s*["']|["']\s*$/g, '')
    return written === undefined ? kusto.ticks(value) : String(timespanTicks(written) ?? written)
  }
  // The library writes fifteen digits of a real, and 0 for what is infinite or no number.
  if (kind === 'RealLiteralExpression') return innerText(node).replace(/\s+/g, '')
  // The library cuts hexadecimal numbers to 32 bits.
  if (kind === 'LongLiteralExpression' && /^0x[0-9a-f]+$/i.test(innerText(node)))
    return String(BigInt.asIntN(64, BigInt(innerText(node))))
  // Dates are read from their text: the library's date type depends on the local time zone.
  if (kind === 'DateTimeLiteralExpression') return innerText(node)
  return String(value)
}

/** `datetime(2020-01-01)` → `2020-01-01`. */
function innerText(node: KustoNode): string {
  const text = node.GetChild(0)?.Text ?? ''
  return /^\w+\s*\((.*)\)$/s.exec(text)?.[1]?.trim() ?? text
}
