import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { backupDrill, type DrillReport, leaveAct } from '@podwitness/server'
import {
  type BackupCheck,
  type BackupManifest,
  checkBackup,
  findBackups,
  newestBackup,
  type PublicKey,
  restoreBackup,
} from '@podwitness/store'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import { type Context, dataFolder } from '../context.ts'
import { addPrune } from '../prune-backups.ts'
import { publicKeyOf } from '../public-key-option.ts'
import { bytesOf } from '../text/backup-size.ts'
import { countText, sizeText } from '../text/size-text.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

interface ReadFlags {
  readonly key?: string
  readonly json?: boolean
}

interface CreateFlags {
  readonly to: string
  readonly whole?: boolean
  readonly json?: boolean
}

const BACKUP = 'one backup, or the folder they are in: then the newest'

/** `podwitness backup …`: all there is, as signed files, and back. */
export const backup: AddCommand = (program, run) => {
  const group = program
    .command('backup')
    .description('back up the data folder while the server runs, restore it, and try that out')
  group
    .command('create')
    .description('write a backup; within a week of a whole one, only what is new since that one')
    .requiredOption('--to <folder>', 'folder that backups are kept in, best on another disk')
    .option('--whole', 'a whole one, whatever is there')
    .option('--json', 'one JSON document')
    .action((flags: CreateFlags, command) => run(command, (context) => create(context, flags)))
  group
    .command('list')
    .description('the backups in a folder, oldest first')
    .argument('<folder>', 'folder that backups are kept in')
    .option('--json', 'NDJSON, one backup a line')
    .action((folder: string, flags: ReadFlags, command) => run(command, (context) => list(context, folder, flags)))
  addPrune(group, run)
  const reading = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .argument('<path>', BACKUP)
      .option('--key <file>', 'public key kept elsewhere that it must be signed with, PEM')
      .option('--json', 'one JSON document')
  reading('verify', 'read every byte of a backup and what it builds on; exit 1 where one is not what was written').action(
    (path: string, flags: ReadFlags, command) => run(command, (context) => check(context, path, flags)),
  )
  reading('restore', 'make the data folder (--data), which must be empty or missing, out of a backup').action(
    (path: string, flags: ReadFlags, command) => run(command, (context) => restore(context, path, flags)),
  )
  reading('drill', 'restore into a passing folder, check every signature, row and column there; exit 1 where one is wrong')
    .option('--at <folder>', 'existing folder with room for a whole store', tmpdir())
    .action((path: string, flags: ReadFlags & { at: string }, command) => run(command, (context) => drill(context, path, flags)))
}

async function create(context: Context, { to, whole, json }: CreateFlags): Promise<void> {
  const { terminal } = context
  const manifest = await withStore(context, 'data', (store) =>
    store.backUp({
      into: to,
      whole: whole === true,
      signal: terminal.signal,
      onProgress: (done) => terminal.redraw(`backing up  ${sizeText(done)}`),
    }),
  )
  terminal.redraw('')
  leaveAct(
    dataFolder(context),
    actOf({ action: 'backup-create', object: manifest.id, after: { to: resolve(to), base: manifest.base } }),
  )
  if (json === true)
    return terminal.write(`${JSON.stringify({ ...manifest, files: manifest.files.length, bytes: bytesOf(manifest) })}\n`)
  await terminal.write(`${manifest.id}  ${sizeText(bytesOf(manifest))}  ${kindOf(manifest)}\n`)
  context.hint(`It holds the keys of this server: keep it as safe. Try it out: podwitness backup drill ${to}`)
}

const kindOf = ({ base }: BackupManifest): string => (base === '' ? 'whole' : `builds on ${base}`)

const COLUMNS = [{ title: 'BACKUP' }, { title: 'CREATED' }, { title: 'SIZE', right: true }, { title: 'KIND' }] as const

async function list(context: Context, folder: string, { json }: ReadFlags): Promise<void> {
  const found = findBackups(folder)
  if (json === true) {
    for (const { folder: path, manifest } of found) {
      const { id = '', created = '', base = '' } = manifest ?? {}
      const bytes = manifest === undefined ? 0 : bytesOf(manifest)
      await context.terminal.write(`${JSON.stringify({ path, id, created, base, bytes, readable: manifest !== undefined })}\n`)
    }
    return
  }
  if (found.length === 0) return context.hint(`There is no backup in ${folder}.`)
  const rows = found.map(({ folder: path, manifest }) =>
    manifest === undefined
      ? [visibleText(path), '-', '-', 'its manifest cannot be read']
      : [manifest.id, manifest.created, sizeText(bytesOf(manifest)), kindOf(manifest)],
  )
  await context.terminal.write(`${tableLines(COLUMNS, rows).join('\n')}\n`)
}

const trustedOf = ({ key }: ReadFlags): { trusted?: PublicKey } => (key === undefined ? {} : { trusted: publicKeyOf(key) })

async function check(context: Context, path: string, flags: ReadFlags): Promise<void> {
  const checked = checkBackup(newestBackup(path), trustedOf(flags).trusted)
  if (checked.faults.length > 0) context.exit = 1
  if (flags.json !== true) return context.terminal.write(`${checkLines(context, checked).join('\n')}\n`)
  const { manifest, faults, files, bytes } = checked
  await context.terminal.write(`${JSON.stringify({ id: manifest.id, base: manifest.base, files, bytes, faults })}\n`)
}

function checkLines({ paint }: Context, { manifest, faults, files, bytes }: BackupCheck): string[] {
  const word = faults.length === 0 ? paint('green', 'whole') : paint('red', 'damaged')
  const signed = manifest.publicKey === '' ? ', not signed' : ''
  return [
    `${word}  ${manifest.id}: ${countText(files)} files, ${sizeText(bytes)}, ${kindOf(manifest)}${signed}`,
    ...faults.map(({ backup: id, file, why }) => visibleText(`${id}/${file}: ${why}`)),
  ]
}

async function restore(context: Context, path: string, flags: ReadFlags): Promise<void> {
  const { terminal } = context
  const dataDir = dataFolder(context)
  const { manifest, ledger } = await restoreBackup({
    ...{ from: newestBackup(path), dataDir, signal: terminal.signal, onNotice: context.hint },
    ...trustedOf(flags),
    onProgress: (done, all) => terminal.redraw(`restoring  ${sizeText(done)} of ${sizeText(all)}`),
  })
  terminal.redraw('')
  leaveAct(dataDir, actOf({ action: 'backup-restore', object: manifest.id, after: { created: manifest.created } }))
  const { id, created } = manifest
  if (flags.json === true) return terminal.write(`${JSON.stringify({ id, created, dataDir, ...ledger })}\n`)
  await terminal.write(`restored  ${visibleText(dataDir)} is as on ${created}\n`)
  context.hint('What was stored after that is not in it; agents send what they still hold. Check it: podwitness verify --deep')
}

async function drill(context: Context, path: string, flags: ReadFlags & { at: string }): Promise<void> {
  const { terminal } = context
  const report = await backupDrill({
    ...{ from: newestBackup(path), at: flags.at, signal: terminal.signal },
    ...trustedOf(flags),
    onStep: (text) => terminal.redraw(text),
  })
  terminal.redraw('')
  if (!report.sound) context.exit = 1
  if (flags.json === true) return terminal.write(`${JSON.stringify(report)}\n`)
  await terminal.write(`${drillLines(context, report).join('\n')}\n`)
}

function drillLines({ paint }: Context, report: DrillReport): string[] {
  const { backup: id, sound, restoreSeconds, verifySeconds, tables, ledger, columns, withdrawn } = report
  const alarms = ledger.findings.filter(({ severity }) => severity === 'alarm')
  return [
    `${sound ? paint('green', 'sound') : paint('red', 'not sound')}  ${id}: as on ${report.created}`,
    `restored in ${restoreSeconds.toFixed(1)} s, checked in ${verifySeconds.toFixed(1)} s`,
    `${countText(ledger.rows)} events in ${countText(ledger.batches)} signed batches; ${countText(columns.compared)} decoded again, ${countText(columns.differing)} differ`,
    ...(withdrawn === 0 ? [] : [`${countText(withdrawn)} batches of the time it was made are not in it`]),
    ...alarms.map(({ code, message }) => visibleText(`alarm  ${message} (${code})`)),
    tables
      .filter(({ rows }) => rows > 0)
      .map(({ table, rows }) => `${table} ${countText(rows)}`)
      .join(', '),
  ]
}
