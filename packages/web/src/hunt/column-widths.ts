import type { QueryReply } from '@podwitness/api'
import { cellText } from '../text/cell-text.ts'

/** Rows whose values decide how wide a column is. */
const LOOKED_AT = 200
/** Least and greatest width of a column, in characters. */
const [LEAST, MOST] = [7, 56]
const ID = /^(?:trace|event)_?id$/i
const ID_CHARACTERS = 10
/** Room for the padding of a cell. */
const PADDING = 3

/** How wide each column is, in characters: known before the rows are in the page, so that nothing moves while scrolling. */
export function columnWidths({ columns, rows }: Pick<QueryReply, 'columns' | 'rows'>): number[] {
  return columns.map(({ name }, at) => {
    let longest = name.length
    for (const row of rows.slice(0, LOOKED_AT)) longest = Math.max(longest, Math.min(MOST, cellText(row[at]).length))
    if (ID.test(name)) longest = ID_CHARACTERS
    return Math.min(MOST, Math.max(LEAST, longest)) + PADDING
  })
}
