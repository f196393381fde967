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

export interface KustoList<T> {
  readonly Count: number
  getItem(index: number): T
}

export interface KustoDiagnostic {
  readonly Code: string
  readonly Severity: string
  readonly Start: number
  readonly Message: string
}

export interface KustoCode {
  readonly Syntax: KustoNode
  GetDiagnostics(): KustoList<KustoDiagnostic>
}

export type KustoGlobals = object

export interface KustoLibrary {
  parse(text: string, globals: KustoGlobals): KustoCode
  /** `schema` maps a table's name to its columns in Kusto's form: `(a:string, b:long)`. */
  globals(schema: ReadonlyMap<string, string>): KustoGlobals
  kindName(kind: number): string
  symbolKind(symbol: KustoSymbol): string
  /** Ticks of a `System.TimeSpan`. */
  ticks(value: unknown): string
}

interface Bridged {
  readonly Bridge: { getTypeName(value: unknown): string }
  readonly System: { readonly Enum: { toString(type: unknown, value: number): string } }
  readonly Kusto: { readonly Language: Language }
}
interface Language {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: KustoGlobals): KustoCode }
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): KustoGlobals } }
  readonly Symbols: {
    readonly TableSymbol: { From(columns: string): { WithName(name: string): object } }
    // Overloads are numbered by the compiler that made the library; a new version of it may number them anew.
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: readonly object[], isOpen: boolean) => object }
  }
  readonly Syntax: { readonly SyntaxKind: unknown }
}

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
  const { KustoCode, GlobalState, Symbols, Syntax } = Kusto.Language
  return {
    parse: (text, globals) => KustoCode.ParseAndAnalyze(text, globals),
    globals(schema) {
      const tables = [...schema].map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name))
      return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('podwitness', tables, false))
    },
    kindName: (kind) => System.Enum.toString(Syntax.SyntaxKind, kind),
    symbolKind: (symbol) => Bridge.getTypeName(symbol).replace('Kusto.Language.Symbols.', ''),
    ticks: (value) => String((value as { getTicks(): unknown }).getTicks()),
  }
}
