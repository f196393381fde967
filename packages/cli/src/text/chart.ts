import { displayWidth, fitText } from './display-width.ts'
import { visibleText } from './visible-text.ts'

/** A picture of rows: what stands at the left of each line, and the numbers drawn. */
export interface Chart {
  readonly title?: string
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
}

/** Eighths of a character cell, from an eighth to seven. Source: Unicode, Block Elements. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
/** Widest label, in columns. */
const MAX_LABEL = 40

/**
 * Draws a chart of bars, one line a label; several series stand below each other. Bars begin at zero, those below it are
 * drawn to the same scale and marked.
 *
 * @param columns Width of the screen.
 */
export function chartLines({ title, labels, series }: Chart, columns: number): string[] {
  const shown = labels.map(visibleText)
  const width = Math.min(
    shown.reduce((widest, label) => Math.max(widest, displayWidth(label)), 1),
    MAX_LABEL,
  )
  const lines = title === undefined ? [] : [visibleText(title)]
  for (const { name, values } of series) {
    const top = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)
    const texts = values.map((value) => (value === null ? '' : numberText(value)))
    const space = Math.max(columns - width - 3 - texts.reduce((widest, text) => Math.max(widest, text.length), 0), 8)
    lines.push(...(lines.length > 0 ? [''] : []), visibleText(name))
    values.forEach((value, index) => {
      const bar = value === null || top === 0 ? '' : barText((Math.abs(value) / top) * space)
      lines.push(`${fitText(shown[index] ?? '', width)} │${bar}${bar === '' ? '' : ' '}${texts[index]}`.trimEnd())
    })
  }
  return lines
}

function barText(cells: number): string {
  const eighths = Math.round(cells * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4).replace(/\.?0+$/, '')
}
