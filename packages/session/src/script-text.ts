import type { Start } from './lineage.ts'

/** The text of a shell's `-c`; `undefined` where there is none. */
export function scriptOf(start: Start): string | undefined {
  return scriptIn(start.observation.exec?.argv ?? [])
}

/** The same of the words of a command. */
export function scriptIn(argv: readonly string[]): string | undefined {
  const flag = argv.findIndex((word) => /^-[a-z]*c$/.test(word))
  return flag > 0 ? argv[flag + 1] : undefined
}

/** Whether a script's text names a program, with its arguments where the text is not computed. */
export function namesProgram(text: string, words: readonly string[]): boolean {
  const [name] = words
  if (name === undefined || !hasWord(text, name)) return false
  return /[$`*?]/.test(text) || words.slice(1).every((word) => text.includes(word))
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])) return true
  }
  return false
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\w./-]/.test(character)
}
