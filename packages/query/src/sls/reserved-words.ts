/** Names that end an expression, so that they are no columns unless quoted. */
const RESERVED = new Set(
  'select from where group by having order limit union intersect except join inner left right full cross on using as and or not in is like between case when then else end with distinct over asc desc nulls'.split(
    ' ',
  ),
)
export const isReserved = (word: string): boolean => RESERVED.has(word.toLowerCase())
