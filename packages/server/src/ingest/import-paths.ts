import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImportRow, storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { derive } from '../derive/derive.ts'
import { ALL_TIME, joinSpans, type TimeSpan } from '../derive/time-span.ts'
import { nextVersion } from '../next-version.ts'
import { type CheckedFile, checkFile } from './check-file.ts'
import { ImportError } from './import-error.ts'
import { importFile } from './import-file.ts'
import { lockImports } from './import-lock.ts'
import type { ImportedFile, ImportOptions } from './import-options.ts'
import { Meter } from './meter.ts'
import { FORMATS, type Recognised, recognise } from './recognise.ts'

export interface ImportSummary {
  readonly cluster: string
  readonly files: readonly ImportedFile[]
  readonly sessions: number
  readonly commands: number
  readonly elapsedMs: number
}

/**
 * Takes in files, recognised by their content, and works out the sessions they tell of.
 *
 * Every file is read to its end before anything of it is stored, so a damaged one leaves no half.
 * An import that was cut off goes on when it is started again: what is stored is recognised by its
 * ids. The same file twice changes nothing.
 *
 * @param paths Files or folders (one level; hidden files left out).
 * @throws ImportError with a stable code; StoreError where the store fails.
 */
export async function importPaths(store: Store, paths: readonly string[], options: ImportOptions): Promise<ImportSummary> {
  const began = performance.now()
  const cluster = options.cluster ?? 'default'
  const recognised = await recogniseAll(paths)
  const meter = new Meter(recognised, options.onProgress)
  const unlock = await lockImports(options.rejectsDir)
  try {
    const checked = await checkAll(recognised, options, meter)
    const { files, failure } = await storeAll(store, checked, cluster, options, meter)
    meter.phase('pair')
    const derived = await deriveStored(store, cluster, files.span)
    if (failure !== undefined) throw failure
    const elapsedMs = performance.now() - began
    return { cluster, files: files.done, sessions: derived.sessions, commands: derived.commands, elapsedMs }
  } finally {
    await unlock()
  }
}

async function checkAll(files: readonly Recognised[], options: ImportOptions, meter: Meter): Promise<CheckedFile[]> {
  const { signal, salvage = false } = options
  const checked: CheckedFile[] = []
  for (const file of files) {
    meter.begin(file, 'check')
    checked.push(await stoppable(options, () => checkFile(file, { salvage, ...(signal === undefined ? {} : { signal }) })))
  }
  return checked
}

/** Stores file by file. A file that fails ends the import; what was stored before it still counts and is paired. */
async function storeAll(
  store: Store,
  checked: readonly CheckedFile[],
  cluster: string,
  options: ImportOptions,
  meter: Meter,
): Promise<{ files: { done: ImportedFile[]; span: TimeSpan | undefined }; failure?: unknown }> {
  const known = await finishedImports(store, cluster)
  const leftOver = [...known.values()].includes('stored')
  const done: ImportedFile[] = []
  let span: TimeSpan | undefined = leftOver ? ALL_TIME : undefined
  try {
    for (const file of inOrder(checked)) {
      meter.begin(file, 'import')
      if (FINISHED.has(known.get(file.importId) ?? '')) done.push(knownFile(file))
      else {
        const stored = await stoppable(options, () => importFile(store, file, cluster, options, meter))
        done.push(stored.file)
        if (stored.span !== null) span = joinSpans(span, stored.span)
      }
      meter.end(file)
    }
  } catch (failure) {
    return { files: { done, span }, failure }
  }
  return { files: { done, span } }
}

/** States of an import whose events are all in the store. */
const FINISHED = new Set(['stored', 'done'])

/**
 * Works out sessions for imports that were stored but not paired yet, be it because they just were
 * or because the process ended in between.
 *
 * @param span Time of what is new; all time where it is not known.
 * @returns How many sessions and placed commands the affected time holds.
 */
export async function deriveStored(
  store: Store,
  cluster: string,
  span?: TimeSpan,
): Promise<{ sessions: number; commands: number }> {
  const pending = await importsInState(store, cluster, 'stored')
  if (pending.length === 0) return { sessions: 0, commands: 0 }
  const result = await derive(store, span === undefined ? { cluster } : { cluster, span })
  const finished = pending.map((row) => ({ ...row, state: 'done', finished: storeTime(Date.now()), version: nextVersion() }))
  await store.writer.insert(
    'imports',
    finished,
    `done-${finished.map(({ import_id }) => import_id.slice(0, 8)).join('-')}-${finished[0]?.version}`,
  )
  return result
}

async function recogniseAll(paths: readonly string[]): Promise<Recognised[]> {
  const files: Recognised[] = []
  for (const path of paths) {
    if (!(await isDirectory(path))) files.push(await recognise(path))
    else files.push(...(await recogniseFolder(path)))
  }
  return files
}

/** In a folder, files of other kinds are passed over; a folder without any that we know is an error. */
async function recogniseFolder(folder: string): Promise<Recognised[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  const found: Recognised[] = []
  for (const name of names) {
    if (await isDirectory(join(folder, name))) continue
    const file = await recognise(join(folder, name)).catch((error: unknown) => {
      if (error instanceof ImportError && error.code === 'PW-IM-001') return null
      throw error
    })
    if (file !== null) found.push(file)
  }
  if (found.length > 0) return found
  throw new ImportError('PW-IM-001', {
    what: `The folder ${folder} holds no file in a format podwitness knows.`,
    why: `${names.length} files were looked at.`,
    do: 'Give audit.log or syslog files, kube-apiserver audit logs, webhook EventLists, containers.jsonl or pod lists.',
  })
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
}

/** Containers and pods first, then the API, then the nodes: only for a steadier progress; any order gives the same result. */
function inOrder(files: readonly CheckedFile[]): CheckedFile[] {
  const rank = (file: CheckedFile): number => FORMATS.length - FORMATS.indexOf(file.format)
  return [...files].sort((a, b) => rank(a) - rank(b))
}

async function stoppable<T>(options: ImportOptions, work: () => Promise<T>): Promise<T> {
  try {
    options.signal?.throwIfAborted()
    return await work()
  } catch (cause) {
    if (!options.signal?.aborted) throw cause
    throw new ImportError(
      'PW-IM-006',
      {
        what: 'The import was stopped.',
        why: 'It was asked to stop.',
        do: 'Run the same command again: it goes on where it stopped, and nothing is stored twice.',
      },
      { cause },
    )
  }
}

function knownFile(file: CheckedFile): ImportedFile {
  const { path, format, importId } = file
  return {
    path,
    format,
    importId,
    result: 'known',
    lines: 0,
    events: 0,
    duplicates: 0,
    rejects: 0,
    rejectsByCode: {},
    rejectsPath: '',
  }
}

async function finishedImports(store: Store, cluster: string): Promise<Map<string, string>> {
  const { rows } = await store.reader.query({
    sql: 'SELECT import_id, state FROM audit.imports FINAL WHERE cluster = {cluster:String}',
    params: { cluster },
    maxRows: 1_000_000,
  })
  return new Map(rows.map(([id, state]) => [String(id), String(state)]))
}

async function importsInState(store: Store, cluster: string, state: string): Promise<ImportRow[]> {
  const found: ImportRow[] = []
  const sql = 'SELECT * FROM audit.imports FINAL WHERE cluster = {cluster:String} AND state = {state:String}'
  for await (const block of store.reader.stream<ImportRow>(sql, { cluster, state })) found.push(...block)
  return found
}
