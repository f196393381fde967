/** Columns that say who, then where; what a query language or a table calls them. */
const WHO = ['k8s.user.username', 'user', 'account']
const PLACE = ['k8s.pod.namespace', 'namespace', 'ns', 'node']

/** What identifies rows like this one: the account and the namespace, as far as the row has them; else its first value. */
export function exceptionOf(row: Readonly<Record<string, unknown>>): Record<string, string> {
  const filled = Object.entries(row).filter(([, value]) => typeof value === 'string' && value !== '') as [string, string][]
  const first = (names: readonly string[]) => names.flatMap((name) => filled.filter(([key]) => key === name)).slice(0, 1)
  const found = [...first(WHO), ...first(PLACE)]
  return Object.fromEntries(found.length > 0 ? found : filled.slice(0, 1))
}

/**
 * A rule's text with one more exception. The rest of the text stays as somebody wrote it, comments too.
 *
 * @param yaml One rule. `except` stands in a line of its own, as a list in brackets or with its items below.
 */
export function addException(yaml: string, exception: Readonly<Record<string, string>>): string {
  // JSON is YAML, and its quotes hold whatever the value is.
  const item = `{${Object.entries(exception)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(', ')}}`
  const known = /^except:[ \t]*(\[[ \t]*(\]?))?/m.exec(yaml)
  if (known === null) return `${yaml.trimEnd()}\nexcept:\n  - ${item}\n`
  const end = known.index + known[0].length
  if (known[1] === undefined) {
    // An item below keeps the indentation that its list has.
    const indent = /^\n+([ \t]*)- /.exec(yaml.slice(end))?.[1] ?? '  '
    return `${yaml.slice(0, end).trimEnd()}\n${indent}- ${item}${yaml.slice(end)}`
  }
  return known[2] === ']'
    ? `${yaml.slice(0, end - 1)}${item}]${yaml.slice(end)}`
    : `${yaml.slice(0, end).trimEnd()}${item}, ${yaml.slice(end)}`
}
