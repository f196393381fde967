import type { Scalar } from '../expressions/scalar.ts'
import type { KqlCall } from './kql-function.ts'
import { sortedArrays } from './sorted-arrays.ts'

/** A scalar function that gives several columns, in the order in which the binder names them. */
export type SeveralFunction = (args: readonly Scalar[], call: KqlCall) => readonly Scalar[]

const sorted =
  (descending: boolean): SeveralFunction =>
  (args) =>
    sortedArrays(args, descending).map((sql) => ({ sql, type: 'dynamic' }))

/** Functions whose call is a column for each of their results; the support page is made from it. */
export const SEVERAL_FUNCTIONS: Readonly<Record<string, SeveralFunction>> = {
  array_sort_asc: sorted(false),
  array_sort_desc: sorted(true),
}
