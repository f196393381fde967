const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Colour = keyof typeof CODES
export type Paint = (colour: Colour, text: string) => string

/** Colours text with ANSI escapes (ECMA-48 SGR), or leaves it as it is. */
export function painter(coloured: boolean): Paint {
  return coloured ? (colour, text) => `\x1b[${CODES[colour]}m${text}\x1b[0m` : (_colour, text) => text
}
