import type { KqlContext } from '../context.ts'

/**
 * What a pattern of KQL says that the engine's RE2 would read as something else, without a word. Its own complaints about
 * all it cannot read come from the engine. Source: Kusto documentation, "regex".
 */
export function misread(pattern: string): string | undefined {
  let inClass = false
  for (let at = 0; at < pattern.length; at += 1) {
    const [one = '', two = ''] = [pattern[at], pattern[at + 1]]
    if (one === '\\') {
      if (!inClass && (two === '<' || two === '>')) return `\\${two} as an edge of a word`
      at += 1
    } else if (!inClass) inClass = one === '['
    else if (one === '[' && two === ':') at = Math.max(at, pattern.indexOf(':]', at) + 1)
    else if (one === '[') return 'a class inside a class'
    else if (one === two && /[&~]/.test(one)) return `${one}${two} between classes`
    else if (one === '-' && two === '-' && pattern[at + 2] !== ']') return '-- between classes'
    else if (one === ']' && !/(?:^|[^\\])\[\^?$/.test(pattern.slice(0, at))) inClass = false
  }
  return undefined
}

/** A constant pattern as it is, or a refusal at its place in the query. */
export function checkedPattern(pattern: string, context: KqlContext): string {
  const what = misread(pattern)
  if (what === undefined) return pattern
  const start = Math.max(0, context.text.text.indexOf(pattern))
  throw context.refuse({ start }, `A regular expression with ${what} is not supported.`, 'Write it with plain classes.')
}
