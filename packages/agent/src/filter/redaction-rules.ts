import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AgentError } from '../agent-error.ts'
import { readAssignments } from './assignments.ts'

/** What of a command line is hidden: the text of each group of the pattern. */
export interface RedactionRule {
  readonly name: string
  readonly file: string
  readonly pattern: RegExp
  readonly replacement: string
}

/** The rules of a folder, and names that another file demands and that are missing. */
export interface RedactionRules {
  readonly rules: readonly RedactionRule[]
  /** Where not empty, whole command lines are hidden. */
  readonly missing: readonly string[]
}

/**
 * Reads a folder as auoms' redact.d: `*.conf` with `name`, `regex` and `replacement_char`, and `*.requires` with names
 * of rules that must be there.
 *
 * @throws AgentError PW-AG-008 where a file cannot be read or a pattern is none: better no agent than an open secret.
 */
export async function readRedactionRules(folder: string): Promise<RedactionRules> {
  const faults: string[] = []
  const names = await readdir(folder).catch((error: Error) => {
    faults.push(error.message)
    return []
  })
  const files: { name: string; text: string }[] = []
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch((error: Error) => {
      faults.push(error.message)
      return ''
    })
    files.push({ name, text })
  }
  const read = parseRedactionRules(files)
  faults.push(...read.faults.map(({ file, text }) => `${file}: ${text}`))
  if (faults.length > 0) {
    throw new AgentError('PW-AG-008', {
      what: `The redaction rules in ${folder} are wrong.`,
      why: faults.join('\n'),
      do: 'Correct them; nothing is shipped before, as it might hold what they were to hide.',
    })
  }
  return { rules: read.rules, missing: read.missing }
}

/** The rules of `*.conf` files, and of those that `*.requires` files name, which are missing. */
export function parseRedactionRules(
  files: readonly { readonly name: string; readonly text: string }[],
): RedactionRules & { readonly faults: readonly { readonly file: string; readonly text: string }[] } {
  const rules: RedactionRule[] = []
  const required: string[] = []
  const faults: { file: string; text: string }[] = []
  for (const { name, text } of files) {
    if (name.endsWith('.requires')) required.push(...text.split(/\s+/).filter((word) => word !== ''))
    else if (name.endsWith('.conf')) {
      const rule = readRule(text, name)
      if (typeof rule === 'string') faults.push({ file: name, text: rule })
      else rules.push(rule)
    }
  }
  return { rules, missing: required.filter((name) => !rules.some((rule) => rule.name === name)), faults }
}

function readRule(text: string, file: string): RedactionRule | string {
  const options = new Map(readAssignments(text).entries.map(({ name, value }) => [name, value]))
  const regex = options.get('regex')
  if (regex === undefined || regex === '') return 'regex is missing'
  try {
    const pattern = new RegExp(regex, 'dg')
    const groups = (new RegExp(`${regex}|`).exec('')?.length ?? 1) - 1
    if (groups === 0) return 'the pattern has no group, so nothing would be hidden'
    return {
      name: options.get('name') ?? basename(file, '.conf'),
      file,
      pattern,
      replacement: options.get('replacement_char')?.slice(0, 1) || '*',
    }
  } catch (error) {
    return (error as Error).message
  }
}
