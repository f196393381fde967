/**
 * Arguments as auoms' filters see them: one line that a shell would take apart into the same words. Bytes that are not
 * printable ASCII make `$'…'` with `\xNN`, `!` makes single quotes, blanks and operators double ones.
 * Source: auoms, bash_escape_string.
 *
 * @param words Bytes of each argument as latin1.
 */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

const CODES: Readonly<Record<string, string>> = {
  ...{ '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', "'": "'" },
}

function shellWord(word: string): string {
  if (word === '') return "''"
  if (/^[\w%*+,\-./:=?@[\]^{}~#]+$/.test(word)) return word
  const operators = /[ &()|;<>]/.test(word)
  const exclaims = word.includes('!')
  if (/[^ -~]/.test(word) || (exclaims && word.includes("'"))) return `$'${word.replace(/[^ -~]|'/g, codeOf)}'`
  if (exclaims) return `'${word}'`
  return operators ? `"${word.replace(/["$\\`]/g, '\\$&')}"` : word.replace(/["$\\`']/g, '\\$&')
}

function codeOf(character: string): string {
  return `\\${CODES[character] ?? `x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`}`
}
