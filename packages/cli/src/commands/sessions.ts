import type { SessionFilter } from '@podwitness/api'
import { SessionsReader } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import { InvalidArgumentError } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { addSessionOptions, type SessionOptions, sessionFilter } from '../session-options.ts'
import { sessionTable } from '../session-table.ts'
import { sessionTranscript } from '../session-transcript.ts'
import { UsageError } from '../usage-error.ts'
import { noSuchSession, wholeId } from '../whole-session-id.ts'
import { withStore } from '../with-store.ts'

interface ListFlags extends SessionOptions {
  readonly json?: boolean
  readonly commands?: boolean
  readonly limit?: number
}

/** Lines of the table where `--limit` says nothing. */
const DEFAULT_LINES = 50
/** Most sessions that one page of the reader holds. */
const PAGE = 1000

/** `podwitness sessions [list]` and `podwitness sessions show ID`. */
export const sessions: AddCommand = (program, run) => {
  const group = program.command('sessions').description('who entered which container, and what they ran')
  const list = group.command('list', { isDefault: true }).description('sessions that match, newest first')
  addSessionOptions(list)
    .option('--limit <n>', `at most so many (table: ${DEFAULT_LINES}; --json: all)`, count)
    .option('--json', 'NDJSON, one session a line, oldest first')
    .option('--commands', 'with --json: each session’s commands too')
    .action((flags: ListFlags, command) => run(command, (context) => showList(context, flags)))
  group
    .command('show')
    .description('one session from beginning to end')
    .argument('<id>', 'its id, or the beginning of it')
    .option('--json', 'as one JSON document')
    .action((id: string, flags: { json?: boolean }, command) =>
      run(command, (context) => showOne(context, id, flags.json === true)),
    )
}

async function showList(context: Context, flags: ListFlags): Promise<void> {
  if (flags.commands === true && flags.json !== true)
    throw new UsageError('PW-CL-001', {
      what: '--commands needs --json.',
      why: 'The table has one line a session.',
      do: 'Add --json, or look at one session with `podwitness sessions show ID`.',
    })
  const filter = sessionFilter(flags)
  await withStore(context, 'data', (store) =>
    flags.json === true
      ? printJson(context, store, filter, flags)
      : printTable(context, store, filter, flags.limit ?? DEFAULT_LINES),
  )
}

async function printJson({ terminal }: Context, store: Store, filter: SessionFilter, flags: ListFlags): Promise<void> {
  let left = flags.limit ?? Number.POSITIVE_INFINITY
  for await (const block of new SessionsReader(store.reader).export(filter, flags.commands === true)) {
    for (const session of block.slice(0, left)) await terminal.write(`${JSON.stringify(session)}\n`)
    left -= block.length
    if (left <= 0) return
  }
}

async function printTable(context: Context, store: Store, filter: SessionFilter, limit: number): Promise<void> {
  const { terminal, paint, options } = context
  const reader = new SessionsReader(store.reader)
  let page = await reader.list({ ...filter, limit: Math.min(limit, PAGE) })
  const found = [...page.sessions]
  while (found.length < limit && page.nextCursor !== null) {
    page = await reader.list({ ...filter, limit: Math.min(limit - found.length, PAGE), cursor: page.nextCursor })
    found.push(...page.sessions)
  }
  const table = sessionTable(found, options.utc === true, paint, terminal.screen ? Math.max(100, terminal.columns) : 100)
  if (found.length > 0) await terminal.write(`${table.join('\n')}\n`)
  const others = filter.platform === true || filter.entry !== undefined ? '' : '; --all adds what the platform itself started'
  context.hint(`${found.length} of ${page.total} sessions that match${others}`)
}

async function showOne(context: Context, id: string, json: boolean): Promise<void> {
  const { terminal, paint, options } = context
  const detail = await withStore(context, 'data', async (store) =>
    new SessionsReader(store.reader).detail(await wholeId(store, id)),
  )
  if (detail === null) throw noSuchSession(id, [])
  const text = json ? JSON.stringify(detail) : sessionTranscript(detail, options.utc === true, paint).join('\n')
  await terminal.write(`${text}\n`)
}

function count(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number from 1.')
  return number
}
