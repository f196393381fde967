import type { PlainWord } from '../words/catalogue.ts'

/** One key, or two in a row, and what they do on a page. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` names it: `j`, `Enter`; two in a row with a blank between: `g s`. */
  readonly keys: string
  readonly word: PlainWord
  /** Absent where the browser or the control does it by itself and help only names it. */
  readonly act?: () => void
}

/** What a key does after the keys before it: a binding, or waiting for a second key, or nothing. */
export function afterKey(
  bindings: readonly KeyBinding[],
  pending: string,
  key: string,
): { readonly binding?: KeyBinding; readonly pending: string } {
  const typed = pending === '' ? key : `${pending} ${key}`
  const binding = bindings.find((one) => one.keys === typed && one.act !== undefined)
  if (binding !== undefined) return { binding, pending: '' }
  if (bindings.some((one) => one.keys.startsWith(`${typed} `))) return { pending: typed }
  return pending === '' ? { pending: '' } : afterKey(bindings, '', key)
}
