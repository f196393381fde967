import { statSync } from 'node:fs'
import { type AuditRule, diffRules, encodeRule, explainRule, lintRules, parseRules, type RuleProblem } from '@podwitness/audit'
import type { Command } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { readText } from '../read-text.ts'
import { countText } from '../text/size-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { UsageError } from '../usage-error.ts'

const INSTEAD = 'Give a file of /etc/audit/rules.d, or the output of auditctl -l.'

/** `podwitness audit-rules lint|explain|encode|diff`: rule files of auditd, without touching the kernel. */
export const auditRules: AddCommand = (program, run) => {
  const group: Command = program.command('audit-rules').description('check, explain, encode and compare rule files of auditd')
  group
    .command('lint')
    .description('say what is wrong or unwise in rule files; exit 1 when something is')
    .argument('<file...>', 'rule files; - reads standard input')
    .option('--json', 'one object a line')
    .action((files: string[], flags: { json?: boolean }, command) => run(command, (context) => lint(context, files, flags)))
  group
    .command('explain')
    .description('say in words what each rule logs')
    .argument('<file...>', 'rule files; - reads standard input')
    .action((files: string[], _flags, command) => run(command, (context) => explain(context, files)))
  group
    .command('encode')
    .description('print each rule as the kernel holds it: {rule,flags,action,bytesBase64}, one object a line')
    .argument('<file...>', 'rule files; - reads standard input')
    .action((files: string[], _flags, command) => run(command, (context) => encode(context, files)))
  group
    .command('diff')
    .description('compare two rule files by what the kernel gets; exit 1 when they differ')
    .argument('<wanted>', 'the rules there should be')
    .argument('<actual>', 'the rules there are, as `auditctl -l` prints them')
    .action((wanted: string, actual: string, _flags, command) => run(command, (context) => diff(context, wanted, actual)))
}

async function lint(context: Context, paths: readonly string[], { json }: { json?: boolean }): Promise<void> {
  let found = 0
  for (const path of paths) {
    const { file, text } = await readText(context, path, INSTEAD)
    const problems = lintRules(text, { isDirectory })
    found += problems.length
    const lines = problems.map((problem) => (json === true ? JSON.stringify({ file, ...problem }) : problemText(file, problem)))
    if (lines.length > 0) await context.terminal.write(`${lines.join('\n')}\n`)
  }
  context.hint(found === 0 ? 'Nothing to complain about' : `${countText(found)} findings`)
  context.exit = found === 0 ? 0 : 1
}

async function explain(context: Context, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { file, text } = await readText(context, path, INSTEAD)
    for (const statement of readable(context, file, text)) {
      const line = `${statement.line}: ${statement.text.trim()}\n   ${explainRule(statement)}`
      await context.terminal.write(`${line.split('\n').map(visibleText).join('\n')}\n`)
    }
  }
}

async function encode(context: Context, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { file, text } = await readText(context, path, INSTEAD)
    for (const statement of readable(context, file, text)) {
      const encoded = encodeRule(statement, { isDirectory })
      if ('code' in encoded) {
        refuse(context, file, encoded)
        continue
      }
      const { flags, action, bytes } = encoded
      const line = { rule: statement.text.trim(), flags, action, bytesBase64: bytes.toString('base64') }
      await context.terminal.write(`${JSON.stringify(line)}\n`)
    }
  }
}

async function diff(context: Context, wanted: string, actual: string): Promise<void> {
  if (wanted === '-' && actual === '-') throw onlyOnce()
  const left = await readText(context, wanted, INSTEAD)
  const right = await readText(context, actual, INSTEAD)
  // A rule that cannot be read is in neither set: saying so keeps "no difference" honest.
  for (const { file, text } of [left, right]) for (const rule of readable(context, file, text)) probe(context, file, rule)
  const { missing, extra, reordered } = diffRules(left.text, right.text, { isDirectory })
  const lines = [
    ...missing.map((rule) => `- ${visibleText(rule.text.trim())}`),
    ...extra.map((rule) => `+ ${visibleText(rule.text.trim())}`),
    ...(reordered ? ['~ the rules both have stand in another order, and the first match decides'] : []),
  ]
  if (lines.length > 0) {
    await context.terminal.write(`${lines.join('\n')}\n`)
    context.exit = 1
  } else if (context.exit === 0) context.hint('No difference')
}

function probe(context: Context, file: string, rule: AuditRule): void {
  const encoded = encodeRule(rule, { isDirectory })
  if ('code' in encoded) refuse(context, file, encoded)
}

/** The rules of a file; what cannot be read is said, makes the command end with 1, and does not stop the rest. */
function readable(context: Context, file: string, text: string): AuditRule[] {
  const { statements, problems } = parseRules(text)
  for (const problem of problems) refuse(context, file, problem)
  return statements.filter((statement) => statement.kind === 'rule')
}

function refuse(context: Context, file: string, problem: RuleProblem): void {
  context.terminal.say(problemText(file, problem))
  context.exit = 1
}

/** As compilers print it, so that editors can jump there. */
function problemText(file: string, { line, column, severity, message, code }: RuleProblem): string {
  return visibleText(`${file}:${line}:${column}: ${severity}: ${message} (${code})`)
}

function onlyOnce(): UsageError {
  return new UsageError('PW-CL-001', {
    what: 'Standard input cannot be both rule sets.',
    why: 'It can be read once only.',
    do: 'Give one of the two as a file: podwitness audit-rules diff FILE -',
  })
}

/** As auditctl decides between `path` and `dir` for `-w`: by the file system it runs on. */
function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
