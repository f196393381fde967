import { resolve } from 'node:path'
import { leaveAct } from '@podwitness/server'
import { type PruneDecision, type PruneRules, planPrune, pruneBackups } from '@podwitness/store'
import type { Command } from 'commander'
import { actOf } from './act-of.ts'
import type { AddCommand } from './add-command.ts'
import { type Context, dataFolder } from './context.ts'
import { bytesOf } from './text/backup-size.ts'
import { sizeText } from './text/size-text.ts'
import { tableLines } from './text/text-table.ts'
import { visibleText } from './text/visible-text.ts'
import { UsageError } from './usage-error.ts'

interface PruneFlags {
  readonly keep?: string
  readonly days?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** `podwitness backup prune`: old backups go, and none that another builds on. */
export function addPrune(group: Command, run: Parameters<AddCommand>[1]): void {
  group
    .command('prune')
    .description('remove old backups; what another builds on stays with it, and the newest always')
    .argument('<folder>', 'folder that backups are kept in')
    .argument('[backup...]', 'these, by their names, instead of by number or age')
    .option('--keep <count>', 'how many of the newest stay')
    .option('--days <days>', 'those that are no older stay')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .option('--json', 'NDJSON, one backup a line')
    .action((folder: string, names: string[], flags: PruneFlags, command) =>
      run(command, (context) => prune(context, { folder, rules: rulesOf(names, flags) }, flags)),
    )
}

function rulesOf(named: readonly string[], { keep, days }: PruneFlags): PruneRules {
  const given = [named.length > 0, keep !== undefined || days !== undefined]
  if (given[0] === given[1])
    throw wrong('It is not said which backups go.', 'Give --keep, --days or both, or else names of `podwitness backup list`.')
  if (named.length > 0) return { named }
  return {
    ...(keep === undefined ? {} : { keep: countOf('--keep', keep) }),
    ...(days === undefined ? {} : { days: countOf('--days', days) }),
  }
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw wrong(`${option} is no number of ${option === '--days' ? 'days' : 'backups'}.`, 'Give a whole number from 1.')
}

const wrong = (what: string, todo: string): UsageError => new UsageError('PW-CL-001', { what, why: '', do: todo })

async function prune(
  context: Context,
  { folder, rules }: { readonly folder: string; readonly rules: PruneRules },
  { dryRun = false, json = false }: PruneFlags,
): Promise<void> {
  const plan = planPrune(folder, rules, Date.now())
  const removed = plan.filter(({ goes }) => goes).map(({ id }) => id)
  if (!dryRun && removed.length > 0) {
    pruneBackups(plan)
    leaveAct(dataFolder(context), actOf({ action: 'backup-prune', object: resolve(folder), before: { removed } }))
  }
  if (json) {
    for (const { id, goes, why } of plan)
      await context.terminal.write(`${JSON.stringify({ id, goes, removed: goes && !dryRun, why })}\n`)
    return
  }
  if (plan.length === 0) return context.hint(`There is no backup in ${folder}.`)
  await context.terminal.write(
    `${tableLines(
      COLUMNS,
      plan.map((one) => lineOf(one, dryRun)),
    ).join('\n')}\n`,
  )
}

const COLUMNS = [{ title: 'BACKUP' }, { title: 'SIZE', right: true }, { title: 'WHAT BECOMES OF IT' }] as const

function lineOf({ id, manifest, goes, why }: PruneDecision, dryRun: boolean): string[] {
  const size = manifest === undefined ? '-' : sizeText(bytesOf(manifest))
  return [visibleText(id), size, goes ? (dryRun ? 'would be removed' : 'removed') : `stays: ${visibleText(why)}`]
}
