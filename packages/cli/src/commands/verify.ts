import { readFileSync } from 'node:fs'
import { type ColumnComparison, compareColumns } from '@podwitness/server'
import type { Anchor, LedgerFinding, LedgerReport, PublicKey, Store } from '@podwitness/store'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { publicKeyOf } from '../public-key-option.ts'
import { countText } from '../text/size-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { UsageError } from '../usage-error.ts'
import { verifyProof } from '../verify-proof.ts'
import { withStore } from '../with-store.ts'

interface VerifyFlags {
  readonly proof?: string
  readonly deep?: boolean
  readonly key?: string
  readonly anchor?: string[]
  readonly json?: boolean
}

/** What a check of a whole store found. */
interface Verdict extends LedgerReport {
  readonly columns?: ColumnComparison
}

/** `podwitness verify`: whether the store still holds what was put into it. */
export const verify: AddCommand = (program, run) => {
  program
    .command('verify')
    .description('check that no stored event was changed, added, moved or deleted; exit 1 when one was')
    .option('--deep', 'also decode every event again and compare it with its columns')
    .option('--key <file>', 'public key kept elsewhere, PEM (default: the one beside the ledger)')
    .option('--anchor <file...>', 'heads kept elsewhere, one JSON object a line: {chain, seq, head}')
    .option('--proof <file>', 'check the proof of one event, as its page gives it, without any store')
    .option('--json', 'one JSON document')
    .action((flags: VerifyFlags, command) =>
      run(command, (context) =>
        flags.proof === undefined
          ? verifyStore(context, flags)
          : verifyProof(context, { proof: flags.proof, key: flags.key, json: flags.json === true }),
      ),
    )
}

async function verifyStore(context: Context, flags: VerifyFlags): Promise<void> {
  const key = flags.key === undefined ? undefined : publicKeyOf(flags.key)
  const anchors = (flags.anchor ?? []).flatMap(anchorsOf)
  const verdict = await withStore(context, 'data', (store) => check(context, store, { key, anchors, deep: flags.deep === true }))
  const changed = (verdict.columns?.differing ?? 0) > 0
  context.exit = verdict.intact && !changed ? 0 : 1
  if (flags.json === true) await context.terminal.write(`${JSON.stringify({ ...verdict, intact: context.exit === 0 })}\n`)
  else await context.terminal.write(verdictText(context, verdict))
}

interface CheckOptions {
  readonly key: PublicKey | undefined
  readonly anchors: readonly Anchor[]
  readonly deep: boolean
}

async function check(context: Context, store: Store, { key, anchors, deep }: CheckOptions): Promise<Verdict> {
  const { terminal } = context
  if (store.ledger === undefined) throw noLedger()
  const onProgress = (done: number, all: number): void =>
    terminal.redraw(`checking  ${countText(done)} of ${countText(all)} batches`)
  const report = await store.ledger.verify({ anchors, onProgress, ...(key === undefined ? {} : { key }) })
  const decoding = (count: number): void => terminal.redraw(`decoding  ${countText(count)} events`)
  const columns = deep ? await compareColumns(store.reader, decoding, terminal.signal) : undefined
  terminal.redraw('')
  return columns === undefined ? report : { ...report, columns }
}

function verdictText({ paint }: Context, verdict: Verdict): string {
  const { findings, chains, batches, rows, key, columns } = verdict
  const alarms = findings.filter(({ severity }) => severity === 'alarm')
  const word = alarms.length === 0 && (columns?.differing ?? 0) === 0 ? paint('green', 'intact') : paint('red', 'not intact')
  const lines = [
    `${word}  ${countText(rows)} events in ${countText(batches)} signed batches; key ${key || 'none'}`,
    ...chains.map(({ chain, entries, head }) => `${chain}  ${countText(entries)} entries, head ${head}`),
    ...findings.map(
      (finding) => `${paint(finding.severity === 'alarm' ? 'red' : 'dim', finding.severity)}  ${findingText(finding)}`,
    ),
    ...(columns === undefined ? [] : columnLines(columns)),
  ]
  return `${lines.join('\n')}\n`
}

function findingText({ code, message, batch, from, to, sources, chain, seq }: LedgerFinding): string {
  const entry = chain === undefined || seq === undefined ? '' : ` [${chain} entry ${seq}]`
  const span = from === undefined ? '' : `; events from ${from} to ${to}`
  const files = sources === undefined || sources.length === 0 ? '' : `; of ${sources.join(', ')}`
  return visibleText(`${batch === undefined ? '' : `batch ${batch}: `}${message}${span}${files}${entry} (${code})`)
}

function columnLines({ compared, notComparable, differences, differing }: ColumnComparison): string[] {
  const rest = notComparable === 0 ? '' : `, ${countText(notComparable)} of other kinds left out`
  return [
    `columns  ${countText(compared)} events decoded again${rest}: ${countText(differing)} differ`,
    ...differences
      .slice(0, 20)
      .map(({ eventId, batch, column, stored, fromBytes }) =>
        visibleText(`alarm  event ${eventId} (batch ${batch}): ${column} is ${stored}, its bytes say ${fromBytes}`),
      ),
  ]
}

function anchorsOf(path: string): Anchor[] {
  const lines = readLines(path)
  return lines.map((line, index) => {
    const anchor = anchorOf(line)
    if (anchor !== undefined) return anchor
    throw new UsageError('PW-LG-002', {
      what: `Line ${index + 1} of ${path} is no head of a ledger.`,
      why: 'It must be an object with chain, seq and head.',
      do: 'Give the file that `podwitness serve --anchor FILE` wrote.',
    })
  })
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
  } catch (cause) {
    throw new UsageError(
      'PW-DE-003',
      { what: `${path} cannot be read.`, why: cause instanceof Error ? cause.message : String(cause), do: 'Check the path.' },
      { cause },
    )
  }
}

function anchorOf(line: string): Anchor | undefined {
  try {
    const json: unknown = JSON.parse(line)
    if (typeof json !== 'object' || json === null) return undefined
    const { chain, seq, head } = json as Record<string, unknown>
    return typeof chain === 'string' && typeof seq === 'number' && typeof head === 'string' ? { chain, seq, head } : undefined
  } catch {
    return undefined
  }
}

function noLedger(): UsageError {
  return new UsageError('PW-LG-003', {
    what: 'This store has no ledger here.',
    why: 'What is stored on a ClickHouse server is signed in the data folder of the process that stores it.',
    do: 'Run `podwitness verify` with the data folder of the server process.',
  })
}
