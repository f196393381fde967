/** `name = value` of a configuration file. */
export interface Assignment {
  readonly name: string
  /** Text as it stands, quotes and `R"…(…)…"` taken off; JSON where it began with a bracket. */
  readonly value: string
  /** Line of the name, from 1. */
  readonly line: number
}

export interface Assignments {
  readonly entries: readonly Assignment[]
  /** Lines that are none, and why not. */
  readonly unread: readonly UnreadLine[]
}

interface UnreadLine {
  readonly line: number
  readonly text: string
  readonly why: string
}

/**
 * Reads the form of auoms' files: one `name = value` a line, `#` comments; a value that begins with `{` or `[` is JSON and
 * goes on over lines until its brackets close. Source: auoms, Config::Load, and comments of its example_output.conf.
 */
export function readAssignments(text: string): Assignments {
  const lines = text.split('\n')
  const entries: Assignment[] = []
  const unread: UnreadLine[] = []
  for (let i = 0; i < lines.length; i++) {
    const raw = (lines[i] ?? '').trim()
    if (raw === '' || raw.startsWith('#')) continue
    const [, name = '', first = ''] = /^(\w+)\s*=\s*(.*)$/.exec(raw) ?? []
    const line = i + 1
    if (name === '') {
      unread.push({ line, text: raw, why: 'a line is NAME = VALUE' })
      continue
    }
    if (name !== 'regex' && /^[[{]/.test(first)) {
      let depth = depthOf(first)
      const parts = [first]
      while (depth > 0 && i + 1 < lines.length) {
        const next = lines[++i] ?? ''
        parts.push(next)
        depth += depthOf(next)
      }
      entries.push({ name, value: parts.join('\n'), line })
      continue
    }
    const value = readValue(first)
    if ('value' in value) entries.push({ name, line, ...value })
    else unread.push({ line, text: raw, ...value })
  }
  return { entries, unread }
}

/** How many brackets a line opens and leaves open; those in texts do not count. */
function depthOf(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '')
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0)
}

/**
 * A value without its quotes: `"…"` with `\"` for a quote, C++'s raw `R"x(…)x"`, or one word. Behind the first and the
 * last a comment may stand.
 */
function readValue(text: string): { readonly value: string } | { readonly why: string } {
  if (text.startsWith('R"')) {
    const raw = /^R"([^()]*)\((.*)\)\1"$/s.exec(text)?.[2]
    return raw === undefined ? { why: 'a raw value is R"x(…)x" to the end of its line' } : { value: raw }
  }
  if (text.startsWith('"')) {
    const quoted = /^"((?:\\"|[^"])*)"\s*(?:#.*)?$/s.exec(text)?.[1]
    if (quoted !== undefined) return { value: quoted.replaceAll('\\"', '"') }
    return { why: 'the quotes of the value do not end, or something stands behind them' }
  }
  const word = /^(\S*)\s*(?:#.*)?$/.exec(text)?.[1]
  return word === undefined ? { why: 'a value with a blank stands in quotes' } : { value: word }
}
