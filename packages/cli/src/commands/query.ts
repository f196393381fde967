import { QUERY_LANGUAGES } from '@podwitness/api'
import { detectLanguage } from '@podwitness/query'
import { explainQuery, type QueryExplanation, runQuery, SavedQueries } from '@podwitness/server'
import { InvalidArgumentError, Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { answerBatch } from '../query-batch.ts'
import { formatAnswer, QUERY_FORMATS, type QueryFormat } from '../query-formats.ts'
import { countText } from '../text/size-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { timeOption } from '../time-option.ts'
import { UsageError } from '../usage-error.ts'
import { withStore } from '../with-store.ts'

interface QueryFlags {
  readonly lang: (typeof QUERY_LANGUAGES)[number] | 'auto'
  readonly since?: string
  readonly from?: string
  readonly to?: string
  readonly limit?: number
  readonly format?: QueryFormat
  readonly explain?: boolean
  readonly batch?: string
  readonly saved?: string
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
      new Option('--lang <language>', 'auto looks at how it begins').choices(['auto', ...QUERY_LANGUAGES]).default('auto'),
    )
    .addOption(new Option('--since <age>', 'from this long ago: 30m, 24h, 7d').argParser(time).conflicts('from'))
    .addOption(new Option('--from <time>', 'from this time, or this long ago').argParser(time))
    .addOption(new Option('--to <time>', 'before this time').argParser(time))
    .option('--limit <n>', 'rows at most (default: 10 000)', rowLimit)
    .addOption(
      new Option('--format <format>', 'default: table, or chart on a screen where the query has render').choices(QUERY_FORMATS),
    )
    .option('--explain', 'show the SQL, its values and the plan of the engine instead of the answer')
    .option('--saved <name>', 'the question that was saved under this name on the Hunt page, or its id')
    .option('--batch <file>', 'answer {"id","query"} lines of a file with {"id","columns","rows"} or {"id","error"} lines')
    .action((text: string | undefined, flags: QueryFlags, command) =>
      run(command, (context) => {
        if (flags.batch !== undefined) return askBatch(context, flags.batch, flags)
        return flags.saved === undefined ? ask(context, text, flags) : askSaved(context, flags.saved, flags)
      }),
    )
}

async function ask(context: Context, given: string | undefined, flags: QueryFlags): Promise<void> {
  const { terminal } = context
  if (given === undefined)
    throw new UsageError('PW-CL-001', {
      what: 'There is no question.',
      why: 'Neither a query nor --saved nor --batch was given.',
      do: 'Give the query as one word in quotes, or - to read it from standard input.',
    })
  const text = given === '-' ? await readInput(context) : given
  const lang = flags.lang === 'auto' ? detected(context, text) : flags.lang
  const question = { ...shared(context, flags), lang, text }
  if (flags.explain === true) {
    const explained = await withStore(context, needOf(lang), (store) => explainQuery(store, question))
    await terminal.write(explanationText(explained, flags.format))
    return
  }
  const answer = await withStore(context, needOf(lang), (store) => waiting(context, runQuery(store, question)))
  const format = flags.format ?? (terminal.screen && answer.render !== undefined ? 'chart' : 'table')
  await terminal.write(formatAnswer(answer, format, terminal.columns))
  const { rows, scannedRows, elapsedMs, truncated } = answer.stats
  const cut = truncated ? ' (cut: there are more; raise --limit)' : ''
  context.hint(
    `${countText(rows)} ${rows === 1 ? 'row' : 'rows'}${cut} · ${countText(scannedRows)} scanned · ${Math.round(elapsedMs)} ms`,
  )
}

/** Asks what was saved. Whoever has the store itself may run every query of it. */
async function askSaved(context: Context, name: string, flags: QueryFlags): Promise<void> {
  const keeper = { name: 'admin', admin: true }
  const { lang, query, view } = await withStore(context, 'data', (store) => new SavedQueries(store).named(keeper, name))
  for (const line of query.split('\n')) context.hint(visibleText(line))
  const span = view?.range
  const timed = flags.from ?? flags.since ?? flags.to
  const since = timed === undefined && span !== undefined && span !== 'all' ? { since: timeOption(span, Date.now()) } : {}
  await ask(context, query, { ...flags, ...since, lang })
}

async function askBatch(context: Context, path: string, flags: QueryFlags): Promise<void> {
  const lang = flags.lang === 'auto' ? 'sls' : flags.lang
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
  // Whoever has the store itself may change what is saved in it.
  return { from: from ?? since, to, limit, signal: terminal.signal, mayChange: true }
}

function detected(context: Context, text: string): (typeof QUERY_LANGUAGES)[number] {
  const { lang, why } = detectLanguage(text)
  context.hint(`${lang.toUpperCase()}: ${why[0]?.toLowerCase() ?? ''}${why.slice(1, -1)} (--lang says otherwise)`)
  return lang
}

/** Shows a person that a long question is still being worked on, and how to end it. */
async function waiting<T>({ terminal, options }: Context, work: Promise<T>): Promise<T> {
  const started = Date.now()
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000)
    if (options.quiet !== true && seconds > 0) terminal.redraw(`asking the store, ${seconds} s · Ctrl-C ends it`)
  }, 500)
  try {
    return await work
  } finally {
    clearInterval(timer)
    terminal.redraw('')
  }
}

/** The SQL, its values and the plan, for people or as JSON. */
function explanationText(explained: QueryExplanation, format: QueryFormat | undefined): string {
  if (format === 'json' || format === 'ndjson') return `${JSON.stringify(explained)}\n`
  const { lang, sql, params, columns, plan } = explained
  const values = Object.entries(params).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`)
  const shown = columns.map(({ name, type }) => `  ${name}: ${type}`)
  const parts = [
    ['language', [`  ${lang}`]],
    ['columns', shown],
    ['sql', [`  ${sql}`]],
    ['values', values],
    ['plan', plan.map((line) => `  ${line}`)],
  ] as const
  const filled = parts.filter(([, lines]) => lines.length > 0)
  return filled.map(([title, lines]) => `${title}\n${lines.map((line) => visibleText(line)).join('\n')}\n`).join('')
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
