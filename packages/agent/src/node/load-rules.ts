import { rmSync } from 'node:fs'
import { type AuditRule, type EncodeOptions, formatRule, parseRules, type RuleField } from '@podwitness/audit'
import { listKernelRules } from './kernel-audit.ts'
import type { Machine } from './machine.ts'
import { NodeError, type NodeProblem } from './node-error.ts'
import { makeFolder, STATE_FOLDER, writeAtomically } from './node-state.ts'
import { identityOf, type OwnRule, type RuleSet, readRule } from './rule-set.ts'

/** How the kernel's rules differ from the wanted ones. */
export interface RuleChange {
  /** Wanted and not in the kernel. */
  readonly add: readonly OwnRule[]
  /** Ours, in the kernel and no longer wanted. */
  readonly remove: readonly KernelRule[]
  /** In the kernel, but behind a rule they must come before. */
  readonly misplaced: readonly OwnRule[]
  /** Of others. */
  readonly foreign: readonly string[]
}

/** A rule that the kernel holds. */
export interface KernelRule {
  readonly text: string
  /** Null where auditctl prints it in a form that cannot be read back. */
  readonly identity: string | null
}

/**
 * The kernel's rules with their identities.
 *
 * @param loaded Rules of ours, oldest first: auditctl 3.0.9 prints `exe!=` as `exe=`, and only who loaded a rule knows.
 */
export async function readKernelRules(
  machine: Machine,
  options: EncodeOptions,
  loaded: readonly string[],
): Promise<KernelRule[]> {
  const lines = await listKernelRules(machine)
  const ours = loaded.flatMap((text) => readRule(text, options) ?? []).filter(({ rule }) => rule.fields.some(isUnequalExe))
  const known = [...new Map(ours.map((rule) => [rule.identity, rule])).values()].reverse().map(({ identity, rule }) => {
    return { text: formatRule(rule), identity, printed: identityOf(asPrinted(rule), options) }
  })
  return lines.map((text) => {
    const identity = readRule(text, options)?.identity ?? null
    const at = known.findIndex(({ printed }) => printed === identity)
    const [own] = at < 0 ? [] : known.splice(at, 1)
    return own === undefined ? { text, identity } : { text: own.text, identity: own.identity }
  })
}

const isUnequalExe = ({ name, operator }: RuleField): boolean => name === 'exe' && operator === '!='

function asPrinted(rule: AuditRule): AuditRule {
  return { ...rule, fields: rule.fields.map((field) => (isUnequalExe(field) ? { ...field, operator: '=' } : field)) }
}

/** Compares by meaning. `owned` are the identities that we loaded: nothing else is ever taken away. */
export function compareRules(wanted: readonly OwnRule[], actual: readonly KernelRule[], owned: ReadonlySet<string>): RuleChange {
  const present = new Set(actual.map(({ identity }) => identity))
  const wantedIds = new Set(wanted.map(({ identity }) => identity))
  const remove = actual.filter(({ identity }) => identity !== null && owned.has(identity) && !wantedIds.has(identity))
  const add = wanted.filter(({ identity }) => !present.has(identity))
  const foreign = actual.filter(({ identity }) => identity === null || !(owned.has(identity) || wantedIds.has(identity)))
  const movable = wanted.filter(({ identity }) => owned.has(identity) || !present.has(identity))
  return { add, remove, misplaced: misplacedRules(movable, actual), foreign: foreign.map(({ text }) => text) }
}

/**
 * Rules that must be loaded again for the order to be right: in each filter list, everything present after the first place
 * where the kernel's order (new rules go to the end) is not the wanted one. `-A` rules stand at the head and are left out.
 */
function misplacedRules(wanted: readonly OwnRule[], actual: readonly KernelRule[]): OwnRule[] {
  const place = new Map(actual.map(({ identity }, i) => [identity, i]))
  const found: OwnRule[] = []
  for (const list of new Set(wanted.map(({ rule }) => rule.list))) {
    const rules = wanted.filter(({ rule }) => rule.list === list && rule.change === 'append')
    let last = -1
    let wrong = false
    for (const rule of rules) {
      const at = place.get(rule.identity) ?? Number.POSITIVE_INFINITY
      wrong ||= at < last
      if (wrong && at !== Number.POSITIVE_INFINITY) found.push(rule)
      last = Math.max(last, at)
    }
  }
  return found
}

/** Lines that a loaded file of auditctl has for a change. */
export function changeLines({ add, remove, misplaced }: RuleChange, wanted: readonly OwnRule[]): string[] {
  const moved = reloaded({ add, misplaced }, wanted)
  return [...add.map(adding), ...remove.map(({ text }) => deletingText(text)), ...moved.map(deleting), ...moved.map(adding)]
}

/** With a misplaced rule, the new ones behind it move too: they were added at the end before. */
function reloaded({ add, misplaced }: Pick<RuleChange, 'add' | 'misplaced'>, wanted: readonly OwnRule[]): OwnRule[] {
  const first = Math.min(...misplaced.map((rule) => wanted.indexOf(rule)))
  const again = new Set([...misplaced, ...add.filter((rule) => wanted.indexOf(rule) > first && rule.rule.change === 'append')])
  return wanted.filter((rule) => again.has(rule))
}

const adding = ({ rule }: OwnRule): string => rule.text
const deleting = ({ rule }: OwnRule): string => formatRule({ ...rule, change: 'delete' })

function deletingText(text: string): string {
  const [statement] = parseRules(text).statements
  return statement?.kind === 'rule' ? formatRule({ ...statement, change: 'delete' }) : text
}

/**
 * Changes the kernel's rules. New rules are added first: when the kernel refuses one, those added are taken away again and
 * the old set was in force all the time. Then old ones go, and what stands in the wrong order is loaded again.
 *
 * @returns The refusal with file and line, or undefined.
 */
export async function loadRules(machine: Machine, change: RuleChange, wanted: RuleSet): Promise<NodeProblem | undefined> {
  const refused = await addRules(machine, change.add)
  if (refused !== undefined) {
    await runLines(machine, change.add.slice(0, refused.index).map(deleting))
    const rule = change.add[refused.index] as OwnRule
    const message = `the kernel refuses it: ${refused.said}`
    return { code: 'PW-ND-002', severity: 'refused', part: 'rules', file: rule.file, line: rule.line, message }
  }
  const rest = changeLines(change, wanted.rules).slice(change.add.length)
  const failed = await runLines(machine, rest)
  if (failed !== undefined)
    throw new NodeError('PW-ND-009', {
      what: 'The kernel did not take a change of rules.',
      why: `${rest[failed.index]}: ${failed.said}`,
    })
  return undefined
}

/** Adds rules up to the first that is refused. One that is there already is no refusal: the list did not show it for what it is. */
async function addRules(machine: Machine, rules: readonly OwnRule[]): Promise<{ index: number; said: string } | undefined> {
  for (let from = 0; from < rules.length; ) {
    const failed = await runLines(machine, rules.slice(from).map(adding))
    if (failed === undefined) return undefined
    const index = from + failed.index
    if (failed.said !== 'Rule exists') return { ...failed, index }
    from = index + 1
  }
  return undefined
}

/** Settings and rules for auditctl, one a line, stopping at the first that fails. */
export async function runLines(machine: Machine, lines: readonly string[]): Promise<{ index: number; said: string } | undefined> {
  if (lines.length === 0) return undefined
  const file = `${STATE_FOLDER}/load.rules`
  makeFolder(machine, STATE_FOLDER)
  writeAtomically(machine.path(file), `${lines.join('\n')}\n`, 0o600)
  try {
    const { code, stdout, stderr } = await machine.run('auditctl', ['-R', file])
    if (code === 0) return undefined
    const said = `${stderr}\n${stdout}`
    const line = /error in line (\d+)/.exec(said)
    if (line === null) throw new NodeError('PW-ND-009', { what: 'auditctl failed.', why: said.trim() })
    const reason = /\(([^)]+)\)/.exec(said)?.[1] ?? said.split('\n')[0] ?? ''
    return { index: Number(line[1]) - 1, said: reason }
  } finally {
    rmSync(machine.path(file), { force: true })
  }
}
