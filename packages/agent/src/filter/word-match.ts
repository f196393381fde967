/** Whether a value is one of the words, or begins like one that ends in `*`. */
export function matchesWord(words: readonly string[], value: string): boolean {
  return words.some((word) => (word.endsWith('*') ? value.startsWith(word.slice(0, -1)) : word === value))
}
