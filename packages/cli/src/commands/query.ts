import { QUERY_LANGUAGES } from '@podwitness/api'
import { runQuery } from '@podwitness/server'
import { InvalidArgumentError, Option } from 'commander'
import type { Context } from '../context.ts'
import { answerBatch } from '../query-batch.ts'
import { formatAnswer, QUERY_FORMATS, type QueryFormat } from '../query-formats.ts'
import type { AddCommand } from '../run.ts'
import { countText } from '../text/size-text.ts'
import { timeOption } from '../time-option.ts'
import { UsageError } from '../usage-error.ts'
import { withStore } from '../with-store.ts'

interface QueryFlags {
  readonly lang?: (typeof QUERY_LANGUAGES)[number]
  readonly since?: string
  readonly from?: string
  readonly to?: string
  readonly limit?: number
  readonly format: QueryFormat
  readonly batch?: string
}

/** `podwitness query QUERY`: asks in SLS, KQL or SQL, with a user that can only read. */
export const query: AddCommand = (program, run) => {
  const now = Date.now()
  const time = (text: string): string => timeOption(text, now)
  program
    .command('query')
    .description('ask in SLS, KQL or SQL')
    .argument('[query]', 'the question; - reads it from standard input')
    .addOption(
      new Option('--lang <language>', 'default: sql where it begins with SELECT or WITH, else sls').choices(QUERY_LANGUAGES),
    )
    .addOption(new Option('--since <age>', 'from this long ago: 30m, 24h, 7d').argParser(time).conflicts('from'))
    .addOption(new Option('--from <time>', 'from this time, or this long ago').argParser(time))
    .addOption(new Option('--to <time>', 'before this time').argParser(time))
    .option('--limit <n>', 'rows at most (default: 10 000)', rowLimit)
    .addOption(new Option('--format <format>', 'json: {columns,rows,stats}').choices(QUERY_FORMATS).default('table'))
    .option('--batch <file>', 'answer {"id","query"} lines of a file with {"id","columns","rows"} or {"id","error"} lines')
    .action((text: string | undefined, flags: QueryFlags, command) =>
      run(command, (context) => (flags.batch === undefined ? ask(context, text, flags) : askBatch(context, flags.batch, flags))),
    )
}

async function ask(context: Context, given: string | undefined, flags: QueryFlags): Promise<void> {
  const { terminal } = context
  if (given === undefined)
    throw new UsageError('PW-CL-001', {
      what: 'There is no question.',
      why: 'Neither a query nor --batch was given.',
      do: 'Give the query as one word in quotes, or - to read it from standard input.',
    })
  const text = given === '-' ? await readInput(context) : given
  const lang = flags.lang ?? languageOf(text)
  const answer = await withStore(context, needOf(lang), (store) => runQuery(store, { ...shared(context, flags), lang, text }))
  await terminal.write(formatAnswer(answer, flags.format))
  const { rows, scannedRows, elapsedMs, truncated } = answer.stats
  const cut = truncated ? ' (cut: there are more; raise --limit)' : ''
  context.hint(`${countText(rows)} rows${cut} · ${countText(scannedRows)} scanned · ${Math.round(elapsedMs)} ms`)
}

async function askBatch(context: Context, path: string, flags: QueryFlags): Promise<void> {
  const lang = flags.lang ?? 'sls'
  const question = { ...shared(context, flags), lang }
  const failed = await withStore(context, needOf(lang), (store) => answerBatch(context, store, path, question))
  if (failed > 0) {
    context.hint(`${countText(failed)} questions have no answer; each says why`)
    context.exit = 1
  }
}

/** KQL can ask about tables of its own (datatable, range, print), so it needs no data to be there. */
function needOf(lang: string): 'data' | 'any' {
  return lang === 'kql' ? 'any' : 'data'
}

function shared({ terminal }: Context, { from, since, to, limit }: QueryFlags) {
  return { from: from ?? since, to, limit, signal: terminal.signal }
}

function languageOf(text: string): 'sql' | 'sls' {
  return /^\s*(select|with|describe|show|explain)\b/i.test(text) ? 'sql' : 'sls'
}

async function readInput({ terminal }: Context): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of terminal.input()) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function rowLimit(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000) throw new InvalidArgumentError('It takes 1 to 1000000.')
  return number
}
