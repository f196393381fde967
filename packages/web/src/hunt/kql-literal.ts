/** Escapes that a KQL string literal knows by a letter. Source: Kusto Query Language, the string data type. */
const LETTERS: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const MEANINGS: Readonly<Record<string, string>> = { '\\': '\\', "'": "'", '"': '"', n: '\n', r: '\r', t: '\t', '0': '\0' }

/** A text as a KQL string literal. Controls are written out, so that a query stays on its lines. */
export function kqlText(text: string): string {
  const escaped = text.replace(/[\\'\x00-\x1f\x7f\u2028\u2029]/g, (one) => LETTERS[one] ?? `\\u${hex(one)}`)
  return `'${escaped}'`
}

/** A column's name as KQL takes it. */
export function kqlName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name) ? name : `[${kqlText(name)}]`
}

/** Words that begin something else where a column's name may stand. */
const RESERVED: ReadonlySet<string> = new Set(
  'true false and or not in has contains between where project take limit order sort by asc desc summarize count datetime ago null isempty isnotempty isnull isnotnull'.split(
    ' ',
  ),
)

/** What a literal means, quotes included: `'a\'b'`, `"a"`, `@'a\b'`. Undefined where it is none, or uses an escape of another kind. */
export function textOfLiteral(literal: string): string | undefined {
  if (literal.startsWith('@')) {
    const quote = literal.charAt(1)
    return literal.slice(2, -1).replaceAll(quote + quote, quote)
  }
  let meaning = ''
  const inner = literal.slice(1, -1)
  for (let at = 0; at < inner.length; at++) {
    const character = inner.charAt(at)
    if (character !== '\\') {
      meaning += character
      continue
    }
    const [whole = '', code = ''] = /^u([0-9a-fA-F]{4})|^x([0-9a-fA-F]{2})/.exec(inner.slice(at + 1)) ?? []
    const letter = MEANINGS[inner.charAt(at + 1)]
    if (whole === '' && letter === undefined) return undefined
    meaning += whole === '' ? letter : String.fromCharCode(Number.parseInt(code || whole.slice(1), 16))
    at += whole === '' ? 1 : whole.length
  }
  return meaning
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0')
