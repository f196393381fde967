/** Every character in a row, from the beginning of the text; of a word; anywhere; and with others between them. */
const WHOLE_START = 600
const WORD_START = 500
const INSIDE = 300
const SCATTERED = 200

/**
 * How well a text answers to what was typed: the larger, the better; `undefined` where a typed character is missing.
 * Case and blanks of what is typed do not count. Of two that answer alike the shorter one is meant.
 */
export function fuzzyScore(text: string, typed: string): number | undefined {
  const [within, wanted] = [text.toLowerCase(), typed.toLowerCase().trim()]
  if (wanted === '') return 0
  const shorter = -Math.min(text.length, 100) / 10
  const at = within.indexOf(wanted)
  if (at === 0) return WHOLE_START + shorter
  if (at > 0) return (startsWord(within, at) || within.includes(` ${wanted}`) ? WORD_START : INSIDE) + shorter
  const gaps = gapsOf(within, wanted.replace(/\s+/g, ''))
  return gaps === undefined ? undefined : Math.max(1, SCATTERED - 10 * gaps) + shorter
}

/** How many typed characters lie apart from the one before them without beginning a word. */
function gapsOf(text: string, wanted: string): number | undefined {
  let at = -1
  let gaps = 0
  for (const character of wanted) {
    const next = text.indexOf(character, at + 1)
    if (next < 0) return undefined
    if (next !== at + 1 && !startsWord(text, next)) gaps++
    at = next
  }
  return gaps
}

const startsWord = (text: string, at: number): boolean => at === 0 || /[\s/.:_-]/.test(text[at - 1] ?? '')
