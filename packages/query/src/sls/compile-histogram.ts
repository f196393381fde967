import type { CompiledQuery, CompileRequest } from '../compile-request.ts'
import { QueryError } from '../query-error.ts'
import { matching } from './compile-sls.ts'

/**
 * Counts the rows that the search part matches, by buckets of time: `bucket` (Unix seconds, a multiple of the step) and
 * `n`, without those that are empty. An analysis part says what is made of the rows, so it changes nothing here.
 */
export function compileSlsHistogram(request: CompileRequest, stepSeconds: number): CompiledQuery {
  if (!Number.isSafeInteger(stepSeconds) || stepSeconds < 1)
    throw new QueryError('PW-QY-005', 'The step must be a whole number of seconds.', { text: request.text, offset: 0 })
  const { view, timeColumn } = request.catalog.logstore
  const { parameters, conditionAt } = matching(request, undefined)
  const step = parameters.bind(String(stepSeconds), 'Int64')
  const bucket = `intDiv(toInt64(toUnixTimestamp(${timeColumn})), ${step}) * ${step}`
  return {
    sql: `SELECT ${bucket} AS bucket, count() AS n FROM ${view} WHERE ${conditionAt(0)} GROUP BY bucket ORDER BY bucket`,
    params: parameters.values,
    warnings: [],
  }
}
