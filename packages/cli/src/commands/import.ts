import { join } from 'node:path'
import { type ExportImport, type ImportSummary, importExport, importPaths, isExport, readState } from '@podwitness/server'
import type { AddCommand } from '../add-command.ts'
import { type Context, dataFolder } from '../context.ts'
import { importProgress } from '../import-progress.ts'
import { importReport } from '../import-report.ts'
import { MISSING_TEXT } from '../missing-text.ts'
import { publicKeyOf } from '../public-key-option.ts'
import { countText } from '../text/size-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

interface ImportFlags {
  readonly cluster: string
  readonly node?: string
  readonly salvage?: boolean
  readonly key?: string
  readonly json?: boolean
}

/** `podwitness import PATH…`: takes in files, recognised by their content. */
export const importFiles: AddCommand = (program, run) => {
  program
    .command('import')
    .description('import audit logs, API audit logs, containers and pods, each may be gzipped, and folders of `export`')
    .argument('<path...>', 'files or folders; what they are is told by their content')
    .option('--cluster <id>', 'cluster the data is of', 'default')
    .option('--node <name>', 'node of audit lines that name none')
    .option('--salvage', 'import what can be read of a damaged gzip')
    .option('--key <file>', 'public key that an export must be signed with, PEM')
    .option('--json', 'progress as JSON lines on standard error, the result as one JSON document')
    .action((paths: string[], flags: ImportFlags, command) => run(command, (context) => importInto(context, paths, flags)))
}

async function importInto(context: Context, all: readonly string[], flags: ImportFlags): Promise<void> {
  const exports = all.filter(isExport)
  if (exports.length > 0) await importExports(context, exports, flags)
  const paths = all.filter((path) => !exports.includes(path))
  if (paths.length > 0) await importLogs(context, paths, flags)
}

/** Folders of `podwitness export`: they bring the cluster of each row with them. */
async function importExports(context: Context, folders: readonly string[], flags: ImportFlags): Promise<void> {
  const trusted = flags.key === undefined ? undefined : publicKeyOf(flags.key)
  await withStore(context, 'folder', async (store) => {
    for (const folder of folders) {
      const taken = await importExport(store, folder, trusted)
      if (flags.json === true) await context.terminal.write(`${JSON.stringify({ folder, ...taken })}\n`)
      else await context.terminal.write(`${exportLines(folder, taken).join('\n')}\n`)
      if (taken.signature.state === 'bad' || taken.parts.some(({ result }) => result === 'refused')) context.exit = 1
    }
  })
}

function exportLines(folder: string, { signature, parts, sessions }: ExportImport): string[] {
  const signed = { good: `signed with key ${signature.key}`, bad: 'NOT as it was signed', none: 'not signed' }[signature.state]
  return [
    visibleText(`${folder}  ${signed}; ${countText(sessions)} sessions`),
    ...parts.map(({ name, result, rows, duplicates, why }) =>
      visibleText(
        `${result.padEnd(8)} ${name}  ${why || `${countText(rows)} rows, ${countText(duplicates)} were there already`}`,
      ),
    ),
  ]
}

async function importLogs(context: Context, paths: readonly string[], flags: ImportFlags): Promise<void> {
  const { terminal } = context
  const { summary, missing } = await withStore(context, 'folder', async (store) => {
    const summary = await importPaths(store, paths, {
      cluster: flags.cluster,
      ...(flags.node === undefined ? {} : { node: flags.node }),
      salvage: flags.salvage === true,
      rejectsDir: join(dataFolder(context), 'rejects'),
      signal: terminal.signal,
      onProgress: importProgress(context, flags.json === true),
    })
    return { summary, missing: (await readState(store)).missing }
  })
  terminal.redraw('')
  if (flags.json === true) await terminal.write(`${JSON.stringify(summary)}\n`)
  else await report(context, summary)
  for (const code of missing) context.hint(`note: ${MISSING_TEXT[code]}`)
  if (summary.files.some(({ rejects }) => rejects > 0)) context.exit = 1
}

async function report(context: Context, summary: ImportSummary): Promise<void> {
  await context.terminal.write(`${importReport(summary).join('\n')}\n`)
  const { sessions, commands, elapsedMs } = summary
  context.hint(`${countText(sessions)} sessions, ${countText(commands)} commands worked out; ${(elapsedMs / 1000).toFixed(1)} s`)
}
