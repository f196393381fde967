import { useSyncExternalStore } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export const LANGUAGES = ['en', 'zh'] as const

/** The tour was closed: it does not come back by itself. */
export const TOUR_CLOSED = -1

/** What a reader chose for this browser. */
export interface Preferences {
  readonly theme: (typeof THEMES)[number]
  readonly language: (typeof LANGUAGES)[number]
  /** Whether single keys act. WCAG 2.1.4 asks that they can be switched off. */
  readonly keys: boolean
  /** Steps of the first tour that were opened; `TOUR_CLOSED` once it was closed. */
  readonly tour: number
}

// `public/first-paint.js` reads the same entry before the first paint.
const STORED_AS = 'podwitness.preferences'
const listeners = new Set<() => void>()
let current = readPreferences()

/** The preferences, followed as they change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(follow, () => current)
}

/** Changes some preferences, keeps them in this browser and applies them at once. */
export function changePreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(current))
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
  applyPreferences()
  for (const listener of listeners) listener()
}

/** Puts theme and language on the document. */
export function applyPreferences(): void {
  const root = document.documentElement
  if (current.theme === 'system') delete root.dataset.theme
  else root.dataset.theme = current.theme
  root.lang = current.language === 'zh' ? 'zh-CN' : 'en'
}

function follow(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function readPreferences(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}')
    if (typeof value === 'object' && value !== null) kept = value
  } catch {
    // Nothing kept, or not ours: the defaults.
  }
  return {
    theme: THEMES.find((theme) => theme === kept.theme) ?? 'system',
    language: LANGUAGES.find((language) => language === kept.language) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
    keys: kept.keys !== false,
    tour: typeof kept.tour === 'number' && Number.isInteger(kept.tour) ? kept.tour : 0,
  }
}
