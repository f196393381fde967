import type { KeyBinding } from '../keys/key-binding.ts'
import { changePreferences, LANGUAGES, type Preferences, THEMES } from '../preferences.ts'
import { QUICK_SPANS, spanText } from '../time/span-text.ts'
import { searchOfRange, spanMs, type TimeRange } from '../time/time-range.ts'
import { catalogue, type PlainWord, type Words } from '../words/catalogue.ts'
import { LANGUAGE_NAMES, THEME_WORDS } from '../words/use-words.ts'
import { type Choice, inEveryLanguage } from './choice.ts'

/** Keys that a list or the palette has of its own: pressing them from here would do nothing that can be seen. */
const NOT_ACTS: ReadonlySet<PlainWord> = new Set(['keyNextRow', 'keyPreviousRow', 'keyOut'])

/** What the keys of the page that is open do. Pages come first, then what this one has. */
export function keyChoices(bindings: readonly KeyBinding[], words: Words): Choice[] {
  const acts = bindings.filter(({ act, word }) => act !== undefined && !NOT_ACTS.has(word))
  const choices = acts.map(({ keys, word, act }): Choice => {
    const kind = keys.startsWith('g ') ? 'goTo' : 'act'
    return { id: `key ${keys}`, label: words[word], also: inEveryLanguage(word), kind, keys, run: () => act?.() }
  })
  return [...choices.filter(({ kind }) => kind === 'goTo'), ...choices.filter(({ kind }) => kind === 'act')]
}

/** Theme, language, and whether single keys act. */
export function preferenceChoices({ theme, language, keys }: Preferences, words: Words): Choice[] {
  const themes = THEMES.filter((one) => one !== theme).map((one): Choice => {
    const both = [catalogue.theme, catalogue[THEME_WORDS[one]]]
    return {
      id: `theme ${one}`,
      label: words.setTo(words.theme, words[THEME_WORDS[one]]),
      also: [both.map(({ en }) => en).join(' '), both.map(({ zh }) => zh).join(' ')],
      kind: 'act',
      run: () => changePreferences({ theme: one }),
    }
  })
  const languages = LANGUAGES.filter((one) => one !== language).map((one): Choice => {
    const name = LANGUAGE_NAMES[one]
    const also = [...inEveryLanguage('language').map((word) => `${word} ${name}`), name, one === 'zh' ? 'Chinese' : '英文']
    const run = () => changePreferences({ language: one })
    return { id: `language ${one}`, label: words.setTo(words.language, name), also, kind: 'act', run }
  })
  const single: Choice = {
    id: 'single keys',
    label: words.setTo(words.keysOn, keys ? words.off : words.on),
    also: inEveryLanguage('keysOn'),
    kind: 'act',
    run: () => changePreferences({ keys: !keys }),
  }
  return [...themes, ...languages, single]
}

/** Times that may be asked for: the usual ones, and one that is typed as `90m`. */
export function timeChoices(typed: string, words: Words, choose: (range: ReturnType<typeof searchOfRange>) => void): Choice[] {
  const own = typed.trim().replace(/\s+/g, '').toLowerCase()
  const spans = spanMs(own) === undefined || QUICK_SPANS.some((one) => one === own) ? QUICK_SPANS : [...QUICK_SPANS, own]
  const choice = (range: TimeRange, id: string, label: string, also: readonly string[]): Choice => ({
    id: `time ${id}`,
    label: words.setTo(words.time, label),
    also: [...also, ...inEveryLanguage('time').flatMap((time) => also.map((one) => `${time} ${one}`))],
    kind: 'act',
    run: () => choose(searchOfRange(range)),
  })
  return [
    choice({ kind: 'all' }, 'all', words.allData, inEveryLanguage('allData')),
    ...spans.map((span) => {
      const text = spanText(span)
      const also = [catalogue.last.en(text), catalogue.last.zh(text), span]
      return choice({ kind: 'last', span }, span, words.last(text), also)
    }),
  ]
}
