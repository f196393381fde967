import { displayWidth, fitText } from './display-width.ts'

/** A column of a table for people. */
export interface TableColumn {
  readonly title: string
  /** Columns at most; longer text is cut with an ellipsis. */
  readonly max?: number
  readonly right?: boolean
}

/** Lines of a table: one for the titles, then one a row; two blanks between columns, none at the end. */
export function tableLines(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title, max = Number.POSITIVE_INFINITY }, index) => {
    const widest = rows.reduce((width, row) => Math.max(width, displayWidth(row[index] ?? '')), displayWidth(title))
    return Math.min(widest, Math.max(max, displayWidth(title)))
  })
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ right }, index) => {
        const width = widths[index] ?? 0
        const cell = fitText(cells[index] ?? '', width)
        return right === true ? cell.trimEnd().padStart(width) : cell
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)]
}
