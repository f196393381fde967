import { existsSync } from 'node:fs'
import { type ApplyOptions, mayStart } from './apply-node.ts'
import { startCommand } from './audit-daemon.ts'
import { hasPluginPackage, installSteps, offlineSteps } from './install-audit.ts'
import { changeLines } from './load-rules.ts'
import type { Machine } from './machine.ts'
import type { NodeProblem } from './node-error.ts'
import { SYSLOG_PROGRAM } from './plugin-file.ts'
import { ruleWords } from './rule-words.ts'
import { type Survey, surveyNode } from './survey-node.ts'

/** One thing that `apply` would do, and how a person would do it by hand. */
export interface PlanStep {
  readonly action: 'install' | 'start' | 'set' | 'load' | 'write' | 'remove' | 'restore' | 'reload'
  /** What it is done to: a package, a rule, a path. */
  readonly what: string
  /** Command for a shell. */
  readonly command: string
}

export interface NodePlan {
  readonly steps: readonly PlanStep[]
  readonly problems: readonly NodeProblem[]
}

/** What `apply` would do now. Changes nothing. */
export async function planNode(machine: Machine, options: ApplyOptions): Promise<NodePlan> {
  const survey = await surveyNode(machine, options)
  const steps = [...installing(machine, survey, options), ...kernelSteps(machine, survey), ...fileSteps(machine, survey)]
  return { steps, problems: survey.problems }
}

function installing(machine: Machine, survey: Survey, options: ApplyOptions): PlanStep[] {
  const { facts } = survey
  const steps: PlanStep[] = []
  const syslog =
    survey.targets.some(({ target }) => target.text.includes(SYSLOG_PROGRAM)) && !existsSync(machine.path(SYSLOG_PROGRAM))
  if (options.install !== 'never') {
    const parts = [...(facts.auditVersion === null ? [false] : []), ...(syslog && hasPluginPackage(facts) ? [true] : [])]
    const offline = options.packages === undefined || parts.length === 0 ? undefined : [`${options.packages}/*`]
    const commands =
      offline === undefined ? parts.flatMap((plugins) => installSteps(facts, plugins)) : offlineSteps(facts, offline)
    const told = commands.map(({ command, args }): PlanStep => {
      return { action: 'install', what: args.at(-1) ?? '', command: machine.commandText(command, args) }
    })
    // Package lists are fetched once.
    steps.push(...told.filter(({ command }, i) => told.findIndex((each) => each.command === command) === i))
  }
  if (survey.taker === '' && mayStart(facts, options.daemon))
    steps.push({ action: 'start', what: 'auditd', command: machine.commandText(...startCommand(facts)) })
  return steps
}

function kernelSteps(machine: Machine, { change, rules, settings, status }: Survey): PlanStep[] {
  if (status?.enabled === 2) return []
  const set = settings.map(({ option, value }): PlanStep => {
    return { action: 'set', what: `${option} ${value}`, command: machine.commandText('auditctl', [option, value]) }
  })
  const load = changeLines(change, rules.rules).map((line): PlanStep => {
    return { action: 'load', what: line, command: machine.commandText('auditctl', ruleWords(line)) }
  })
  return [...set.filter(({ what }) => what !== '-e 2'), ...load, ...set.filter(({ what }) => what === '-e 2')]
}

function fileSteps(machine: Machine, survey: Survey): PlanStep[] {
  const wrong = survey.targets.filter(({ condition }) => condition !== 'same')
  const writes = wrong.map(({ target }): PlanStep => {
    const path = machine.path(target.path)
    return { action: 'write', what: target.path, command: `cat > ${path} <<'EOF'\n${target.text}EOF` }
  })
  const removes = survey.stale.map(({ path, backup }): PlanStep => {
    return {
      action: backup === null ? 'remove' : 'restore',
      what: path,
      command: backup === null ? `rm ${machine.path(path)}` : '',
    }
  })
  const plugins = [...wrong.map(({ target }) => target.path), ...survey.stale.map(({ path }) => path)]
  const reload = plugins.some((path) => path.startsWith(survey.facts.pluginFolder))
  return [
    ...writes,
    ...removes,
    ...(reload
      ? [{ action: 'reload' as const, what: 'auditd', command: machine.commandText('pkill', ['-HUP', '-x', 'auditd']) }]
      : []),
  ]
}
