import { applyRetention, recordAct, STREAM_NAMES, type Stream } from '@podwitness/server'
import type { TableRetention } from '@podwitness/store'
import { InvalidArgumentError, Option } from 'commander'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { addHoldCommands } from '../hold-commands.ts'
import { countText, sizeText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { withStore } from '../with-store.ts'

interface RetentionFlags {
  readonly days?: number
  readonly stream?: Stream[]
  readonly json?: boolean
}

const COLUMNS = [
  { title: 'TABLE' },
  { title: 'KEPT' },
  { title: 'ROWS', right: true },
  { title: 'SIZE', right: true },
  { title: 'A DAY', right: true },
  { title: 'OLDEST' },
  { title: 'NEWEST' },
] as const

/** `podwitness retention`: how long rows are kept and what they take; with `--days`, changes it. */
export const retention: AddCommand = (program, run) => {
  const command = program
    .command('retention')
    .description('how long data is kept, and what it takes')
    .option('--days <n>', 'keep it for so many days from now on (older data is deleted)', days)
    .addOption(new Option('--stream <name...>', 'with --days: only of these').choices(STREAM_NAMES))
    .option('--json', 'NDJSON, one table a line')
    .action((flags: RetentionFlags, command) => run(command, (context) => showRetention(context, flags)))
  addHoldCommands(command, run)
}

async function showRetention(context: Context, flags: RetentionFlags): Promise<void> {
  const tables = await withStore(context, flags.days === undefined ? 'data' : 'folder', async (store) => {
    if (flags.days !== undefined) {
      const before = (await store.retention()).map(({ table, days: kept, streams }) => ({ table, days: kept, streams }))
      const { days, stream: names = STREAM_NAMES } = flags
      await applyRetention(store, Object.fromEntries(names.map((name) => [name, days])))
      await recordAct(store, actOf({ action: 'retention-set', object: names.join(' '), before, after: { days } }))
    }
    return store.retention()
  })
  const { terminal } = context
  if (flags.json === true) for (const table of tables) await terminal.write(`${JSON.stringify(table)}\n`)
  else await terminal.write(`${tableLines(COLUMNS, tables.map(rowOf)).join('\n')}\n`)
}

function rowOf({ table, days: kept, streams, rows, bytes, bytesPerDay, oldest, newest }: TableRetention): string[] {
  return [
    table,
    kept === 0 ? 'for ever' : `${kept} days${ownDays(streams)}`,
    countText(rows),
    sizeText(bytes),
    sizeText(bytesPerDay),
    oldest.slice(0, 10) || '-',
    newest.slice(0, 10) || '-',
  ]
}

function ownDays(streams: TableRetention['streams']): string {
  const own = Object.entries(streams).map(([stream, kept]) => `${stream} ${kept}`)
  return own.length === 0 ? '' : ` (${own.join(', ')})`
}

/** Upper bound: a hundred years, where the engine's own interval ends. */
function days(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 36_500) throw new InvalidArgumentError('It takes 1 to 36500 days.')
  return number
}
