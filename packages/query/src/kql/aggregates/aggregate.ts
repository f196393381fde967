import type { KqlCall, KqlFunction } from '../functions/kql-function.ts'
import type { Scalar } from '../scalar.ts'

export interface AggregateCall extends KqlCall {
  /** Column that numbers the rows, where their order is defined. */
  readonly place: string | undefined
  /** A condition only rows that fulfil it count by. */
  readonly filter: string | undefined
}

/** One aggregation. Where `conditional`, `name`if takes a condition as its last argument. */
export interface KqlAggregate extends Omit<KqlFunction, 'emit'> {
  readonly conditional: boolean
  emit(args: readonly Scalar[], call: AggregateCall): string
}
export type KqlAggregateTable = Readonly<Record<string, KqlAggregate>>

/** `name(args)` or `nameIf(args, condition)` of the engine. */
export function engineCall(name: string, args: readonly string[], { filter }: AggregateCall): string {
  return filter === undefined ? `${name}(${args.join(', ')})` : `${name}If(${[...args, `ifNull(${filter}, false)`].join(', ')})`
}
