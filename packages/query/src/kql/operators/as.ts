import type { Operator } from '../operator.ts'

/** `as Name`: the same rows; later steps may read them under the name, and `union withsource` shows it. */
export const lowerAs: Operator = (input, node) => ({ ...input, source: node.fields.Name?.text ?? '' })
