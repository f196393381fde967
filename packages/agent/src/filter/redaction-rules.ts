import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AgentError } from '../agent-error.ts'
import { readAssignments } from './assignments.ts'
import { BoundedPattern, type Span } from './bounded-pattern.ts'
import { translateRe2 } from './re2-pattern.ts'

/** What of a command line is hidden: the text of each group of the pattern. */
export interface RedactionRule {
  readonly name: string
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly replacement: string
  /** Where the groups are in a text. @throws where that takes too long. */
  spans(text: string): readonly Span[]
}

/** What is wrong with a file. */
export interface RedactionFault {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** The rules of a folder, and files that another one demands and that are missing. */
export interface RedactionRules {
  readonly rules: readonly RedactionRule[]
  /** Where not empty, whole command lines are hidden. */
  readonly missing: readonly string[]
}

/**
 * Reads a folder as auoms' redact.d: `*.conf` with `name`, `regex` and `replacement_char`, and `*.requires` with names
 * of files that must be there. Source: auoms, CmdlineRedactor and its example_redact.conf.
 *
 * @throws AgentError PW-AG-008 where a file cannot be read or a pattern is none: better no agent than an open secret.
 */
export async function readRedactionRules(folder: string): Promise<RedactionRules> {
  const unread: string[] = []
  const names = await readdir(folder).catch((error: Error) => {
    unread.push(error.message)
    return []
  })
  const files: { name: string; text: string }[] = []
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch((error: Error) => {
      if (isRuleFile(name)) unread.push(error.message)
      return ''
    })
    files.push({ name, text })
  }
  const { faults, ...rules } = parseRedactionRules(files)
  if (unread.length + faults.length === 0) return rules
  throw new AgentError('PW-AG-008', {
    what: `The redaction rules in ${folder} are wrong.`,
    why: [...unread, ...faults.map(({ file, line, text }) => `${join(folder, file)}:${line}: ${text}`)].join('\n'),
    do: 'Correct them; nothing is shipped before, as it might hold what they were to hide.',
  })
}

const isRuleFile = (name: string): boolean => name.endsWith('.conf') || name.endsWith('.requires')

/** The rules of `*.conf` files, and those that `*.requires` files name, which are missing. */
export function parseRedactionRules(
  files: readonly { readonly name: string; readonly text: string }[],
): RedactionRules & { readonly faults: readonly RedactionFault[] } {
  const rules: RedactionRule[] = []
  const required: string[] = []
  const faults: RedactionFault[] = []
  for (const { name, text } of files) {
    if (name.endsWith('.requires')) required.push(...requiredBy(text))
    else if (name.endsWith('.conf')) {
      const rule = readRule(text, name)
      if ('spans' in rule) rules.push(rule)
      else faults.push({ file: name, ...rule })
    }
  }
  // auoms asks for the file; its name is also taken without the ending, and as the rule calls itself.
  const names = new Set(rules.flatMap(({ name, file }) => [name, basename(file, '.conf')]))
  return { rules, missing: required.filter((name) => !names.has(name)), faults }
}

/** One file a line, with or without `.conf`. */
function requiredBy(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace(/\.conf$/, ''))
}

function readRule(text: string, file: string): RedactionRule | { line: number; text: string } {
  const { entries, unread } = readAssignments(text)
  if (unread[0] !== undefined) return { line: unread[0].line, text: unread[0].why }
  const first = (name: string) => entries.find((entry) => entry.name === name)
  const regex = first('regex')
  if (regex === undefined || regex.value === '') return { line: regex?.line ?? 1, text: 'regex is missing' }
  const { line } = regex
  const translated = translateRe2(regex.value)
  if ('fault' in translated) return { line, text: `is no pattern: ${translated.fault}` }
  const pattern = new BoundedPattern(translated.source)
  if (pattern.groups === 0) return { line, text: 'the pattern has no group, so nothing would be hidden' }
  return {
    name: first('name')?.value || basename(file, '.conf'),
    ...{ file, line },
    replacement: first('replacement_char')?.value.slice(0, 1) || '*',
    spans: (line) => pattern.spans(line),
  }
}
