import { formatRule } from '@podwitness/audit'
import type { AuditStatus } from './kernel-audit.ts'
import type { NodeProblem } from './node-error.ts'
import type { NodeFacts } from './node-facts.ts'
import type { FileCondition } from './own-file.ts'
import type { Survey } from './survey-node.ts'

/** Whether what was asked for is what the kernel does. */
export type NodeCondition =
  | 'in-force' // read back from the kernel and equal
  | 'drifted' // asked for and not (or no more) so
  | 'refused' // a part cannot be applied; its last good set is in force
  | 'pending-reboot' // the rules are locked until the next boot
  | 'unavailable' // the kernel cannot be asked

/** What `podwitness node status` tells. */
export interface NodeReport {
  readonly condition: NodeCondition
  readonly node: NodeFacts
  readonly kernel: AuditStatus | null
  /** Process that takes the records; empty for none. */
  readonly taker: string
  readonly rules: {
    readonly wanted: number
    readonly inForce: number
    readonly missing: readonly string[]
    /** Ours, and not asked for any more. */
    readonly extra: readonly string[]
    readonly misplaced: readonly string[]
    /** Rules of others; never touched. */
    readonly foreign: number
  }
  /** Settings that are not as asked for, as auditctl takes them. */
  readonly settings: readonly string[]
  readonly files: readonly { readonly path: string; readonly condition: FileCondition | 'extra' }[]
  readonly problems: readonly NodeProblem[]
  /** Hash of the last set that was in force; empty before the first. */
  readonly set: string
  /** Whether anything on the node was changed to get here. */
  readonly changed: boolean
}

/** Puts a survey in the words of a report. */
export function reportOf(survey: Survey, changed = false): NodeReport {
  const { change, rules, targets, stale, state } = survey
  return {
    condition: conditionOf(survey),
    node: survey.facts,
    kernel: survey.status,
    taker: survey.taker,
    rules: {
      wanted: rules.rules.length,
      inForce: survey.status === null ? 0 : rules.rules.length - change.add.length,
      missing: survey.status === null ? [] : change.add.map(({ rule }) => formatRule(rule)),
      extra: change.remove.map(({ text }) => text),
      misplaced: change.misplaced.map(({ rule }) => formatRule(rule)),
      foreign: change.foreign.length,
    },
    settings: survey.settings.map(({ option, value }) => `${option} ${value}`),
    files: [
      ...targets.map(({ target, condition }) => ({ path: target.path, condition })),
      ...stale.map(({ path }) => ({ path, condition: 'extra' as const })),
    ],
    problems: [...problemsOf(survey)],
    set: state.history.at(-1)?.hash ?? '',
    changed,
  }
}

function conditionOf(survey: Survey): NodeCondition {
  if (survey.status === null) return 'unavailable'
  if (survey.problems.some(({ severity }) => severity === 'refused')) return 'refused'
  const rulesDiffer = rulesDifferIn(survey)
  if (rulesDiffer && survey.status.enabled === 2) return 'pending-reboot'
  const filesDiffer = survey.stale.length > 0 || survey.targets.some(({ condition }) => condition !== 'same')
  return rulesDiffer || filesDiffer || survey.state.untold || survey.taker === '' ? 'drifted' : 'in-force'
}

/** Whether the kernel's rules or settings are not as asked for. */
export function rulesDifferIn({ change, settings }: Survey): boolean {
  return change.add.length + change.remove.length + change.misplaced.length + settings.length > 0
}

function problemsOf(survey: Survey): readonly NodeProblem[] {
  const { status, unavailable, taker, problems } = survey
  const node = (code: NodeProblem['code'], message: string): NodeProblem => ({
    code,
    severity: 'note',
    part: 'node',
    file: 'node',
    line: 0,
    message,
  })
  if (unavailable !== null) return [node(unavailable.code, `${unavailable.message} ${unavailable.why}`.trim()), ...problems]
  const found: NodeProblem[] = []
  if (status?.enabled === 2 && rulesDifferIn(survey))
    found.push(
      node(
        'PW-ND-003',
        'the kernel has locked its rules (enabled 2): what was asked for is in the files and in force after the next boot',
      ),
    )
  if (taker === '') found.push(node('PW-ND-010', 'no process takes the records: auditd does not run'))
  return [...found, ...problems]
}
