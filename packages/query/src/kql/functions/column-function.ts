import type { Scalar } from '../scalar.ts'
import type { KqlCall } from './kql-function.ts'

/** A function that gives several columns side by side. It says itself how it takes its arguments. */
export interface ColumnFunction {
  readonly least: number
  readonly most: number
  emit(args: readonly Scalar[], call: KqlCall): readonly Scalar[]
}
export type ColumnFunctionTable = Readonly<Record<string, ColumnFunction>>
