import { EXPORT_STREAM_NAMES, type ExportStream, exportRange } from '@podwitness/server'
import { Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { countText, sizeText } from '../text/size-text.ts'
import { timeOption } from '../time-option.ts'
import { withStore } from '../with-store.ts'

interface ExportFlags {
  readonly out: string
  readonly from: string
  readonly to: string
  readonly stream?: ExportStream[]
  readonly format: 'jsonl' | 'parquet'
  readonly json?: boolean
}

/** `podwitness export`: a range of the store as files with a signed manifest. */
export const exportFiles: AddCommand = (program, run) => {
  const now = Date.now()
  const time = (text: string): string => timeOption(text, now)
  program
    .command('export')
    .description('write a range as files with a signed manifest; `import FOLDER` takes it in again')
    .requiredOption('-o, --out <folder>', 'folder to fill')
    .addOption(new Option('--from <time>', 'from this time, or this long ago').argParser(time).makeOptionMandatory())
    .addOption(new Option('--to <time>', 'up to this time').argParser(time).default(time('now'), 'now'))
    .addOption(new Option('--stream <name...>', 'only these (default: all)').choices(EXPORT_STREAM_NAMES))
    .addOption(new Option('--format <word>', 'of the files; both can be imported').choices(['jsonl', 'parquet']).default('jsonl'))
    .option('--json', 'the manifest as one JSON document')
    .action((flags: ExportFlags, command) => run(command, (context) => writeExport(context, flags)))
}

async function writeExport(context: Context, flags: ExportFlags): Promise<void> {
  const { out: folder, from, to, format, stream: streams = EXPORT_STREAM_NAMES } = flags
  const { terminal } = context
  const manifest = await withStore(context, 'data', (store) =>
    exportRange(store, {
      ...{ folder, from, to, format, streams },
      onFile: ({ name, rows }) => terminal.redraw(`${name}  ${countText(rows)} rows`),
    }),
  )
  terminal.redraw('')
  if (flags.json === true) return terminal.write(`${JSON.stringify(manifest)}\n`)
  for (const { name, rows, bytes } of manifest.files)
    await terminal.write(`${name}  ${countText(rows)} rows  ${sizeText(bytes)}\n`)
  context.hint(
    manifest.publicKey === ''
      ? 'Not signed: this store has no ledger here.'
      : `Signed; check and take it in with: podwitness import ${folder}`,
  )
}
