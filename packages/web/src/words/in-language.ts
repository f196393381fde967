const BETWEEN = ' / '
const CHINESE = /\p{Script=Han}/u

/**
 * One language of a text written in both, `English / 中文`, as names and reasons of rules are.
 *
 * @returns The text as it is where it is not of that form: where no part in front of a ` / ` is free of Chinese
 * while what follows has some.
 */
export function inLanguage(text: string, language: 'en' | 'zh'): string {
  // English may hold the sign too, so it reaches as far as there is no Chinese.
  const firstChinese = text.search(CHINESE)
  const cut = firstChinese < 0 ? -1 : text.lastIndexOf(BETWEEN, firstChinese)
  if (cut < 1) return text
  return language === 'zh' ? text.slice(cut + BETWEEN.length) : text.slice(0, cut)
}
