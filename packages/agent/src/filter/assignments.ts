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
  /** Lines that are none. */
  readonly unread: readonly { readonly line: number; readonly text: string }[]
}

/**
 * Reads the form of auoms' files: one `name = value` a line, `#` comments; a value that begins with `{` or `[` is JSON and
 * goes on over lines until its brackets close. Source: comments of auoms' example_output.conf.
 */
export function readAssignments(text: string): Assignments {
  const lines = text.split('\n')
  const entries: Assignment[] = []
  const unread: { line: number; text: string }[] = []
  for (let i = 0; i < lines.length; i++) {
    const raw = (lines[i] ?? '').trim()
    if (raw === '' || raw.startsWith('#')) continue
    const [, name = '', first = ''] = /^(\w+)\s*=\s*(.*)$/.exec(raw) ?? []
    const line = i + 1
    if (name === '') {
      unread.push({ line, text: raw })
      continue
    }
    let value = first
    if (name !== 'regex' && /^[[{]/.test(first)) {
      let depth = depthOf(first)
      const parts = [first]
      while (depth > 0 && i + 1 < lines.length) {
        const next = lines[++i] ?? ''
        parts.push(next)
        depth += depthOf(next)
      }
      value = parts.join('\n')
    }
    entries.push({ name, value: unquoted(value), line })
  }
  return { entries, unread }
}

/** How many brackets a line opens and leaves open; those in texts do not count. */
function depthOf(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '')
  return (bare.match(/[[{]/g)?.length ?? 0) - (bare.match(/[\]}]/g)?.length ?? 0)
}

/** Takes `"…"` and C++'s raw `R"x(…)x"` off a value. */
function unquoted(value: string): string {
  return /^R"([^()\\ ]{0,16})\((.*)\)\1"$/s.exec(value)?.[2] ?? /^"(.*)"$/s.exec(value)?.[1] ?? value
}
