/** Blocks whose characters take two columns. Source: Unicode Standard Annex #11, East Asian Width W and F. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Columns a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : /\p{Mn}/u.test(character) ? 0 : 1
  return width
}

/** The text in exactly `columns` columns: filled with blanks, or cut with an ellipsis. */
export function fitText(text: string, columns: number): string {
  const width = displayWidth(text)
  if (width <= columns) return text + ' '.repeat(columns - width)
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = displayWidth(character)
    if (used + next > columns - 1) break
    kept += character
    used += next
  }
  return `${kept}…${' '.repeat(Math.max(0, columns - used - 1))}`
}
