import { type Confidence, type EntryKind, type EntryOutcome, inChinese } from '@podwitness/event'
import { type Preferences, usePreferences } from '../preferences.ts'
import { inertText } from '../text/visible-text.ts'
import { catalogue, type PlainWord, type Words } from './catalogue.ts'
import { inLanguage } from './in-language.ts'

const words: Readonly<Record<Preferences['language'], Words>> = { en: wordsIn('en'), zh: wordsIn('zh') }

/** The texts of the pages in the reader's language. */
export function useWords(): Words {
  return words[usePreferences().language]
}

/** Says a stored statement (a reason, a risk) in the reader's language. */
export function useStatement(): (sentence: string) => string {
  const say = usePreferences().language === 'zh' ? inChinese : (sentence: string) => sentence
  return (sentence) => inertText(say(sentence))
}

/** Says a rule's name or reason, where it is written in both languages, in the reader's. */
export function useRuleText(): (text: string) => string {
  const { language } = usePreferences()
  return (text) => inLanguage(text, language)
}

function wordsIn(language: Preferences['language']): Words {
  const texts = Object.entries(catalogue).map(([name, text]) => [name, text[language]])
  return Object.fromEntries(texts) as Words
}

/** Names of entry kinds in the catalogue. */
export const ENTRY_WORDS = {
  exec: 'entryExec',
  cp: 'entryCp',
  attach: 'entryAttach',
  portforward: 'entryPortforward',
  debug: 'entryDebug',
  'node-local': 'entryNodeLocal',
  unrecorded: 'entryUnrecorded',
  probe: 'entryProbe',
  hook: 'entryHook',
  container: 'entryContainer',
} as const satisfies Record<EntryKind, PlainWord>

/** Names of outcomes in the catalogue; `started` is the usual one and goes without saying. */
export const OUTCOME_WORDS = {
  started: undefined,
  denied: 'denied',
  refused: 'refused',
  'no-process': 'noProcess',
  unseen: 'unseenOutcome',
  unknown: 'unknownOutcome',
} as const satisfies Record<EntryOutcome, PlainWord | undefined>

export const CONFIDENCE_MEANINGS = {
  proven: 'provenMeans',
  matched: 'matchedMeans',
  ambiguous: 'ambiguousMeans',
  none: 'noneMeans',
} as const satisfies Record<Confidence, PlainWord>

export const THEME_WORDS = {
  system: 'themeSystem',
  light: 'themeLight',
  dark: 'themeDark',
} as const satisfies Record<Preferences['theme'], PlainWord>

/** Each language by its own name. */
export const LANGUAGE_NAMES = { en: 'English', zh: '简体中文' } as const satisfies Record<Preferences['language'], string>
