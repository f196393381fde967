import type { SavedFunction } from '../../compile-request.ts'

/** The parts of the language service that are used; its own declarations are 1.7 MB and need `skipLibCheck`. */
export interface KustoNode {
  readonly Kind: number
  readonly Text?: string
  readonly TextStart: number
  readonly End: number
  readonly ChildCount: number
  GetChild(index: number): KustoNode | null
  GetName(index: number): string
  readonly SimpleName?: string
  readonly ResultType?: KustoSymbol | null
  readonly ReferencedSymbol?: KustoSymbol | null
  readonly LiteralValue?: unknown
  GetCalledFunctionBody?(): KustoNode | null
}

export interface KustoSymbol {
  readonly Name: string
  readonly Columns?: KustoList<KustoSymbol>
  readonly Type?: KustoSymbol
}

interface KustoList<T> {
  readonly Count: number
  getItem(index: number): T
}

export interface KustoDiagnostic {
  readonly Code: string
  readonly Severity: string
  readonly Start: number
  readonly Message: string
}

interface KustoCode {
  readonly Syntax: KustoNode
  GetDiagnostics(): KustoList<KustoDiagnostic>
}

export type KustoGlobals = object

export interface KustoLibrary {
  parse(text: string, globals: KustoGlobals): KustoCode
  /** `schema` maps a table's name to its columns in Kusto's form: `(a:string, b:long)`. */
  globals(schema: ReadonlyMap<string, string>, functions?: readonly SavedFunction[]): KustoGlobals
  /** The editor's side of the language service, for one text. */
  editor(text: string, globals: KustoGlobals): KustoEditor
  kindName(kind: number): string
  symbolKind(symbol: KustoSymbol): string
  /** Ticks of a `System.TimeSpan`. */
  ticks(value: unknown): string
  /** The name that a column made by an expression has where the query gives none; empty where it is numbered. */
  impliedName(expression: KustoNode): string
}

/** What the language service says to an editor. */
export interface KustoEditor {
  completions(position: number): {
    readonly from: number
    readonly length: number
    /** `kind` is a name of Kusto.Language.Editor.CompletionKind. */
    readonly items: readonly { kind: string; label: string; before: string; after: string; match: string }[]
  }
  /** What stands at a place; empty where nothing is to be said. */
  quickInfo(position: number): string
  diagnostics(): readonly { from: number; length: number; severity: string; code: string; message: string }[]
  format(): string
}

interface KustoCodeService {
  GetCompletionItems(position: number): {
    readonly EditStart: number
    readonly EditLength: number
    readonly Items: KustoList<{
      readonly Kind: number
      readonly DisplayText: string | null
      readonly BeforeText: string | null
      readonly AfterText: string | null
      readonly MatchText: string | null
    }>
  }
  GetQuickInfo(position: number): { readonly Items: KustoList<{ readonly Kind: number; readonly Text: string }> | null }
  GetDiagnostics(): KustoList<KustoDiagnostic & { readonly Length: number }>
  GetFormattedText(): { readonly Text: string }
}

interface Bridged {
  readonly Bridge: { getTypeName(value: unknown): string; is(value: unknown, type: unknown): boolean }
  readonly System: {
    readonly Enum: { toString(type: unknown, value: number): string }
    readonly Linq: { readonly Enumerable: { from(list: object): { ToArray(): object[] } } }
  }
  readonly Kusto: { readonly Language: Language }
}
interface Language {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: KustoGlobals): KustoCode }
  readonly GlobalState: {
    readonly Default: { WithPlugIns(plugins: object): { WithDatabase(database: object): KustoGlobals } }
  }
  readonly PlugIns: { readonly All: object }
  readonly Symbols: {
    readonly TableSymbol: { From(columns: string): { WithName(name: string): object } }
    // Overloads are numbered by the compiler that made the library; a new version of it may number them anew.
    readonly FunctionSymbol: {
      readonly $ctor16: new (name: string, parameterList: string, body: string, description: string) => object
    }
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: readonly object[], isOpen: boolean) => object }
  }
  readonly Syntax: { readonly SyntaxKind: unknown; readonly Expression: unknown }
  readonly Binding: { readonly Binder: { GetExpressionResultName(expression: KustoNode, otherwise: string): string | null } }
  readonly Editor: {
    readonly KustoCodeService: { readonly $ctor1: new (text: string, globals: KustoGlobals) => KustoCodeService }
    readonly CompletionKind: unknown
    readonly QuickInfoKind: { readonly Error: number; readonly Warning: number; readonly Suggestion: number }
  }
}

function list<T>(from: KustoList<T> | null): T[] {
  return from === null ? [] : Array.from({ length: from.Count }, (_, index) => from.getItem(index))
}

/** Plugins that the library does not know, as a function of the columns they give. */
const MORE_PLUGINS: readonly (readonly [name: string, parameters: string, columns: string])[] = [
  [
    'schema_merge',
    '(PreserveOrder: bool = true)',
    'ColumnName: string, ColumnOrdinal: long, DataType: string, ColumnType: string',
  ],
]

let loading: Promise<KustoLibrary> | undefined

/**
 * Loads Kusto's own parser and binder: half a second, and up to three more for the first query. It is a script that
 * sets global names (`Bridge`, `System`, `Kusto`), so a worker thread should load it, and the bridge comes first.
 */
export function loadKusto(): Promise<KustoLibrary> {
  loading ??= load()
  return loading
}

async function load(): Promise<KustoLibrary> {
  const [bridge, language]: readonly string[] = ['bridge.min.js', 'Kusto.Language.Bridge.min.js']
  await import(`@kusto/language-service-next/${bridge}`)
  await import(`@kusto/language-service-next/${language}`)
  const { Bridge, System, Kusto } = globalThis as unknown as Bridged
  const { KustoCode, GlobalState, PlugIns, Symbols, Syntax, Editor, Binding } = Kusto.Language
  const plugins = System.Linq.Enumerable.from(PlugIns.All).ToArray()
  for (const [name, parameters, columns] of MORE_PLUGINS)
    plugins.push(new Symbols.FunctionSymbol.$ctor16(name, parameters, `{ datatable(${columns})[] }`, ''))
  const known = GlobalState.Default.WithPlugIns(plugins)
  // Made once a table: sets of tables differ in a few of them only.
  const symbols = new Map<string, object>()
  return {
    parse: (text, globals) => KustoCode.ParseAndAnalyze(text, globals),
    globals(schema, functions = []) {
      const tables = [...schema].map(([name, columns]) => {
        const key = `${name}${columns}`
        const made = symbols.get(key) ?? Symbols.TableSymbol.From(columns).WithName(name)
        symbols.set(key, made)
        return made
      })
      const callable = functions.map(
        ({ name, parameters, body, docString }) =>
          new Symbols.FunctionSymbol.$ctor16(name, `(${parameters})`, `{ ${body} }`, docString),
      )
      return known.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('podwitness', [...tables, ...callable], false))
    },
    editor(text, globals) {
      const service = new Editor.KustoCodeService.$ctor1(text, globals)
      return {
        completions(position) {
          const { EditStart: from, EditLength: length, Items } = service.GetCompletionItems(position)
          const items = list(Items).map(({ Kind, DisplayText, BeforeText, AfterText, MatchText }) => ({
            kind: System.Enum.toString(Editor.CompletionKind, Kind),
            label: DisplayText ?? '',
            before: BeforeText ?? DisplayText ?? '',
            after: AfterText ?? '',
            match: MatchText || (DisplayText ?? ''),
          }))
          return { from, length, items }
        },
        quickInfo(position) {
          const faults = [Editor.QuickInfoKind.Error, Editor.QuickInfoKind.Warning, Editor.QuickInfoKind.Suggestion]
          const said = list(service.GetQuickInfo(position).Items).filter(({ Kind }) => !faults.includes(Kind))
          return said.map(({ Text }) => Text).join('\n')
        },
        diagnostics: () =>
          list(service.GetDiagnostics()).map(({ Start, Length, Severity, Code, Message }) => ({
            from: Start,
            length: Length,
            severity: Severity,
            code: Code,
            message: Message,
          })),
        format: () => service.GetFormattedText().Text,
      }
    },
    kindName: (kind) => System.Enum.toString(Syntax.SyntaxKind, kind),
    symbolKind: (symbol) => Bridge.getTypeName(symbol).replace('Kusto.Language.Symbols.', ''),
    ticks: (value) => String((value as { getTicks(): unknown }).getTicks()),
    impliedName: (expression) =>
      Bridge.is(expression, Syntax.Expression) ? (Binding.Binder.GetExpressionResultName(expression, '') ?? '') : '',
  }
}
