import { Type } from 'typebox'

/** Schema of a string out of a closed list, as JSON Schema's `enum`. */
export function closedWord<Word extends string>(words: readonly Word[], description?: string) {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description === undefined ? {} : { description }) })
}
