import type { KqlType } from './kql-type.ts'

/** A compiled expression, held as ENGINE_TYPES says. */
export interface Scalar {
  readonly sql: string
  readonly type: KqlType
  /** Text of a constant the query holds, dynamic as JSON; undefined where the value is not known before the run. */
  readonly constant?: string | undefined
}

/** An aggregate's argument or result that the binder gave no type gets the widest one. */
export const scalar = (sql: string, type: KqlType): Scalar => ({ sql, type })
