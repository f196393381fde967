import { nearestName } from '../../nearest-name.ts'
import { QueryError, type QueryErrorCode } from '../../query-error.ts'
import type { CompletedText } from '../completed-text.ts'
import { workspaceFunction } from '../refused.ts'
import { KQL_TABLE_NAMES } from '../tables/index.ts'
import type { KqlSchema } from '../tables/kql-table.ts'
import { type KustoDiagnostic, type KustoGlobals, loadKusto } from './kusto-library.ts'
import { OPERATOR_NAMES } from './operator-names.ts'
import { readSyntax } from './read-syntax.ts'
import type { SyntaxNode } from './syntax-node.ts'

const known = new WeakMap<KqlSchema, KustoGlobals>()

/** Codes of the binder that name something unknown. Source: Kusto.Language, DiagnosticFacts. */
const CODES: Readonly<Record<string, QueryErrorCode>> = {
  KS142: 'PW-QY-002',
  KS204: 'PW-QY-006',
  KS211: 'PW-QY-003',
}

/** Complaints about types that the service itself lets pass; what cannot be compiled is refused later, by name. */
const LENIENT: ReadonlySet<string> = new Set(['KS106', 'KS107', 'KS108', 'KS109', 'KS110', 'KS120', 'KS121', 'KS134', 'KS228'])

/** Parses and binds a query. Throws QueryError for the first fault. */
export async function analyze(completed: CompletedText, schema: KqlSchema): Promise<SyntaxNode> {
  const kusto = await loadKusto()
  let globals = known.get(schema)
  if (globals === undefined) {
    globals = kusto.globals(schema)
    known.set(schema, globals)
  }
  const { code, diagnostics } = bound(completed, () => {
    const parsed = kusto.parse(completed.text, globals)
    return { code: parsed, diagnostics: parsed.GetDiagnostics() }
  })
  for (let index = 0; index < diagnostics.Count; index += 1) {
    const diagnostic = diagnostics.getItem(index)
    if (diagnostic.Severity === 'Error' && !lenient(diagnostic, completed.text)) throw fault(diagnostic, completed, schema)
  }
  return readSyntax(code.Syntax, kusto)
}

/** The library fails on some queries that are wrong, such as steps of a graph behind a table. */
function bound<T>({ original }: CompletedText, bind: () => T): T {
  try {
    return bind()
  } catch {
    const hint = 'Take steps away from its end until it can be: the last of those is at fault.'
    throw new QueryError('PW-QY-001', 'The parser cannot bind this query.', { text: original, offset: 0 }, { hint })
  }
}

/** The library does not know all arguments of one plugin, nor all types of one aggregation. */
const lenient = ({ Code, Message, Start }: KustoDiagnostic, text: string): boolean =>
  LENIENT.has(Code) ||
  (Code === 'KS142' && isImpliedId(Message, text.slice(0, Start))) ||
  (Code === 'KS119' && Message.includes("'bag_unpack'")) ||
  (Code === 'KS116' && /\bhll(?:_if)?\s*\(\s*$/.test(text.slice(0, Start)))

/** Of nodes that only have the property `make-graph … with_node_id=` names, the library does not find it behind `inner_nodes(edge),`. */
function isImpliedId(message: string, before: string): boolean {
  const name = /'(\w+)'/.exec(message)?.[1]
  return (
    name !== undefined &&
    new RegExp(`\\bwith_node_id\\s*=\\s*${name}\\b`).test(before) &&
    /\binner_nodes\s*\(\s*\w+\s*\)\s*,[^|;]*$/.test(before)
  )
}

/** The library only says that an operator is expected where none has the name that is written. */
function unknownOperator({ Start, Message }: KustoDiagnostic, completed: CompletedText): QueryError | undefined {
  const word = /^[A-Za-z][\w-]*/.exec(completed.text.slice(Start))?.[0]
  if (Message !== 'Query operator expected.' || word === undefined) return undefined
  const nearest = nearestName(word, OPERATOR_NAMES)
  return new QueryError(
    'PW-QY-001',
    `There is no operator "${word}".`,
    { text: completed.original, offset: completed.place(Start) },
    { nearest },
  )
}

function fault(diagnostic: KustoDiagnostic, completed: CompletedText, schema: KqlSchema): QueryError {
  const operator = unknownOperator(diagnostic, completed)
  if (operator !== undefined) return operator
  const { Code, Start, Message } = diagnostic
  const name = /'([^']+)'|name ([\w.]+)/.exec(Message)?.[1]
  const place = { text: completed.original, offset: completed.place(Start) }
  const why = name !== undefined && (Code === 'KS211' || Code === 'KS204') ? workspaceFunction(name) : undefined
  if (why !== undefined) {
    const hint = 'Save a function of that name here, or put a table or datatable in its place.'
    return new QueryError('PW-QY-004', `${name}() is not supported: ${why}.`, place, { hint })
  }
  const nearest = name === undefined ? undefined : nearestName(name, Code === 'KS204' ? KQL_TABLE_NAMES : namesOf(schema))
  return new QueryError(CODES[Code] ?? 'PW-QY-001', Message, place, { nearest })
}

function namesOf(schema: KqlSchema): Set<string> {
  const columns = [...schema.values()].flatMap((list) =>
    [...list.matchAll(/\['([^']+)'\]|(\w+):/g)].map((m) => m[1] ?? m[2] ?? ''),
  )
  return new Set([...schema.keys(), ...columns])
}
