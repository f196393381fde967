import type { ValueType } from '../catalog/catalog.ts'
import type { Parameters } from '../clickhouse/parameters.ts'

/** A compiled expression. `literal` is the text of a constant the query holds. */
export interface Value {
  readonly sql: string
  readonly type: ValueType
  readonly literal?: string
  /** What an array is written with. */
  readonly items?: readonly Value[]
}

export interface CallContext {
  readonly parameters: Parameters
  /** Refuses the argument at `index` with a sentence. */
  refuse(index: number, message: string): Error
}

/** One function of SLS: a row of the table that the compiler and the support page read. */
export interface QueryFunction {
  readonly min: number
  readonly max: number
  readonly returns: ValueType | ((args: readonly Value[]) => ValueType)
  readonly kind: 'scalar' | 'aggregate' | 'window'
  emit(args: readonly Value[], context: CallContext): string
  /** What is made of the outcome of an aggregate, over a window too. */
  finish?(sql: string): string
}
export type FunctionTable = Readonly<Record<string, QueryFunction>>

type Emit = (args: readonly string[]) => string

/** A scalar function made of its arguments' SQL alone. */
export function scalar(min: number, max: number, returns: QueryFunction['returns'], emit: Emit): QueryFunction {
  return { min, max, returns, kind: 'scalar', emit: (args) => emit(args.map((arg) => arg.sql)) }
}

export function aggregate(min: number, max: number, returns: QueryFunction['returns'], emit: Emit): QueryFunction {
  return { min, max, returns, kind: 'aggregate', emit: (args) => emit(args.map((arg) => arg.sql)) }
}

/** The constant at `index`, or a refusal: some arguments decide what is compiled. */
export function constant(args: readonly Value[], index: number, context: CallContext): string {
  const literal = args[index]?.literal
  if (literal === undefined) throw context.refuse(index, 'This argument must be a constant.')
  return literal
}

export const sameType = (args: readonly Value[]): ValueType => args.find((arg) => arg.type !== 'unknown')?.type ?? 'unknown'
