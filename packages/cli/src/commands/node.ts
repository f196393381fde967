import {
  agentConfigOf,
  applyNode,
  examineAgent,
  examineNode,
  keepNode,
  omsNoteText,
  planNode,
  problemText,
  readDesiredState,
  reportOf,
  rollbackNode,
  rulePacks,
  setupScript,
  surveyNode,
  translateOms,
  uninstallNode,
} from '@podwitness/agent'
import type { Command } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { failureOf, failureText } from '../failure.ts'
import { askedBy, lastSet, machineOf, type NodeFlags, withDesiredOptions, withNodeOptions } from '../node-request.ts'
import { checkLine, planLines, reportLines, uninstallLines } from '../node-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'

/** `podwitness node …`: auditd on a node, as asked for and proven. */
export const node: AddCommand = (program, run) => {
  const group: Command = program.command('node').description('auditd on a node: install, rules, plugins; applied and read back')
  const add = (name: string, words: string) => withNodeOptions(group.command(name).description(words))
  const work =
    (does: (context: Context, flags: NodeFlags & WatchFlags & DoctorFlags) => Promise<void>) =>
    (flags: NodeFlags & WatchFlags & DoctorFlags, command: Command): Promise<void> =>
      run(command, (context) => does(context, flags))
  withDesiredOptions(add('plan', 'print what apply would do, command by command; changes nothing'))
    .option('--json', 'one object a line')
    .action(work(plan))
  withDesiredOptions(add('apply', 'make the node as asked for, and read back from the kernel that it is'))
    .option('--watch', 'stay, and apply every change of the folders within seconds')
    .option('--json', 'the report as one object')
    .action(work(apply))
  withDesiredOptions(add('status', 'whether what was asked for is in force; exit 1 when not'))
    .option('--json', 'the report as one object')
    .action(work(status))
  add('rollback', 'go back to the set that was in force before')
    .option('--json', 'the report as one object')
    .action(work(rollback))
  add('uninstall', 'leave the node as it was found; recorded logs stay').option('--json', 'one object').action(work(uninstall))
  withDesiredOptions(add('script', 'print a shell script that sets a node up once, for its first boot')).action(work(script))
  withDesiredOptions(add('doctor', 'what makes auditing on this node fail, stop or lie; exit 1 when something does'))
    .option('--agent <url>', 'where the agent’s health is served', 'http://127.0.0.1:9273')
    .option('--json', 'one object a line')
    .action(work(doctor))
  group
    .command('translate')
    .description('what the files of aks-auditd’s oms-config (auoms, OMS agent) mean here: agent.yaml on stdout, notes on stderr')
    .requiredOption('--oms <folder>', 'folder with the files, as the ConfigMap is mounted')
    .option('--json', 'the notes on stdout, one object a line')
    .action(work(translate))
  group.command('packs').description('list the bundled rule packs').option('--json', 'one object a line').action(work(packs))
}

interface WatchFlags {
  readonly watch?: boolean
}

interface DoctorFlags {
  readonly agent?: string
}

async function plan(context: Context, flags: NodeFlags): Promise<void> {
  const machine = machineOf(flags)
  const asked = askedBy(context, machine, flags)
  const { steps, problems } = await planNode(machine, { ...asked.options, desired: asked.desired() })
  const lines = flags.json === true ? [...steps, ...problems].map((each) => JSON.stringify(each)) : planLines(steps, problems)
  if (lines.length > 0) await context.terminal.write(`${lines.join('\n')}\n`)
  if (steps.length === 0) context.hint('Nothing to do')
  context.exit = problems.some(({ severity }) => severity === 'refused') ? 1 : 0
}

async function apply(context: Context, flags: NodeFlags & WatchFlags): Promise<void> {
  const machine = machineOf(flags)
  const asked = askedBy(context, machine, flags)
  if (flags.watch !== true) {
    const report = await applyNode(machine, { ...asked.options, desired: asked.desired(), retry: true })
    return show(context, flags, report)
  }
  const keep = {
    ...asked,
    ...asked.options,
    onReport: (report: Report) => {
      show(context, flags, report).catch(() => {}) // The reader of our output is gone: the node is kept all the same.
    },
    onFailure: (error: Error) => context.terminal.say(failureText(failureOf(error), context.paintTalk)),
  }
  await keepNode(machine, keep, context.terminal.signal)
}

async function status(context: Context, flags: NodeFlags): Promise<void> {
  const machine = machineOf(flags)
  const asked = askedBy(context, machine, flags)
  const desired = asked.unsaid ? lastSet(machine, asked) : asked.desired()
  await show(context, flags, reportOf(await surveyNode(machine, { ...asked.options, desired })))
}

async function script(context: Context, flags: NodeFlags): Promise<void> {
  const machine = machineOf(flags)
  const asked = askedBy(context, machine, flags)
  const desired = asked.desired()
  const { problems } = await surveyNode(machine, { ...asked.options, desired, adopt: true })
  for (const problem of problems) context.terminal.say(problemText(problem))
  context.exit = problems.some(({ severity }) => severity === 'refused') ? 1 : 0
  if (context.exit === 0) await context.terminal.write(setupScript(desired))
}

async function doctor(context: Context, flags: NodeFlags & DoctorFlags): Promise<void> {
  const machine = machineOf(flags)
  const asked = askedBy(context, machine, flags)
  const desired = asked.unsaid ? lastSet(machine, asked) : asked.desired()
  const checks = [...(await examineNode(machine, { ...asked.options, desired })), ...(await examineAgent(flags.agent ?? ''))]
  const lines = checks.map((check) => (flags.json === true ? JSON.stringify(check) : checkLine(check, context.paint)))
  await context.terminal.write(`${lines.join('\n')}\n`)
  context.exit = checks.some(({ verdict }) => verdict === 'bad') ? 1 : 0
}

async function rollback(context: Context, flags: NodeFlags): Promise<void> {
  await show(context, flags, await rollbackNode(machineOf(flags), { install: 'never' }))
}

async function uninstall(context: Context, flags: NodeFlags): Promise<void> {
  const report = await uninstallNode(machineOf(flags))
  const lines = flags.json === true ? [JSON.stringify(report)] : uninstallLines(report)
  await context.terminal.write(`${lines.join('\n')}\n`)
  context.exit = report.pendingReboot ? 1 : 0
}

async function translate(context: Context, flags: NodeFlags): Promise<void> {
  const { files, problems } = readDesiredState({ oms: flags.oms ?? '' })
  for (const problem of problems) context.terminal.say(problemText(problem))
  const translation = translateOms(files)
  if (flags.json === true) await context.terminal.write(translation.notes.map((note) => `${JSON.stringify(note)}\n`).join(''))
  else {
    for (const note of translation.notes) context.terminal.say(visibleText(omsNoteText(note)))
    await context.terminal.write(agentConfigOf(translation))
  }
  const lacking = translation.notes.some(({ verdict }) => verdict === 'none' || verdict === 'wrong')
  context.exit = lacking || problems.some(({ severity }) => severity === 'refused') ? 1 : 0
}

async function packs(context: Context, flags: NodeFlags): Promise<void> {
  const all = rulePacks()
  const rows = all.map(({ name, file, title }) => [name, file, title])
  const lines =
    flags.json === true
      ? all.map((pack) => JSON.stringify(pack))
      : tableLines([{ title: 'PACK' }, { title: 'FILE' }, { title: 'WHAT IT LOGS' }], rows)
  await context.terminal.write(`${lines.join('\n')}\n`)
}

type Report = ReturnType<typeof reportOf>

async function show(context: Context, flags: NodeFlags, report: Report): Promise<void> {
  const lines = flags.json === true ? [JSON.stringify(report)] : reportLines(report, context.paint)
  await context.terminal.write(`${lines.join('\n')}\n`)
  context.exit = exitOf(report)
}

/** 0 in force, 3 the kernel cannot be asked, 4 it may not be asked, 1 all else. */
function exitOf({ condition, problems }: Report): number {
  if (condition === 'in-force') return 0
  if (condition !== 'unavailable') return 1
  return problems.some(({ code }) => code === 'PW-ND-005') ? 4 : 3
}
