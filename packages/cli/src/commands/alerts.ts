import { durationMs } from '@podwitness/alert'
import { ALERT_STATES, type Alert } from '@podwitness/api'
import { AlertDesk, alertReply, recordAct } from '@podwitness/server'
import { InvalidArgumentError, Option } from 'commander'
import { accountName, actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { countText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

const COLUMNS = [
  { title: 'ID' },
  { title: 'CREATED' },
  { title: 'SEVERITY' },
  { title: 'STATE' },
  { title: 'ROWS', right: true },
  { title: 'RULE', max: 50 },
  { title: 'GROUP', max: 40 },
  { title: 'NOT TOLD', max: 40 },
] as const

interface ListFlags {
  readonly state?: Alert['state']
  readonly rule?: string
  readonly limit: number
  readonly json?: boolean
}

interface SilenceFlags {
  readonly for: number
  readonly reason: string
  readonly match?: Record<string, string>
}

/** `podwitness alerts list|ack|resolve|silence`: the inbox. */
export const alerts: AddCommand = (program, run) => {
  const group = program.command('alerts').description('the inbox of alerts')
  group
    .command('list')
    .description('alerts, newest first, whether a channel was told or not')
    .addOption(new Option('--state <state>', 'only these').choices(ALERT_STATES))
    .option('--rule <id>', 'only of this rule')
    .option('--limit <n>', 'alerts at most', (text) => wholeNumber(text), 100)
    .option('--json', 'NDJSON, one alert a line')
    .action((flags: ListFlags, command) => run(command, (context) => list(context, flags)))
  for (const [name, state, description] of [
    ['ack', 'acknowledged', 'say that you look after an alert'],
    ['resolve', 'resolved', 'say that an alert is over'],
  ] as const)
    group
      .command(name)
      .description(description)
      .argument('<id...>', 'alerts')
      .option('--note <text>', 'what you know', '')
      .action((ids: string[], flags: { note: string }, command) =>
        run(command, (context) => setState(context, ids, state, flags.note)),
      )
  group
    .command('silence')
    .description('keep alerts from channels for a time; the inbox still has them')
    .requiredOption('--for <length>', 'how long: 30m, 8h, 2d', lengthMs)
    .requiredOption('--reason <text>', 'why')
    .option('--match <name=value>', 'rule, severity, group, or a column; repeat for more (default: everything)', matcher)
    .action((flags: SilenceFlags, command) => run(command, (context) => silence(context, flags)))
}

async function list(context: Context, { state, rule = '', limit, json }: ListFlags): Promise<void> {
  const where = '(empty({state:String}) OR state = {state:String}) AND (empty({rule:String}) OR rule_id = {rule:String})'
  const rows = await withStore(context, 'data', (store) =>
    new AlertDesk(store).log.alerts(where, { state: state ?? '', rule }, limit),
  )
  const found = rows.map(alertReply)
  if (json === true) {
    for (const alert of found) await context.terminal.write(`${JSON.stringify(alert)}\n`)
    return
  }
  const lines = found.map((one) => [
    ...[one.alertId.slice(0, 12), one.created.slice(0, 19), one.severity, one.state, countText(one.count)],
    ...[visibleText(one.ruleName), visibleText(one.group) || '-', visibleText(one.silenced) || '-'],
  ])
  await context.terminal.write(`${tableLines(COLUMNS, lines).join('\n')}\n`)
}

async function setState(
  context: Context,
  ids: readonly string[],
  state: 'acknowledged' | 'resolved',
  note: string,
): Promise<void> {
  const actor = accountName()
  await withStore(context, 'data', async (store) => {
    const desk = new AlertDesk(store)
    for (const id of ids) {
      const { alertId, ruleName } = await desk.setState(await desk.wholeId(id), state, note, actor)
      const action = state === 'acknowledged' ? 'alert-acknowledge' : 'alert-resolve'
      await recordAct(store, actOf({ action, object: alertId, after: { note } }))
      await context.terminal.write(`${alertId}\n`)
      context.hint(`${state}: ${visibleText(ruleName)}`)
    }
  })
}

async function silence(context: Context, flags: SilenceFlags): Promise<void> {
  const fromMs = Date.now()
  const by = accountName()
  const wanted = { matchers: flags.match ?? {}, fromMs, toMs: fromMs + flags.for, reason: flags.reason, by }
  const saved = await withStore(context, 'data', async (store) => {
    const made = await new AlertDesk(store).silence(wanted)
    await recordAct(store, actOf({ action: 'silence-add', object: made.id, after: wanted }))
    return made
  })
  await context.terminal.write(`${saved.id}\n`)
}

function lengthMs(text: string): number {
  const ms = durationMs(text)
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('It takes a length of time like 30m, 8h, 2d.')
  return ms
}

function matcher(text: string, known: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It takes name=value.')
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) }
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new InvalidArgumentError('It takes 1 to 10000.')
  return number
}
