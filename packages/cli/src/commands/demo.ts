import { join } from 'node:path'
import { DELIBERATE_ENTRIES } from '@podwitness/event'
import { type ImportSummary, importPaths } from '@podwitness/server'
import type { Store } from '@podwitness/store'
import type { AddCommand } from '../add-command.ts'
import { type Context, dataFolder } from '../context.ts'
import { importProgress } from '../import-progress.ts'
import { DEFAULT_LISTEN, type ListenAddress, listenOption } from '../listen-option.ts'
import { cloneFolder, findRecording } from '../recording.ts'
import { runServer } from '../run-server.ts'
import { countText } from '../text/size-text.ts'
import { UsageError } from '../usage-error.ts'

/** How many ports after the wanted one are tried when it is taken. */
const NEXT_PORTS = 20
/** Cluster the recording is filed under. */
const CLUSTER = 'demo'

/** `podwitness demo`: the server on the bundled recording, imported at the first start. */
export const demo: AddCommand = (program, run) => {
  program
    .command('demo')
    .description('see it: the server on a bundled real recording')
    .option(
      '--listen <address>',
      'address and port (default: 127.0.0.1:7070, or the next free port)',
      listenOption,
      DEFAULT_LISTEN,
    )
    .action((flags: { listen: ListenAddress }, command) => run(command, (context) => runDemo(context, flags.listen)))
}

async function runDemo(context: Context, listen: ListenAddress): Promise<void> {
  const { paths, missing } = findRecording()
  if (missing.length > 0)
    throw new UsageError('PW-CL-006', {
      what: 'The recording of the demo is missing.',
      why: `Not found: ${missing.join(', ')}`,
      do: 'Start the demo from a clone of the repository, or import data of your own with `podwitness import PATH…`.',
    })
  const folder = context.options.data || context.terminal.env.PODWITNESS_DATA || cloneFolder() || dataFolder(context)
  await runServer(context, {
    ...listen,
    nextPorts: NEXT_PORTS,
    signIn: 'owner',
    folder,
    prepare: (store) => takeIn(context, store, paths, folder),
    notes: [`       ask from another terminal: npx podwitness sessions --data ${folder}`],
  })
}

/** What was taken in before is recognised by its content and left alone. */
async function takeIn(context: Context, store: Store, paths: readonly string[], folder: string): Promise<void> {
  const summary = await importPaths(store, paths, {
    cluster: CLUSTER,
    rejectsDir: join(folder, 'rejects'),
    signal: context.terminal.signal,
    onProgress: importProgress(context, false),
  })
  context.terminal.redraw('')
  const fresh = summary.files.some(({ result }) => result === 'imported')
  context.hint(fresh ? `import ${await importedText(store, summary)}` : 'import recording known already, nothing to do')
}

/** What the overview shows: events of the recording and the entries that somebody made, not those of the platform. */
const TAKEN_IN = `SELECT (SELECT count() FROM audit.events WHERE kind != 'AdminAct'),
  (SELECT count() FROM audit.sessions FINAL WHERE entry IN {deliberate:Array(String)})`

async function importedText(store: Store, { files, elapsedMs }: ImportSummary): Promise<string> {
  const { rows } = await store.reader.query({ sql: TAKEN_IN, params: { deliberate: DELIBERATE_ENTRIES } })
  const [events, entries] = (rows[0] ?? []).map((count) => countText(Number(count)))
  const rejects = countText(files.reduce((total, file) => total + file.rejects, 0))
  return `${events} events · ${entries} entries into containers · ${rejects} rejected · ${(elapsedMs / 1000).toFixed(1)} s`
}
