import { join } from 'node:path'
import { type ImportSummary, importPaths, readState } from '@podwitness/server'
import { type Context, dataFolder } from '../context.ts'
import { importProgress } from '../import-progress.ts'
import { importReport } from '../import-report.ts'
import { MISSING_TEXT } from '../missing-text.ts'
import type { AddCommand } from '../run.ts'
import { countText } from '../text/size-text.ts'
import { withStore } from '../with-store.ts'

interface ImportFlags {
  readonly cluster: string
  readonly node?: string
  readonly salvage?: boolean
  readonly json?: boolean
}

/** `podwitness import PATH…`: takes in files, recognised by their content. */
export const importFiles: AddCommand = (program, run) => {
  program
    .command('import')
    .description('import audit logs, API audit logs, containers and pods; each may be gzipped')
    .argument('<path...>', 'files or folders; what they are is told by their content')
    .option('--cluster <id>', 'cluster the data is of', 'default')
    .option('--node <name>', 'node of audit lines that name none')
    .option('--salvage', 'import what can be read of a damaged gzip')
    .option('--json', 'progress as JSON lines on standard error, the result as one JSON document')
    .action((paths: string[], flags: ImportFlags, command) => run(command, (context) => importInto(context, paths, flags)))
}

async function importInto(context: Context, paths: readonly string[], flags: ImportFlags): Promise<void> {
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
