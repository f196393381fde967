import {
  type NodeCheck,
  type NodeCondition,
  type NodeProblem,
  type NodeReport,
  type PlanStep,
  problemText,
  type UninstallReport,
} from '@podwitness/agent'
import type { Colour, Paint } from './text/colours.ts'
import { visibleText } from './text/visible-text.ts'

const CONDITIONS: Readonly<Record<NodeCondition, readonly [Colour, string]>> = {
  'in-force': ['green', 'in force: read back from the kernel and equal'],
  drifted: ['yellow', 'drifted: not as asked for'],
  refused: ['red', 'refused: a part cannot be applied, its last good set is in force'],
  'pending-reboot': ['yellow', 'pending reboot: the kernel has locked its rules'],
  unavailable: ['red', 'unavailable: the kernel cannot be asked'],
}

/** A report for people: the verdict first, then figures, then what is not as it should be. */
export function reportLines(report: NodeReport, paint: Paint): string[] {
  const { node, kernel, rules, files } = report
  const [colour, words] = CONDITIONS[report.condition]
  const version = node.auditVersion === null ? 'no auditd' : `audit ${node.auditVersion.text}`
  const wrong = files.filter(({ condition }) => condition !== 'same')
  return [
    paint(colour, words),
    `node     ${visibleText(node.name || 'unknown system')}, ${version}, ${node.serviceManager === 'none' ? 'no service manager' : 'systemd'}`,
    `rules    ${rules.inForce} of ${rules.wanted} in force, ${rules.foreign} of others`,
    `files    ${files.length - wrong.length} of ${files.length} as asked for`,
    ...(kernel === null
      ? []
      : [
          `kernel   enabled ${kernel.enabled}, backlog ${kernel.backlog} of ${kernel.backlogLimit}, lost ${kernel.lost}, records to ${report.taker || 'nobody'}${kernel.pid === 0 ? '' : ` (${kernel.pid})`}`,
        ]),
    ...rules.missing.map((rule) => `missing  ${visibleText(rule)}`),
    ...rules.extra.map((rule) => `extra    ${visibleText(rule)}`),
    ...rules.misplaced.map((rule) => `order    ${visibleText(rule)}`),
    ...report.settings.map((setting) => `setting  ${setting}`),
    ...wrong.map(({ path, condition }) => `file     ${visibleText(path)}: ${condition}`),
    ...report.problems.map(problemLine),
  ]
}

function problemLine(problem: NodeProblem): string {
  return `${problem.severity === 'refused' ? 'refused ' : 'note    '} ${visibleText(problemText(problem))}`
}

/** A plan as a shell script would have it: each step's purpose as a comment above its command. */
export function planLines(steps: readonly PlanStep[], problems: readonly NodeProblem[]): string[] {
  const done = steps.flatMap(({ action, what, command }) => [
    `# ${action} ${visibleText(what)}`,
    ...(command === '' ? [] : command.split('\n').map(visibleText)),
  ])
  return [...done, ...problems.map((problem) => `# ${problemLine(problem)}`)]
}

/** What uninstalling did. */
export function uninstallLines({ files, rules, packages, stoppedAuditd, pendingReboot }: UninstallReport): string[] {
  return [
    `${files.length} files taken away or put back, ${rules} rules unloaded`,
    ...(packages.length > 0 ? [`packages removed: ${packages.join(', ')}`] : []),
    ...(stoppedAuditd ? ['auditd stopped, as it was found'] : []),
    ...(pendingReboot ? ['pending reboot: the kernel has locked its rules, ours stay loaded until then'] : []),
  ]
}

/** A check of the doctor: verdict, what was found, what to do. */
export function checkLine({ verdict, id, text, todo }: NodeCheck, paint: Paint): string {
  const colour = ({ ok: 'green', warn: 'yellow', bad: 'red' } as const)[verdict]
  return `${paint(colour, verdict.padEnd(4))}  ${id.padEnd(8)} ${visibleText(text)}${todo === '' ? '' : `. ${visibleText(todo)}`}`
}
