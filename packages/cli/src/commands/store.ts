import { knownLimits, readStoreStatus, type StoreStatus } from '@podwitness/server'
import { conform } from '@podwitness/store'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { countText, sizeText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

interface VerifyFlags {
  readonly url: string
  readonly json?: boolean
}

/** `podwitness store …`: the engine and what is in it. */
export const storeCommand: AddCommand = (program, run) => {
  const store = program.command('store').description('the engine that holds the data')
  store
    .command('status')
    .description('how full it is, how it grows, and how long that goes well; exit 1 where nothing is taken in')
    .option('--json', 'one JSON document')
    .action((flags: { json?: boolean }, command) => run(command, (context) => showStatus(context, flags.json === true)))
  store
    .command('verify')
    .description('try whether a ClickHouse server or cluster does what podwitness needs; exit 1 when it does not')
    .requiredOption('--url <url>', 'http://user:password@host:8123, of a cluster http://…@host-1:8123,host-2:8123/?cluster=NAME')
    .option('--json', 'NDJSON, one question a line')
    .action((flags: VerifyFlags, command) => run(command, (context) => verifyServer(context, flags)))
}

const COLUMNS = [
  { title: 'STREAM' },
  { title: 'KEPT' },
  { title: 'ROWS', right: true },
  { title: 'SIZE', right: true },
  { title: 'A DAY', right: true },
  { title: 'IN THE END', right: true },
] as const

async function showStatus(context: Context, json: boolean): Promise<void> {
  const status = await withStore(context, 'data', async (store) => readStoreStatus(store, await knownLimits(store)))
  if (status.state === 'refusing') context.exit = 1
  if (json) return context.terminal.write(`${JSON.stringify(status)}\n`)
  const rows = status.streams.map(({ stream, days, rows, bytes, bytesPerDay, steadyBytes }) => [
    ...[stream, `${days} days`, countText(rows), sizeText(bytes), sizeText(bytesPerDay), sizeText(steadyBytes)],
  ])
  await context.terminal.write(`${[...headLines(context, status), ...tableLines(COLUMNS, rows)].join('\n')}\n`)
}

function headLines({ paint }: Context, status: StoreStatus): string[] {
  const { kind, version, state, diskFreeBytes, diskTotalBytes, bytesPerDay, fullInDays, holds, refuseBelowBytes } = status
  const colour = ({ ok: 'green', low: 'yellow', refusing: 'red' } as const)[state]
  const full = fullInDays === null ? 'retention keeps it below what there is' : `full in ${fullInDays} days`
  return [
    `${paint(colour, state)}  ${kind} engine ${version}; ${sizeText(diskFreeBytes)} of ${sizeText(diskTotalBytes)} free`,
    `${sizeText(bytesPerDay)} a day; ${full}; below ${sizeText(refuseBelowBytes)} nothing is taken in`,
    ...(holds === 0 ? [] : [`${countText(holds)} holds keep data beyond its time: podwitness retention holds`]),
    '',
  ]
}

async function verifyServer(context: Context, { url, json }: VerifyFlags): Promise<void> {
  const { terminal, paint } = context
  for await (const answer of conform({ url })) {
    const { question, ok, text, tookMs } = answer
    if (!ok) context.exit = 1
    const word = paint(ok ? 'green' : 'red', (ok ? 'ok' : 'FAILED').padEnd(7))
    const time = `${tookMs} ms`.padStart(9)
    const line = `${word}${time}  ${question}${text === '' ? '' : `: ${visibleText(text)}`}`
    await terminal.write(`${json === true ? JSON.stringify(answer) : line}\n`)
  }
}
