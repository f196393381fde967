import { recordAct } from '@podwitness/server'
import type { Hold } from '@podwitness/store'
import type { Command } from 'commander'
import { accountName, actOf } from './act-of.ts'
import type { AddCommand } from './add-command.ts'
import type { Context } from './context.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'
import { timeOption } from './time-option.ts'
import { UsageError } from './usage-error.ts'
import { withStore } from './with-store.ts'

interface HoldFlags {
  readonly session?: string
  readonly cluster?: string
  readonly namespace?: string
  readonly from?: string
  readonly to?: string
  readonly reason: string
}

const COLUMNS = [{ title: 'ID' }, { title: 'PLACED' }, { title: 'BY' }, { title: 'WHAT' }, { title: 'WHY' }] as const

/** `podwitness retention hold | holds | release`: data that outlives its time. */
export function addHoldCommands(retention: Command, run: Parameters<AddCommand>[1]): void {
  const now = Date.now()
  const time = (text: string): string => timeOption(text, now)
  retention
    .command('hold')
    .description('keep a session, a namespace or a span of time until it is released')
    .option('--session <id>', 'a session with its commands and requests')
    .option('--cluster <id>', 'of this cluster alone')
    .option('-n, --namespace <name>', 'what is of this namespace, now and later')
    .option('--from <time>', 'from this time, or this long ago', time)
    .option('--to <time>', 'up to this time', time)
    .requiredOption('--reason <text>', 'why, for those who find it later')
    .action((flags: HoldFlags, command) => run(command, (context) => place(context, flags)))
  retention
    .command('holds')
    .description('what is held, by whom and why')
    .option('--json', 'NDJSON, one hold a line')
    .action((_flags: object, command: Command) =>
      // The command above has an option of the same name, which takes it.
      run(command, (context) => list(context, command.optsWithGlobals<{ json?: boolean }>().json === true)),
    )
  retention
    .command('release')
    .description('let go what a hold keeps; what is past its time is then deleted')
    .argument('<id>', 'hold, as `retention holds` lists it')
    .action((id: string, _flags, command) => run(command, (context) => release(context, id)))
}

async function place(context: Context, { session, cluster, namespace, from, to, reason }: HoldFlags): Promise<void> {
  const given = { traceId: session, cluster, namespace, from, to }
  const scope = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const hold = await withStore(context, 'data', async (store) => {
    const placed = await store.placeHold({ ...scope, reason, by: accountName() })
    await recordAct(store, actOf({ action: 'hold-place', object: placed.id, after: { ...scope, reason } }))
    return placed
  })
  await context.terminal.write(`${hold.id}\n`)
}

async function list(context: Context, json: boolean): Promise<void> {
  const holds = await withStore(context, 'data', (store) => store.holds())
  if (json) for (const hold of holds) await context.terminal.write(`${JSON.stringify(hold)}\n`)
  else await context.terminal.write(`${tableLines(COLUMNS, holds.map(rowOf)).join('\n')}\n`)
}

function rowOf({ id, placed, by, reason, traceId, cluster, namespace, from, to }: Hold): string[] {
  const parts = { session: traceId, cluster, namespace, from, to }
  const what = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
  return [id, placed.slice(0, 16), visibleText(by), visibleText(what.join(', ')), visibleText(reason)]
}

async function release(context: Context, id: string): Promise<void> {
  const hold = await withStore(context, 'data', async (store) => {
    const released = await store.releaseHold(id)
    if (released !== undefined) await recordAct(store, actOf({ action: 'hold-release', object: id, before: { ...released } }))
    return released
  })
  if (hold !== undefined) return context.hint(`Released; it was held for: ${visibleText(hold.reason)}`)
  throw new UsageError('PW-LG-006', {
    what: `There is no hold ${id}.`,
    why: 'It was never placed, or was released before.',
    do: 'See `podwitness retention holds`.',
  })
}
