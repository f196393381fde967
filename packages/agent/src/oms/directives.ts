/** A block of the OMS agent's configuration, which is fluentd's of old. */
export interface Directive {
  /** `source`, `match`, `filter`, or what else stands in the angle brackets. */
  readonly name: string
  /** Tag pattern of `match` and `filter`. */
  readonly pattern: string
  readonly line: number
  readonly options: ReadonlyMap<string, string>
  readonly blocks: readonly Directive[]
}

export interface Directives {
  readonly blocks: readonly Directive[]
  readonly unread: readonly { readonly line: number; readonly text: string }[]
}

const DEEPEST = 8

/** Reads fluentd's form: `<source>` … `</source>` with `name value` lines, blocks within blocks. Source: fluentd, configuration file v0.12. */
export function readDirectives(text: string): Directives {
  const unread: { line: number; text: string }[] = []
  const roots: Directive[] = []
  const open: { name: string; pattern: string; line: number; options: Map<string, string>; blocks: Directive[] }[] = []
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const [, name, pattern = ''] = /^<(\w+)(?:\s+([^>]*))?>$/.exec(line) ?? []
    if (name !== undefined && open.length < DEEPEST) {
      open.push({ name, pattern: pattern.trim(), line: i + 1, options: new Map(), blocks: [] })
      return
    }
    const closed = /^<\/(\w+)>$/.exec(line)?.[1]
    const top = open.at(-1)
    if (closed !== undefined && top?.name === closed) {
      open.pop()
      ;(open.at(-1)?.blocks ?? roots).push(top)
      return
    }
    const [, option, value = ''] = /^@?(\w+)(?:\s+(.*))?$/.exec(line) ?? []
    if (option === undefined || top === undefined) unread.push({ line: i + 1, text: line })
    else top.options.set(option, value)
  })
  for (const { line, name } of open) unread.push({ line, text: `<${name}> is not closed` })
  return { blocks: roots, unread }
}
