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
  /** Placeholder of the format. */
  readonly format: string
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
  #ids = 0
  readonly compileSelect: (select: Select, context: AnalysisContext, withNames: WithNames) => CompiledSelect

  constructor(options: Pick<AnalysisContext, 'text' | 'logstore' | 'parameters' | 'condition' | 'range' | 'compileSelect'>) {
    this.text = options.text
    this.logstore = options.logstore
    this.parameters = options.parameters
    this.condition = options.condition
    this.range = options.range
    this.compileSelect = options.compileSelect
  }

  /** A name that nothing else in the statement has. */
  id(prefix: string): string {
    this.#ids += 1
    return `__${prefix}${this.#ids}`
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
