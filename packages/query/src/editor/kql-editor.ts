import type { SavedFunction } from '../compile-request.ts'
import { AGGREGATES } from '../kql/aggregates/index.ts'
import { compileStep } from '../kql/compile-step.ts'
import { CompletedText } from '../kql/completed-text.ts'
import { COLUMN_FUNCTIONS } from '../kql/functions/column-functions.ts'
import { SCALAR_FUNCTIONS } from '../kql/functions/index.ts'
import { ROW_FUNCTIONS } from '../kql/functions/row-functions.ts'
import { WINDOW_FUNCTIONS } from '../kql/functions/window-functions.ts'
import { namedWorkspaces } from '../kql/other-workspaces.ts'
import { analyze } from '../kql/syntax/analyze.ts'
import { type KustoEditor, type KustoGlobals, type KustoLibrary, loadKusto } from '../kql/syntax/kusto-library.ts'
import type { SyntaxNode } from '../kql/syntax/syntax-node.ts'
import { kqlSchema, tablesFor } from '../kql/tables/index.ts'
import type { KqlTables } from '../kql/tables/kql-table.ts'
import { QueryError } from '../query-error.ts'
import {
  type Completion,
  type CompletionKind,
  type CompletionList,
  type Diagnostic,
  type EditorAnswer,
  type EditorRequest,
  type Hover,
  MAX_COMPLETIONS,
} from './editor-answer.ts'
import { faultAt, wordAt } from './fault-place.ts'

let known: { readonly globals: KustoGlobals; readonly tables: KqlTables; readonly key: string } | undefined

/** The binder's state for the tables and the functions of now. */
function globalsOf(kusto: KustoLibrary, text: string, functions: readonly SavedFunction[]): KustoGlobals {
  const key = JSON.stringify(functions)
  const tables = tablesFor([text, ...functions.map(({ body }) => body)].join('\n'))
  if (known?.key !== key || known.tables !== tables) known = { globals: kusto.globals(kqlSchema(tables), functions), tables, key }
  return known.globals
}

/** Answers an editor about KQL, in this thread, by Kusto's own language service over our tables. */
export async function editKqlHere({ task, text, position = text.length, functions = [] }: EditorRequest): Promise<EditorAnswer> {
  if (task === 'source') return rowSource(text)
  const kusto = await loadKusto()
  const editor = kusto.editor(text, globalsOf(kusto, text, functions))
  if (task === 'complete') return complete(editor, text, position)
  if (task === 'hover') return hover(editor, text, position)
  if (task === 'format') return editor.format()
  return diagnose(editor, text, functions)
}

/** Kinds by the library's numbers. Source: Kusto.Language.Editor.CompletionKind. */
const KINDS: Readonly<Record<string, CompletionKind>> = {
  Column: 'field',
  Table: 'table',
  MaterialiedView: 'table',
  BuiltInFunction: 'function',
  LocalFunction: 'function',
  DatabaseFunction: 'function',
  AggregateFunction: 'aggregate',
  Parameter: 'variable',
  Variable: 'variable',
  ScalarType: 'type',
  RenderChart: 'chart',
  ScalarInfix: 'operator',
  Punctuation: 'operator',
}
/** Nothing of these is to be had here. */
const ABSENT: ReadonlySet<string> = new Set([
  'Cluster',
  'Database',
  'EntityGroup',
  'Graph',
  'StoredQueryResult',
  'CommandPrefix',
  'Option',
])

const supported: ReadonlySet<string> = new Set(
  [
    ...Object.keys({ ...SCALAR_FUNCTIONS, ...WINDOW_FUNCTIONS, ...ROW_FUNCTIONS, ...COLUMN_FUNCTIONS }),
    ...Object.keys(AGGREGATES).flatMap((name) => [name, `${name}if`, `${name}_if`]),
    ...['arg_max', 'arg_min', 'percentiles', 'percentilesw', 'materialize', 'toscalar', 'table'],
  ].map((name) => name.toLowerCase()),
)

function complete(editor: KustoEditor, text: string, position: number): CompletionList {
  const { from, length, items } = editor.completions(position)
  const shown = items.flatMap(({ kind, label, before, after, match }): Completion[] => {
    const ours = KINDS[kind] ?? 'keyword'
    const isBuiltIn = kind === 'BuiltInFunction' || kind === 'AggregateFunction'
    if (ABSENT.has(kind) || (isBuiltIn && !supported.has(match.toLowerCase()))) return []
    const detail = isBuiltIn ? label : typeOf(label, ours, text)
    return [{ label: match, kind: ours, before, after, ...(detail === undefined ? {} : { detail }) }]
  })
  return { from, to: from + length, items: shown.slice(0, MAX_COMPLETIONS) }
}

/** The type of a field, where every table that the text names and that has it agrees. */
function typeOf(name: string, kind: CompletionKind, text: string): string | undefined {
  if (kind !== 'field') return undefined
  const named = [...tablesFor(text).values()].filter((table) => text.includes(table.name))
  const types = new Set(named.flatMap(({ columns }) => columns.filter((one) => one.name === name).map(({ type }) => type)))
  return types.size === 1 ? [...types][0] : undefined
}

function hover(editor: KustoEditor, text: string, position: number): Hover | null {
  const said = editor.quickInfo(position)
  if (said === '') return null
  const [from, to] = wordAt(text, position)
  return { from, to, text: said }
}

async function diagnose(editor: KustoEditor, text: string, functions: readonly SavedFunction[]): Promise<Diagnostic[]> {
  const own = await ownFault(text, functions)
  const found = editor.diagnostics().map(({ from, length, severity, code, message }): Diagnostic => {
    // What the binder complains of and the compiler can do is a warning.
    const holds = severity === 'Error' && own !== undefined
    return { from, to: from + Math.max(length, 1), severity: holds ? 'error' : 'warning', code, message }
  })
  // The compiler's word for the same fault has the nearest name too.
  return own === undefined ? found : [...found.filter((one) => !own.message.startsWith(one.message)), own]
}

/** What the compiler itself refuses. A query that must ask the data first has passed. */
async function ownFault(text: string, functions: readonly SavedFunction[]): Promise<Diagnostic | undefined> {
  if (text.trim() === '') return undefined
  try {
    // Whether a workspace exists only the store knows; running the query says so.
    await compileStep({ text, functions, workspaces: namedWorkspaces(text) })
    return undefined
  } catch (error) {
    if (error instanceof QueryError) return faultAt(error, text)
    throw error
  }
}

/** Steps that keep every row or leave some out, and its time with it. */
const CHOOSING: ReadonlySet<string> = new Set([
  'FilterOperator',
  'ExtendOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'SearchOperator',
  'AsOperator',
  'SerializeOperator',
])

/** The query up to the first step that makes other rows of the rows. */
async function rowSource(text: string): Promise<string> {
  const root = await analyze(new CompletedText(text, []), kqlSchema(tablesFor(text)))
  const statement = (root.fields.Statements?.items ?? []).find(({ kind }) => kind === 'ExpressionStatement')
  let cut = text.length
  let node: SyntaxNode | undefined = statement?.fields.Expression
  while (node?.kind === 'PipeExpression') {
    const operator = node.fields.Operator?.kind ?? ''
    if (!CHOOSING.has(operator)) cut = node.fields.Bar?.start ?? cut
    node = node.fields.Expression
  }
  return text.slice(0, cut).replace(/[\s;]+$/, '')
}
