import { parseAllDocuments, stringify } from 'yaml'
import { IDENTIFIER } from '../read-rule.ts'
import { SEVERITIES, type Severity } from '../rule.ts'
import { conditionSql } from './sigma-condition.ts'
import { selectionSql } from './sigma-selection.ts'
import { SigmaRefusal } from './sigma-source.ts'
import { sourceOf } from './sources.ts'

/** Longest text taken, in UTF-16 code units. */
const MAX_TEXT = 5_000_000
const SEVERITY_OF: Readonly<Record<string, Severity>> = { informational: 'report' }

export interface SigmaOptions {
  /** Numbers of a system call by its name; none where there is no such call. Rules may name calls by number without it. */
  readonly syscall?: (name: string) => readonly number[]
}

/** What became of one Sigma rule. */
export interface SigmaImport {
  readonly title: string
  /** The rule in YAML; undefined where it was refused. */
  readonly yaml?: string
  /** Why it was refused, in words. */
  readonly refused?: string
}

/**
 * Makes alert rules of Sigma rules. What cannot be asked of the evidence here is refused with the reason, never left out.
 * Format: Sigma specification 2.1 (rules and modifiers). Nothing is thrown.
 */
export function importSigma(text: string, { syscall = () => [] }: SigmaOptions = {}): SigmaImport[] {
  if (text.length > MAX_TEXT) return [{ title: '', refused: `The text has more than ${MAX_TEXT} characters.` }]
  const documents = parseAllDocuments(text, { prettyErrors: false })
  return ('empty' in documents ? [] : documents).flatMap((document): SigmaImport[] => {
    const [error] = document.errors
    if (error !== undefined) return [{ title: '', refused: `The YAML is wrong: ${error.message}` }]
    // Aliases are counted by the parser, so that a small text cannot grow to a large value.
    const value: unknown = contentsOf(() => document.toJS({ maxAliasCount: 100 }))
    if (value === null) return []
    const title = isMap(value) && typeof value.title === 'string' ? value.title : ''
    try {
      if (!isMap(value)) throw new SigmaRefusal('A Sigma rule is a mapping of keys to values.')
      return [{ title, yaml: ruleYaml(value, syscall) }]
    } catch (error) {
      if (error instanceof SigmaRefusal) return [{ title, refused: error.message }]
      throw error
    }
  })
}

type YamlMap = Readonly<Record<string, unknown>>
const isMap = (value: unknown): value is YamlMap => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

function contentsOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

function ruleYaml(sigma: YamlMap, syscall: (name: string) => readonly number[]): string {
  const { title, logsource, detection, correlation, action, filter } = sigma
  if (correlation !== undefined)
    throw new SigmaRefusal('It is a correlation of other rules; write it as a rule with a trigger of its own.')
  if (filter !== undefined) throw new SigmaRefusal('It is a filter for other rules; write it as `except` of the rules.')
  if (action !== undefined) throw new SigmaRefusal('It is a piece of a collection (`action`), which Sigma has no more.')
  if (textOf(title) === '') throw new SigmaRefusal('It has no title.')
  if (!isMap(logsource)) throw new SigmaRefusal('It has no logsource.')
  if (!isMap(detection)) throw new SigmaRefusal('It has no detection.')
  const source = sourceOf(logsource)
  const { condition, timeframe, ...selections } = detection
  if (timeframe !== undefined)
    throw new SigmaRefusal('It counts within a timeframe; write that with the trigger of a rule: {count: N}.')
  const context = { source, syscall }
  const sqlOf = new Map(Object.entries(selections).map(([name, selection]) => [name, selectionSql(selection, context)]))
  const conditions = (Array.isArray(condition) ? condition : [condition]).map((one) => {
    if (typeof one !== 'string') throw new SigmaRefusal('It has no condition.')
    return conditionSql(one, sqlOf)
  })
  const { unless } = source
  const asked = (name: string): boolean => new RegExp(`"${name}[|"]`, 'i').test(JSON.stringify(selections))
  const once = unless === undefined || asked(unless.field) ? [] : [unless.sql]
  const text = [source.select, ...once, conditions.length === 1 ? conditions[0] : `(${conditions.join(' OR ')})`].join('\n  AND ')
  return written(sigma, { text, needs: source.needs, groupBy: source.groupBy })
}

function written(sigma: YamlMap, made: { text: string; needs: readonly string[]; groupBy: readonly string[] }): string {
  const title = textOf(sigma.title)
  const slug = (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 80)
  const id = `sigma-${IDENTIFIER.test(textOf(sigma.id)) ? textOf(sigma.id) : slug || 'rule'}`
  const level = textOf(sigma.level).toLowerCase()
  const severity = SEVERITIES.find((word) => word === level) ?? SEVERITY_OF[level] ?? 'medium'
  const known = textsOf(sigma.falsepositives).filter((one) => one.toLowerCase() !== 'unknown')
  const harmless = known.length === 0 ? '' : ` It may be harmless: ${known.join('; ')}.`
  const labels = { sigma: textOf(sigma.id) || slug, ...(textOf(sigma.status) === '' ? {} : { status: textOf(sigma.status) }) }
  const tags = textsOf(sigma.tags)
  return stringify(
    {
      ...{ id, name: title, reason: `${textOf(sigma.description) || title}${harmless}`.replace(/\s+/g, ' ') },
      query: { lang: 'sql', text: made.text },
      ...{ check: '1m', trigger: 'hasData', severity, groupBy: made.groupBy, mute: '10m' },
      labels: { ...labels, ...(tags.length === 0 ? {} : { tags: tags.join(' ') }) },
      needs: made.needs,
    },
    { lineWidth: 0, blockQuote: 'literal' },
  )
}
