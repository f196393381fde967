/** A word of a rule line and where it starts, from 1. */
export interface Argument {
  readonly text: string
  readonly column: number
}

/** Splits a line at blanks; quotes of either kind hold blanks together. Undefined where a quote stays open. */
export function splitArguments(line: string): Argument[] | undefined {
  const words: Argument[] = []
  let text = ''
  let column = 0
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string
    const blank = character === ' ' || character === '\t' || character === '\r'
    if (quote === '' && blank) {
      if (column > 0) words.push({ text, column })
      text = ''
      column = 0
      continue
    }
    if (column === 0) column = i + 1
    if (quote !== '') {
      if (character === quote) quote = ''
      else text += character
    } else if (character === '"' || character === "'") quote = character
    else text += character
  }
  if (quote !== '') return undefined
  if (column > 0) words.push({ text, column })
  return words
}
