import { explainPolicyRule, lintPolicy, type PolicyProblem, PRESETS, parsePolicy } from '@podwitness/kube'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { printSimulation, type SimulateFlags, usablePolicy } from '../policy-simulation.ts'
import { readText } from '../read-text.ts'
import { countText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { UsageError } from '../usage-error.ts'

const INSTEAD = 'Give the file that --audit-policy-file of kube-apiserver names.'

/** `podwitness policy lint|explain|simulate|generate`: audit policies of kube-apiserver, without a cluster. */
export const policy: AddCommand = (program, run) => {
  const group = program.command('policy').description('check, explain, try out and write audit policies of kube-apiserver')
  group
    .command('lint')
    .description('say what kube-apiserver refuses, what does nothing, what goes dark, what leaks; exit 1 when something is')
    .argument('<file...>', 'policy files; - reads standard input')
    .option('--json', 'one object a line')
    .action((files: string[], flags: { json?: boolean }, command) => run(command, (context) => lint(context, files, flags)))
  group
    .command('explain')
    .description('say in words what each rule writes; the first rule that matches a request decides')
    .argument('<file>', 'policy file; - reads standard input')
    .action((file: string, _flags, command) => run(command, (context) => explain(context, file)))
  group
    .command('simulate')
    .description('try a policy on recorded requests: which rule decides, bytes a day, which detections go dark')
    .argument('<policy>', 'policy file')
    .argument('<events...>', "kube-apiserver's audit log or recorded webhook posts, .gz too; - reads standard input")
    .option('--json', 'the sums as one JSON document')
    .option('--requests', 'instead of sums: one object for each recorded event')
    .action((file: string, events: string[], flags: SimulateFlags, command) =>
      run(command, async (context) => printSimulation(context, await usablePolicy(context, file, INSTEAD), events, flags)),
    )
  group
    .command('generate')
    .description('print a policy to start from; without a name, list them')
    .argument('[preset]', 'its name')
    .action((name: string | undefined, _flags, command) => run(command, (context) => generate(context, name)))
}

async function lint(context: Context, paths: readonly string[], { json }: { json?: boolean }): Promise<void> {
  let found = 0
  for (const path of paths) {
    const { file, text } = await readText(context, path, INSTEAD)
    const problems = lintPolicy(text)
    found += problems.length
    const lines = problems.map((problem) => (json === true ? JSON.stringify({ file, ...problem }) : problemText(file, problem)))
    if (lines.length > 0) await context.terminal.write(`${lines.join('\n')}\n`)
  }
  context.hint(found === 0 ? 'Nothing to complain about' : `${countText(found)} findings`)
  context.exit = found === 0 ? 0 : 1
}

async function explain(context: Context, path: string): Promise<void> {
  const { file, text } = await readText(context, path, INSTEAD)
  const { policy: read, problems } = parsePolicy(text)
  for (const problem of problems) context.terminal.say(problemText(file, problem))
  if (problems.length > 0) context.exit = 1
  const lines = read?.rules.map((rule, index) => visibleText(`${index + 1}. line ${rule.line}: ${explainPolicyRule(rule)}`)) ?? []
  if (lines.length > 0) await context.terminal.write(`${lines.join('\n')}\n`)
}

async function generate(context: Context, name: string | undefined): Promise<void> {
  if (name === undefined) {
    const rows = PRESETS.map((preset) => [preset.name, preset.title])
    await context.terminal.write(`${tableLines([{ title: 'PRESET' }, { title: 'WRITES' }], rows).join('\n')}\n`)
    return
  }
  const preset = PRESETS.find((candidate) => candidate.name === name)
  if (preset === undefined)
    throw new UsageError('PW-PO-002', {
      what: `There is no preset ${JSON.stringify(name)}.`,
      why: `The presets are ${PRESETS.map((candidate) => candidate.name).join(', ')}.`,
      do: 'Take one of these.',
    })
  await context.terminal.write(preset.yaml)
}

/** As compilers print it, so that editors can jump there. */
function problemText(file: string, { line, column, severity, message, code }: PolicyProblem): string {
  return visibleText(`${file}:${line}:${column}: ${severity}: ${message} (${code})`)
}
