/** The analysis part: SELECT of Presto as SLS has it. Offsets are places in the whole query's text. */
export interface Select {
  readonly with: readonly { readonly name: string; readonly query: Select }[]
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  readonly from?: Source
  readonly where?: Expression
  readonly groupBy: readonly Expression[]
  /** Where there is more than one set: rollup, cube and grouping sets, written out. */
  readonly groupingSets?: readonly (readonly Expression[])[]
  readonly having?: Expression
  readonly orderBy: readonly Order[]
  readonly limit?: Limit
  readonly union?: { readonly all: boolean; readonly query: Select }
  readonly offset: number
}
export interface SelectItem {
  readonly expression: Expression
  readonly alias?: string
  /** Columns, by name, that a star does not stand for. */
  readonly except?: readonly string[]
  /** Whether all of these must be there. */
  readonly strict?: boolean
}
export interface Order {
  readonly expression: Expression
  readonly descending: boolean
  readonly nulls?: 'first' | 'last'
}
export interface Limit {
  readonly skip: string
  readonly rows: string
}
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross'
export type Source =
  | { readonly type: 'table'; readonly name: string; readonly alias?: string; readonly offset: number }
  | { readonly type: 'query'; readonly query: Select; readonly alias?: string; readonly columns?: readonly string[] }
  | {
      readonly type: 'unnest'
      readonly arrays: readonly Expression[]
      /** Whether the place of each element is one more column, from 1. */
      readonly numbered: boolean
      readonly alias?: string
      readonly columns?: readonly string[]
    }
  | {
      readonly type: 'join'
      readonly kind: JoinKind
      readonly left: Source
      readonly right: Source
      readonly on?: Expression
      readonly using?: readonly string[]
      readonly offset: number
    }

interface Placed {
  readonly offset: number
}
export type Expression = Placed &
  (
    | { readonly type: 'string' | 'number'; readonly value: string }
    | { readonly type: 'constant'; readonly value: 'true' | 'false' | 'null' }
    | { readonly type: 'column'; readonly parts: readonly string[] }
    | { readonly type: 'star' }
    | Call
    | { readonly type: 'unary'; readonly operator: 'not' | '-'; readonly operand: Expression }
    | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly type: 'between'
        readonly operand: Expression
        readonly low: Expression
        readonly high: Expression
        readonly negated: boolean
      }
    | { readonly type: 'in'; readonly operand: Expression; readonly list: readonly Expression[]; readonly negated: boolean }
    | { readonly type: 'inQuery'; readonly operand: Expression; readonly query: Select; readonly negated: boolean }
    | {
        readonly type: 'like'
        readonly operand: Expression
        readonly pattern: Expression
        readonly escape?: Expression
        readonly negated: boolean
      }
    | { readonly type: 'isNull'; readonly operand: Expression; readonly negated: boolean }
    | {
        readonly type: 'case'
        readonly operand?: Expression
        readonly branches: readonly (readonly [Expression, Expression])[]
        readonly otherwise?: Expression
      }
    | { readonly type: 'cast'; readonly operand: Expression; readonly to: string; readonly safe: boolean }
    | { readonly type: 'array'; readonly items: readonly Expression[] }
    | { readonly type: 'element'; readonly operand: Expression; readonly index: Expression }
    | { readonly type: 'lambda'; readonly names: readonly string[]; readonly body: Expression }
    | { readonly type: 'query'; readonly query: Select }
    | { readonly type: 'interval'; readonly amount: number; readonly unit: string }
  )
export interface Window {
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly Order[]
  readonly frame?: Frame
}
/** Which rows around the current one a function of a window sees. */
export interface Frame {
  readonly unit: 'rows' | 'range'
  readonly start: FrameBound
  readonly end: FrameBound
}
/** Rows (or values) away from the current row, before it where negative; infinite without bound. */
type FrameBound = number
export interface Call extends Placed {
  readonly type: 'call'
  readonly name: string
  readonly args: readonly Expression[]
  readonly distinct: boolean
  /** Which rows an aggregate counts. */
  readonly filter?: Expression
  readonly over?: Window
}
