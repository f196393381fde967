import { checkTemplate, faultLines, importSigma, lintRules, repairTemplate } from '@podwitness/alert'
import type { RulePreview } from '@podwitness/api'
import { syscallTable } from '@podwitness/audit'
import { AlertDesk, firstRule, previewRule, recordAct, soundRules } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import { actOf } from '../act-of.ts'
import type { AddCommand, RunCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { readText } from '../read-text.ts'
import { countText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { timeOption } from '../time-option.ts'
import { hasData, withStore } from '../with-store.ts'

const INSTEAD = 'Give a file of alert rules in YAML.'
const COLUMNS = [
  { title: 'ID', max: 40 },
  { title: 'SEVERITY' },
  { title: 'CHECK' },
  { title: 'ON' },
  { title: '7 D', right: true },
  { title: 'NAME', max: 50 },
  { title: 'DATA' },
] as const

interface LintFlags {
  readonly template?: boolean
  readonly repair?: boolean
  readonly json?: boolean
}

interface ImportFlags {
  readonly sigma: readonly string[]
  readonly print?: boolean
  readonly off?: boolean
}

interface PreviewFlags {
  readonly since: string
  readonly json?: boolean
}

/** `podwitness rules list|lint|preview|apply|test|remove`: alert rules as YAML. */
export const rules: AddCommand = (program, run) => {
  const group = program.command('rules').description('alert rules: list, check, try over history, save')
  group
    .command('list')
    .description('every rule, and whether the data can make it fire')
    .option('--json', 'NDJSON, one rule a line')
    .action((flags: { json?: boolean }, command) => run(command, (context) => listRules(context, flags.json === true)))
  group
    .command('lint')
    .description('check rules, or a content template; faults as file:line:column')
    .argument('<file>', 'YAML of rules, or text of a template; - is standard input')
    .option('--template', 'the file is a content template')
    .option('--repair', 'print the template with its blocks closed')
    .option('--json', 'NDJSON, one fault a line')
    .action((file: string, flags: LintFlags, command) => run(command, (context) => lint(context, file, flags)))
  addPreview(group, run)
  group
    .command('apply')
    .description('save the rules of a file; a server that runs uses them within a second')
    .argument('<file>', 'YAML of rules, and of templates and channels; - is standard input')
    .option('--repair', 'close blocks of templates that were never closed')
    .action((file: string, flags: { repair?: boolean }, command) =>
      run(command, (context) => apply(context, file, flags.repair === true)),
    )
  addImport(group, run)
  group
    .command('remove')
    .description('remove a rule; its alerts stay')
    .argument('<id>', 'the rule')
    .action((id: string, _flags, command) =>
      run(command, (context) =>
        withStore(context, 'data', async (store) => {
          await new AlertDesk(store).objects.remove('rule', id, Date.now())
          await recordAct(store, actOf({ action: 'rule-remove', object: id }))
        }),
      ),
    )
}

function addImport(group: ReturnType<Parameters<AddCommand>[0]['command']>, run: RunCommand): void {
  group
    .command('import')
    .description('make alert rules of Sigma rules and save them; exit 1 where one was refused')
    .requiredOption('--sigma <file...>', 'Sigma rules in YAML, one or more a file; - is standard input')
    .option('--print', 'print the rules in YAML instead of saving them')
    .option('--off', 'save them switched off')
    .action((flags: ImportFlags, command) => run(command, (context) => importRules(context, flags)))
}

function addPreview(group: ReturnType<Parameters<AddCommand>[0]['command']>, run: RunCommand): void {
  const now = Date.now()
  const time = (text: string): string => timeOption(text, now)
  const week = new Date(now - 7 * 86_400_000).toISOString()
  group
    .command('preview')
    .description('what a rule of a file would have done over history; nothing is saved')
    .argument('<file>', 'YAML, of which the first rule counts; - is standard input')
    .option('--since <age>', 'how far back: 24h, 7d', time, week)
    .option('--json', 'one JSON document')
    .action((file: string, flags: PreviewFlags, command) => run(command, (context) => preview(context, file, flags)))
  group
    .command('test')
    .description('what a saved rule finds in the data, and whether they can make it fire; exit 1 where they cannot')
    .argument('<id>', 'the rule')
    .option('--since <age>', 'how far back: 24h, 7d', time, week)
    .option('--json', 'one JSON document')
    .action((id: string, flags: PreviewFlags, command) => run(command, (context) => test(context, id, flags)))
}

async function listRules(context: Context, json: boolean): Promise<void> {
  const found = await withStore(context, 'data', (store) => new AlertDesk(store).rules())
  if (json) {
    for (const rule of found) await context.terminal.write(`${JSON.stringify(rule)}\n`)
    return
  }
  const rows = found.map(({ id, severity, check, enabled, alerts7d, name, cannotFire }) => [
    ...[id, severity, check, enabled ? 'yes' : 'no', countText(alerts7d), visibleText(name), cannotFire || 'ok'],
  ])
  await context.terminal.write(`${tableLines(COLUMNS, rows).join('\n')}\n`)
}

async function lint(context: Context, path: string, flags: LintFlags): Promise<void> {
  const { file, text } = await readText(context, path, INSTEAD)
  const isTemplate = flags.template === true || flags.repair === true
  const faults = isTemplate ? checkTemplate(text) : (await lintSetup(context, text)).faults
  if (flags.repair === true) await context.terminal.write(repairTemplate(text))
  else if (flags.json === true)
    for (const fault of faults) await context.terminal.write(`${JSON.stringify({ file, ...fault })}\n`)
  else if (faults.length > 0)
    await context.terminal.write(
      `${faultLines(faults)
        .split('\n')
        .map((line) => `${file}:${visibleText(line)}`)
        .join('\n')}\n`,
    )
  if (faults.length > 0) context.exit = 1
  context.hint(faults.length === 0 ? `${file} is sound` : `${faults.length} faults in ${file}`)
}

/** Names of channels and templates are checked where there is a store that has them; a file may be written before it. */
async function lintSetup(context: Context, text: string) {
  if (!hasData(context)) return lintRules(text)
  return withStore(context, 'data', (store) => new AlertDesk(store).lint(text))
}

async function preview(context: Context, path: string, flags: PreviewFlags): Promise<void> {
  const rule = firstRule(await soundRules((await readText(context, path, INSTEAD)).text))
  const answer = await withStore(context, 'data', (store) => previewRule(store, rule, Date.parse(flags.since), Date.now()))
  await writePreview(context, answer, flags.json === true)
}

async function test(context: Context, id: string, flags: PreviewFlags): Promise<void> {
  const { answer, missing } = await withStore(context, 'data', async (store) => {
    const listed = (await new AlertDesk(store).rules()).find((one) => one.id === id)
    const rule = firstRule(listed === undefined ? [] : await soundRules(listed.yaml), id)
    return { answer: await previewRule(store, rule, Date.parse(flags.since), Date.now()), missing: listed?.cannotFire ?? '' }
  })
  await writePreview(context, answer, flags.json === true)
  if (missing === '') return
  context.terminal.say(`${id} ${missing}`)
  context.exit = 1
}

async function apply(context: Context, path: string, repair: boolean): Promise<void> {
  const { text } = await readText(context, path, INSTEAD)
  const saved = await withStore(context, 'folder', (store) => applied(store, text, repair))
  await context.terminal.write(`${saved.join('\n')}\n`)
}

async function applied(store: Store, text: string, repair: boolean): Promise<string[]> {
  const saved = await new AlertDesk(store).applyRules(text, Date.now(), repair)
  await recordAct(store, actOf({ action: 'rule-apply', object: saved.join(', '), after: text }))
  return saved
}

/** Every rule that can be asked here is saved, and of every other it is said why it cannot. */
async function importRules(context: Context, { sigma, print = false, off = false }: ImportFlags): Promise<void> {
  const made: string[] = []
  for (const path of sigma) {
    const { file, text } = await readText(context, path, 'Give files of Sigma rules in YAML.')
    for (const { title, yaml, refused } of importSigma(text, { syscall: syscallNumbers })) {
      if (yaml !== undefined) made.push(off ? `${yaml}enabled: false\n` : yaml)
      else {
        context.terminal.say(`${file}: ${visibleText(title) || 'a document'} was refused: ${visibleText(refused ?? '')}`)
        context.exit = 1
      }
    }
  }
  const whole = made.join('---\n')
  if (print || made.length === 0) await context.terminal.write(whole)
  else {
    const saved = await withStore(context, 'folder', (store) => applied(store, whole, false))
    await context.terminal.write(`${saved.join('\n')}\n`)
  }
  context.hint(`${made.length} rules made of Sigma rules`)
}

/** Numbers of a system call on the machines that containers commonly run on. */
function syscallNumbers(name: string): number[] {
  const all = ['x86_64', 'aarch64'].flatMap((arch) => [...syscallTable(arch)])
  return [...new Set(all.filter(([, known]) => known === name).map(([number]) => number))]
}

async function writePreview(context: Context, answer: RulePreview, json: boolean): Promise<void> {
  const { terminal } = context
  if (json) {
    await terminal.write(`${JSON.stringify(answer)}\n`)
    return
  }
  const atLeast = answer.truncated ? 'at least ' : ''
  const groups = answer.groups.filter(({ group }) => group !== '')
  const lines = [
    `would fire ${atLeast}${answer.alerts}× since ${answer.from}: ${answer.rows} rows, ${answer.messages} messages a channel`,
    ...answer.days.map(({ day, rows }) => `  ${day}  ${countText(rows)} rows`),
    ...groups.map(({ group, rows, alerts }) => `  ${visibleText(group)}  ${countText(rows)} rows in ${alerts} alerts`),
  ]
  await terminal.write(`${lines.join('\n')}\n`)
}
