import { type AuditRule, type EncodeOptions, encodeRule, lintRules, parseRules, type RuleControl } from '@podwitness/audit'
import type { DesiredFile } from './desired-state.ts'
import type { NodeProblem } from './node-error.ts'

/** A rule and where it was asked for. */
export interface OwnRule {
  /** Equal for rules that are the same to the kernel, however they are written. */
  readonly identity: string
  readonly rule: AuditRule
  readonly file: string
  readonly line: number
}

/** A line that sets the audit system: option and value of auditctl. */
export interface Setting {
  readonly option: '-b' | '-f' | '-r' | '-e' | '--backlog_wait_time'
  readonly value: string
}

/** All rules and settings of the desired state, in the order in which augenrules(8) merges the files. */
export interface RuleSet {
  readonly rules: readonly OwnRule[]
  /** The last one of each option. */
  readonly settings: readonly Setting[]
  readonly problems: readonly NodeProblem[]
}

const SETTINGS = new Set<string>(['-b', '-f', '-r', '-e', '--backlog_wait_time'])

/** Options that only mean something to the loader of whole files; we load rule by rule and report every error. */
const LOADER_OPTIONS = new Set(['-D', '-i', '-c'])

/** Reads the rule files of the desired state. A rule that auditctl would refuse is a problem that refuses the set. */
export function buildRuleSet(files: readonly DesiredFile[], options: EncodeOptions): RuleSet {
  const rules = new Map<string, OwnRule>()
  const settings = new Map<string, Setting>()
  const problems: NodeProblem[] = []
  for (const file of files.filter(({ kind }) => kind === 'rules').sort(byName)) {
    const tell = (line: number, severity: NodeProblem['severity'], message: string) =>
      problems.push({ code: 'PW-ND-001', severity, part: 'rules', file: file.source, line, message })
    for (const problem of lintRules(file.text, options)) {
      if (problem.severity === 'error' && problem.code !== 'duplicate') tell(problem.line, 'refused', problem.message)
    }
    for (const statement of parseRules(file.text).statements) {
      if (statement.kind === 'control') {
        const message = takeControl(statement, settings)
        if (message !== '') tell(statement.line, 'note', message)
        continue
      }
      if (statement.change === 'delete') {
        tell(statement.line, 'refused', 'a rule file can add rules only; to delete one of ours, leave it out')
        continue
      }
      const identity = identityOf(statement, options)
      if (identity === null) continue // Told by the lint above.
      const twin = rules.get(identity)
      if (twin === undefined) rules.set(identity, { identity, rule: statement, file: file.source, line: statement.line })
      else tell(statement.line, 'note', `the same rule stands in ${twin.file}:${twin.line}`)
    }
  }
  return { rules: [...rules.values()], settings: [...settings.values()], problems }
}

function takeControl({ option, value }: RuleControl, settings: Map<string, Setting>): string {
  if (SETTINGS.has(option)) settings.set(option, { option: option as Setting['option'], value })
  else if (!LOADER_OPTIONS.has(option)) return `${option} is not applied: it sets nothing that lasts`
  return ''
}

/**
 * What the kernel would hold for a rule, whatever end of the list it goes to; null where it cannot be encoded. Where a
 * permission is given, calls are left out: newer versions of auditctl put in the calls that a permission means.
 */
export function identityOf(rule: AuditRule, options: EncodeOptions): string | null {
  const byPermission = rule.fields.some(({ name, compare }) => name === 'perm' && !compare)
  const encoded = encodeRule({ ...rule, change: 'append', syscalls: byPermission ? [] : rule.syscalls }, options)
  return 'bytes' in encoded ? encoded.bytes.toString('base64') : null
}

/** A rule out of text of ours or of the kernel's list; null where it cannot be read. */
export function readRule(text: string, options: EncodeOptions): Omit<OwnRule, 'file' | 'line'> | null {
  const [statement] = parseRules(text).statements
  if (statement?.kind !== 'rule') return null
  const identity = identityOf(statement, options)
  return identity === null ? null : { identity, rule: statement }
}

/** Order of `ls -1v` in the C locale, by which augenrules merges. */
function byName(a: DesiredFile, b: DesiredFile): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.name < b.name ? -1 : 1)
}
