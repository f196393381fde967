import { Parameters } from '../clickhouse/parameters.ts'
import type { AccountIdentity } from '../compile-request.ts'
import { QueryError, type QueryErrorCode } from '../query-error.ts'
import type { CompletedText } from './completed-text.ts'
import { stopMark } from './engine-fault.ts'
import type { GraphScope } from './graph-scope.ts'
import { ENGINE_TYPES, type KqlType } from './kql-type.ts'
import type { Relation } from './relation.ts'
import type { Scalar } from './scalar.ts'
import type { SyntaxNode } from './syntax/syntax-node.ts'
import type { KqlTables } from './tables/kql-table.ts'

/** What one compilation shares: values, names of our own, the moment that `now()` means. */
export class KqlContext {
  readonly parameters = new Parameters()
  readonly text: CompletedText
  readonly tables: KqlTables
  readonly lowering: Lowering
  /** Ticks since 1970; the same for every `now()` of a query. */
  readonly nowTicks: bigint
  /** Bounds on the time column of every table, as DateTime64 text. */
  readonly from: string | undefined
  readonly to: string | undefined
  readonly clusters: readonly string[] | undefined
  /** Clusters that `workspace()` may name. */
  readonly workspaces: readonly string[]
  /** Who stands behind accounts. */
  readonly identities: readonly AccountIdentity[]
  /** Values that `set` gave to options which an answer depends on. */
  readonly options = new Map<string, Scalar>()
  /** Tables that are computed once and read several times, by the names they have in the statement. */
  readonly shared = new Map<string, string>()
  /** What `materialize()` at a place of the query gave. */
  readonly materialized = new Map<SyntaxNode, Relation>()
  #names = 0

  constructor(options: {
    text: CompletedText
    lowering: Lowering
    tables: KqlTables
    nowMs: number
    from: string | undefined
    to: string | undefined
    clusters?: readonly string[] | undefined
    workspaces?: readonly string[] | undefined
    identities?: readonly AccountIdentity[] | undefined
  }) {
    this.text = options.text
    this.tables = options.tables
    this.lowering = options.lowering
    this.nowTicks = BigInt(options.nowMs) * 10_000n
    this.from = options.from
    this.to = options.to
    this.clusters = options.clusters
    this.workspaces = options.workspaces ?? []
    this.identities = options.identities ?? []
  }

  /** A name that occurs once in the statement. */
  fresh(prefix: string): string {
    this.#names += 1
    return `${prefix}${this.#names}`
  }

  /** Makes an expression that needs `sql` several times, computing it once. */
  once(sql: string, make: (sql: string) => string): string {
    if (/^(?:\w+|\{\w+:\w+\})$/.test(sql)) return make(sql)
    const name = this.fresh('v')
    return `arrayElement(arrayMap(${name} -> ${make(name)}, [${sql}]), 1)`
  }

  string(value: string): string {
    return this.parameters.text(value)
  }

  integer(value: bigint | number | string): string {
    return this.parameters.bind(String(value), 'Int64')
  }

  /** Ends the query where a condition on the data holds; the value is 0 where it does not. */
  stopIf(condition: string, node: SyntaxNode, message: string): string {
    return `throwIf(${condition}, ${this.string(stopMark(this.text.place(node.start), message))})`
  }

  refuse(node: Pick<SyntaxNode, 'start'>, message: string, hint?: string, code: QueryErrorCode = 'PW-QY-004'): QueryError {
    return new QueryError(code, message, { text: this.text.original, offset: this.text.place(node.start) }, { hint })
  }
}

/**
 * The two that everything else is made of: they call what calls them, so the parts reach them through the context
 * and no file needs to import one that imports it.
 */
export interface Lowering {
  expression(node: SyntaxNode, scope: Scope): Scalar
  table(node: SyntaxNode, scope: Scope): Relation
  /** One step of a pipeline on the rows before it. */
  operator(input: Relation, node: SyntaxNode, scope: Scope): Relation
}

/** A value of `let`, or an argument of a function of the query. */
export type Binding =
  | { readonly kind: 'scalar'; readonly value: Scalar }
  | { readonly kind: 'table'; readonly make: () => Relation }
  | { readonly kind: 'function'; readonly declaration: SyntaxNode; readonly scope: Scope }

/** What names mean at a place of the query. */
export interface Scope {
  readonly context: KqlContext
  readonly lets: ReadonlyMap<string, Binding>
  /** The rows an expression is computed for. */
  readonly row?: Relation | undefined
  /** `$left` and `$right` of a join. */
  readonly sides?: { readonly left: Relation; readonly right: Relation } | undefined
  /** Steps of `scan` by name, with the values their last match left. */
  readonly steps?: ReadonlyMap<string, Relation> | undefined
  /** Inside a step of a graph: what its functions mean. */
  readonly graph?: GraphScope | undefined
  /** Makes a value a column one SELECT deeper, where the operator can. */
  readonly hoist?: ((value: Scalar) => Scalar) | undefined
  /** Inside `summarize`: aggregations may be called; `place` numbers the rows where they have an order. */
  readonly aggregating?: { readonly place: string | undefined } | undefined
  /** Columns that `summarize` groups by, which `*` does not stand for. */
  readonly groupColumns?: readonly string[] | undefined
}

export function nullOf(type: KqlType): string {
  return type === 'string' ? "''" : `CAST(NULL, '${ENGINE_TYPES[type].replaceAll("'", "\\'")}')`
}
