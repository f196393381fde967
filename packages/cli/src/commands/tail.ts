import { setTimeout as pause } from 'node:timers/promises'
import { TailReader } from '@podwitness/server'
import { InvalidArgumentError, Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { type TailRow, tailLine } from '../tail-lines.ts'
import { countText } from '../text/size-text.ts'
import { timeOption } from '../time-option.ts'
import { withStore } from '../with-store.ts'

/** Tables whose rows say when they arrived, by the word that asks for them. */
const KINDS = { command: 'Commands', api: 'KubeAudit', finding: 'Findings', all: 'Events' } as const

interface TailFlags {
  readonly kind: keyof typeof KINDS
  readonly namespace?: string
  readonly pod?: string
  readonly user?: string
  readonly where?: string
  readonly since?: string
  readonly limit?: number
  readonly json?: boolean
}

/** Pause between two looks at what arrived, milliseconds. */
const LOOK_MS = 1000

/** `podwitness tail`: what arrives, line by line, until Ctrl-C. */
export const tail: AddCommand = (program, run) => {
  const now = Date.now()
  program
    .command('tail')
    .description('follow what arrives: commands, API requests, findings')
    .addOption(new Option('--kind <word>', 'what to follow').choices(Object.keys(KINDS)).default('command'))
    .option('-n, --namespace <name>', 'only of this namespace')
    .option('-p, --pod <text>', 'only of pods whose name holds this')
    .option('--user <name>', 'only of this account, as far as it is known when the row arrives')
    .option('--where <condition>', 'a condition in KQL, such as "Name == \'curl\'"')
    .addOption(
      new Option('--since <age>', 'begin with what arrived this long ago: 5m, 1h').argParser((text) => timeOption(text, now)),
    )
    .option('--limit <n>', 'end after so many rows', rowCount)
    .option('--json', 'NDJSON, one row a line')
    .action((flags: TailFlags, command) => run(command, (context) => follow(context, flags)))
}

async function follow(context: Context, flags: TailFlags): Promise<void> {
  const { terminal } = context
  const query = questionOf(flags)
  const fromMs = flags.since === undefined ? Date.now() : Date.parse(flags.since)
  await withStore(context, 'data', async (store) => {
    const reader = await TailReader.open(store, query, fromMs)
    context.hint(`following ${query.split('\n').join(' ')} · Ctrl-C ends it`)
    let left = flags.limit ?? Number.POSITIVE_INFINITY
    let names: readonly string[] = []
    while (!terminal.signal.aborted) {
      const told = await reader.next(terminal.signal)
      if (told.columns.length > 0) names = told.columns.map(({ name }) => name)
      for (const values of told.rows.slice(0, left)) await writeRow(context, flags, rowOf(names, values))
      left -= told.rows.length
      if (told.skipped > 0) context.hint(`${countText(told.skipped)} rows left out: more came at once than can be read`)
      if (left <= 0) return
      await pause(LOOK_MS, undefined, { signal: terminal.signal }).catch(() => undefined)
    }
  })
}

/** The question in KQL. Values are literals of it, never parts of its text. */
function questionOf({ kind, namespace, pod, user, where }: TailFlags): string {
  const place = kind === 'api' ? ['ObjectNamespace', 'ObjectName'] : ['Namespace', 'Pod']
  const conditions = [
    namespace === undefined ? '' : `${place[0]} == ${literal(namespace)}`,
    pod === undefined ? '' : `${place[1]} contains ${literal(pod)}`,
    user === undefined ? '' : `User == ${literal(user)}`,
    where ?? '',
  ]
  return [KINDS[kind], ...conditions.filter(Boolean).map((condition) => `| where ${condition}`)].join('\n')
}

/** Escapes in KQL's string literals are those of JSON. Source: Kusto Query Language, the string data type. */
const literal = (text: string): string => JSON.stringify(text)

function rowOf(names: readonly string[], values: readonly unknown[]): TailRow {
  return Object.fromEntries(names.map((name, at) => [name, values[at]]))
}

async function writeRow({ terminal, options, paint }: Context, { json }: TailFlags, row: TailRow): Promise<void> {
  await terminal.write(`${json === true ? JSON.stringify(row) : tailLine(row, options.utc === true, paint)}\n`)
}

function rowCount(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number from 1.')
  return number
}
