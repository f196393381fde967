import type { KqlContext } from '../context.ts'
import type { KqlType } from '../kql-type.ts'
import type { Scalar } from '../scalar.ts'
import type { SyntaxNode } from '../syntax/syntax-node.ts'

export interface KqlCall {
  readonly node: SyntaxNode
  readonly context: KqlContext
  /** Type the binder gives the call. */
  readonly type: KqlType
}

/** A parameter's type; `any` takes the argument as it is. */
type ParameterKind = KqlType | 'any'

/** One function: a row of the tables that the compiler and the support page read. */
export interface KqlFunction {
  /** Types arguments are converted to. The last one repeats where `variadic`. */
  readonly parameters: readonly ParameterKind[]
  readonly required: number
  readonly variadic: boolean
  /** `bound` takes what the binder says. */
  readonly returns: KqlType | 'bound'
  emit(args: readonly Scalar[], call: KqlCall): string
}
export type KqlFunctionTable = Readonly<Record<string, KqlFunction>>

type Emit = (args: readonly string[], call: KqlCall) => string

/**
 * A function from its signature: types apart by spaces, `?` after optional ones, `*` after one that repeats.
 * The SQL of the arguments is all that `emit` needs.
 */
export function fn(signature: string, returns: KqlFunction['returns'], emit: Emit): KqlFunction {
  return withScalars(signature, returns, (args, call) =>
    emit(
      args.map((arg) => arg.sql),
      call,
    ),
  )
}

/** The same, where types or constants of the arguments matter. */
export function withScalars(
  signature: string,
  returns: KqlFunction['returns'],
  emit: (args: readonly Scalar[], call: KqlCall) => string,
): KqlFunction {
  const words = signature.split(' ').filter((word) => word !== '')
  return {
    parameters: words.map((word) => word.replace(/[?*]$/, '') as ParameterKind),
    required: words.filter((word) => !/[?*]$/.test(word)).length,
    variadic: words.at(-1)?.endsWith('*') ?? false,
    returns,
    emit,
  }
}

/** The constant at `index`, or a refusal: some arguments decide what is compiled. */
export function constantAt(args: readonly Scalar[], index: number, call: KqlCall): string {
  const constant = args[index]?.constant
  if (constant === undefined) throw call.context.refuse(call.node, `Argument ${index + 1} must be a constant.`)
  return constant
}
