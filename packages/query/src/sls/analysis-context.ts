import type { Logstore, ValueType } from '../catalog/catalog.ts'
import type { Parameters } from '../clickhouse/parameters.ts'
import { QueryError, type QueryErrorCode, type QueryErrorDetails } from '../query-error.ts'
import type { Scope } from './scope.ts'
import type { Select } from './statement.ts'

/** A compiled SELECT whose columns are `o1`, `o2`, … */
export interface CompiledSelect {
  readonly sql: string
  readonly columns: readonly { readonly name: string; readonly type: ValueType }[]
}

/** The bucket of `time_series`, noted while its SELECT is compiled. */
export interface TimeSeries {
  readonly stepSeconds: number
  /** Writes a time in the format that was asked for. */
  readonly write: (time: string) => string
  readonly padding: '0' | 'null'
}

/** What compiling one analysis part shares. */
export class AnalysisContext {
  readonly text: string
  readonly logstore: Logstore
  readonly parameters: Parameters
  /** Conditions every reference to the logstore is under: the search and the time range. */
  readonly condition: string
  readonly range: { readonly from: number | undefined; readonly to: number | undefined }
  timeSeries: TimeSeries | undefined
  readonly #ids: { next: number }
  readonly #conditionAt: (shiftSeconds: number) => string
  readonly compileSelect: (select: Select, context: AnalysisContext, withNames: WithNames) => CompiledSelect

  /** `conditionAt` gives the condition with the time range moved that many seconds back. */
  constructor(
    options: Pick<AnalysisContext, 'text' | 'logstore' | 'parameters' | 'range' | 'compileSelect'> & {
      conditionAt: (shiftSeconds: number) => string
    },
    shiftSeconds = 0,
    ids = { next: 0 },
  ) {
    this.text = options.text
    this.logstore = options.logstore
    this.parameters = options.parameters
    this.condition = options.conditionAt(shiftSeconds)
    this.#conditionAt = options.conditionAt
    this.#ids = ids
    this.range = options.range
    this.compileSelect = options.compileSelect
  }

  /** A name that nothing else in the statement has. */
  id(prefix: string): string {
    this.#ids.next += 1
    return `__${prefix}${this.#ids.next}`
  }

  /** The same analysis of an earlier time. */
  shiftedBy(seconds: number): AnalysisContext {
    const { from, to } = this.range
    const back = (end: number | undefined): number | undefined => (end === undefined ? undefined : end - seconds)
    const range = { from: back(from), to: back(to) }
    const { text, logstore, parameters, compileSelect } = this
    return new AnalysisContext(
      { text, logstore, parameters, range, compileSelect, conditionAt: this.#conditionAt },
      seconds,
      this.#ids,
    )
  }

  error(code: QueryErrorCode, message: string, offset: number, details: QueryErrorDetails = {}): QueryError {
    return new QueryError(code, message, { text: this.text, offset }, details)
  }
}

export type WithNames = ReadonlyMap<string, { readonly id: string; readonly columns: CompiledSelect['columns'] }>
export interface ExpressionContext {
  readonly analysis: AnalysisContext
  readonly scope: Scope
  readonly withNames: WithNames
}
