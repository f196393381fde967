import type { PlainWord } from '../words/catalogue.ts'
import type { KeyBinding } from './key-binding.ts'

/** Marks an element as a row that `j` and `k` go to. */
export const ROW = { 'data-row': '', tabIndex: -1 } as const

/** Keys of a list: `j` and `k` go to rows, `Enter` opens one; further keys press the button of that name in the row. */
export function rowKeys(acts: readonly (readonly [key: string, word: PlainWord, button: string])[]): KeyBinding[] {
  return [
    { keys: 'j', word: 'keyNextRow', act: () => focusRow(1) },
    { keys: 'k', word: 'keyPreviousRow', act: () => focusRow(-1) },
    ...acts.map(([keys, word, button]) => ({ keys, word, act: () => pressInRow(button) })),
  ]
}

function focusRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')]
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const next = at < 0 ? (by === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)
  rows[next]?.focus()
}

/** A key does what the button does, and nothing where the row has none. */
function pressInRow(button: string): void {
  document.activeElement?.closest('[data-row]')?.querySelector<HTMLElement>(`[data-act="${button}"]`)?.click()
}
