import type { Field, Logstore, ValueType } from '../catalog/catalog.ts'
import { findField } from '../catalog/find-field.ts'
import type { Parameters } from '../clickhouse/parameters.ts'
import type { Value } from '../functions/query-function.ts'
import type { TimeWindows } from './time-windows.ts'

export interface Column {
  readonly name: string
  readonly type: ValueType
  readonly sql: string
}

/** Something a query reads rows from, under a name. */
export interface Relation {
  readonly alias: string | undefined
  find(name: string): Column | undefined
  all(): readonly Column[]
  names(): readonly string[]
}

/** What names mean at one place of a query. */
export interface Scope {
  readonly relations: readonly Relation[]
  /** Outputs of the SELECT by lower-case name, where a clause may use them. */
  readonly outputs?: ReadonlyMap<string, Value>
  readonly outputsFirst?: boolean
  /** Whether the SELECT groups by several sets of columns. */
  readonly grouped?: boolean
  readonly lambdas?: ReadonlyMap<string, string>
  /** Times that are compared, where the rows are of several. */
  readonly windows?: TimeWindows
}

/** The logstore. It reads only the fields a query asks for, under names that no column of the view has. */
export class LogRelation implements Relation {
  readonly alias: string | undefined
  readonly id: string
  readonly #logstore: Logstore
  readonly #parameters: Parameters
  readonly #used = new Map<string, { readonly field: Field; readonly column: string }>()

  constructor(id: string, alias: string, logstore: Logstore, parameters: Parameters) {
    this.id = id
    this.alias = alias
    this.#logstore = logstore
    this.#parameters = parameters
  }

  find(name: string): Column | undefined {
    const field = findField(this.#logstore, name, this.#parameters)
    if (field === undefined) return undefined
    let use = this.#used.get(field.name)
    if (use === undefined) {
      use = { field, column: `c${this.#used.size + 1}` }
      this.#used.set(field.name, use)
    }
    return { name: field.name, type: field.type, sql: `${this.id}.${use.column}` }
  }

  all(): readonly Column[] {
    const shown = this.#logstore.fields.filter((field) => field.hidden !== true)
    return shown.flatMap((field) => this.find(field.name) ?? [])
  }

  names(): readonly string[] {
    return this.#logstore.fields.map((field) => field.name)
  }

  /** FROM item; to be made when every column has been looked up. */
  print(condition: string): string {
    const columns = [...this.#used.values()].map(({ field, column }) => `toNullable(${field.sql}) AS ${column}`)
    const list = columns.length === 0 ? '1 AS c0' : columns.join(', ')
    return `(SELECT ${list} FROM ${this.#logstore.view} WHERE ${condition}) AS ${this.id}`
  }
}

/** A subquery, a WITH name or an UNNEST: columns that are known. */
export class ColumnsRelation implements Relation {
  readonly alias: string | undefined
  readonly #columns: readonly Column[]

  constructor(alias: string | undefined, columns: readonly Column[]) {
    this.alias = alias
    this.#columns = columns
  }

  find(name: string): Column | undefined {
    return this.#columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  }

  all(): readonly Column[] {
    return this.#columns
  }

  names(): readonly string[] {
    return this.#columns.map((column) => column.name)
  }
}
