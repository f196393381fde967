import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseRules } from '@podwitness/audit'
import type { DesiredFile } from './desired-state.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'

/** Beside the package's sources and its build alike. */
const FOLDER = fileURLToPath(new URL('../../rules/', import.meta.url))

/** A bundled set of rules. */
export interface RulePack {
  /** `procmon` for the file `10-procmon.rules`. */
  readonly name: string
  readonly file: string
  /** First line of its comment. */
  readonly title: string
  readonly text: string
}

/** The bundled rule packs, in the order in which they are loaded. */
export function rulePacks(): RulePack[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.rules'))
    .sort()
    .map((file) => {
      const text = readFileSync(`${FOLDER}${file}`, 'utf8')
      return { name: file.replace(/^\d+-|\.rules$/g, ''), file, title: /^# (.*)$/m.exec(text)?.[1] ?? '', text }
    })
}

/** Names of packs as files for a node. Throws PW-ND-014 for a name there is none for. */
export function packFiles(machine: Machine, names: readonly string[]): DesiredFile[] {
  const packs = new Map(rulePacks().map((pack) => [pack.name, pack]))
  return names.map((name) => {
    const pack = packs.get(name)
    if (pack === undefined)
      throw new NodeError('PW-ND-014', {
        what: `There is no rule pack ${name}.`,
        why: `There are: ${[...packs.keys()].join(', ')}.`,
      })
    return { kind: 'rules', name: pack.file, text: textFor(machine, pack.text), source: `pack ${name}` }
  })
}

/**
 * A pack for one node: rules on paths that are not there become comments. The kernel refuses a watch below a folder that does
 * not exist, and a loader of whole files stops there. The next look at the node finds a path that has come.
 */
function textFor(machine: Machine, text: string): string {
  const lines = text.split('\n')
  for (const statement of parseRules(text).statements) {
    if (statement.kind !== 'rule') continue
    const missing = statement.fields.find(({ name, value, compare }) => {
      if (compare || (name !== 'path' && name !== 'dir')) return false
      return !existsSync(machine.path(name === 'path' ? dirname(value.replace(/\/+$/, '')) : value))
    })
    if (missing !== undefined) lines[statement.line - 1] = `# not on this node: ${statement.text}`
  }
  return lines.join('\n')
}
