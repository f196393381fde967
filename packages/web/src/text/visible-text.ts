/** A stretch of text: as it is, or a character that would be invisible or act, written out. */
export interface TextPart {
  readonly text: string
  readonly escaped: boolean
}

/**
 * Characters that are not shown as themselves.
 *
 * C0, DEL and C1 controls; soft hyphen; the blanks that look like U+0020 or like nothing; bidirectional
 * controls (UAX 9 §2), which reorder what surrounds them; zero-width and other default-ignorable
 * characters (Unicode, DerivedCoreProperties, Default_Ignorable_Code_Point); line and paragraph
 * separators; interlinear annotation; tags; lone surrogates; private use.
 */
const HIDDEN =
  /[\p{Cc}\u00a0\u00ad\u061c\u115f\u1160\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\p{Cs}\p{Co}]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f]|[\ufe00-\ufe0e]/gu

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** How a character that is not shown as itself is written: `\x1b` for controls, `U+202E` for the others. */
export function escapeText(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return (
    NAMED[character] ??
    (code < 0x100 && code !== 0xa0 && code !== 0xad ? `\\x${hex.padStart(2, '0')}` : `U+${hex.toUpperCase().padStart(4, '0')}`)
  )
}

/** Splits recorded text into what may be shown as it is and what must be written out. Joined, nothing is lost. */
export function visibleText(text: string): TextPart[] {
  const parts: TextPart[] = []
  let shown = 0
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > shown) parts.push({ text: text.slice(shown, match.index), escaped: false })
    parts.push({ text: escapeText(match[0]), escaped: true })
    shown = match.index + match[0].length
  }
  if (shown < text.length) parts.push({ text: text.slice(shown), escaped: false })
  return parts
}

/** The same as one plain string, for titles and labels. */
export function inertText(text: string): string {
  return text.replace(HIDDEN, escapeText)
}
