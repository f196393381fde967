import type { ContainerRow, ImportRow, PodRow, SampleRow } from '@podwitness/event'
import { storeTime } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { ALL_TIME, type TimeSpan } from '../derive/time-span.ts'
import { nextVersion } from '../next-version.ts'
import { containerVersion, podVersion } from '../rows/fact-version.ts'
import { type CheckedFile, isDamage } from './check-file.ts'
import { EventBatches } from './event-batches.ts'
import { ImportError } from './import-error.ts'
import type { ImportedFile, ImportOptions } from './import-options.ts'
import { openFile } from './line-reader.ts'
import type { Meter } from './meter.ts'
import { READERS } from './readers.ts'
import { RejectsFile } from './rejects-file.ts'
import type { ImportSink } from './sink.ts'

/**
 * Stores one file. Its row in `imports` is `running` from the start and `stored` at the end; an
 * import that died in between is found `running` and simply done again.
 *
 * @throws ImportError PW-IM-005 where nothing in the file could be used, and the readers' own.
 */
export async function importFile(
  store: Store,
  file: CheckedFile,
  cluster: string,
  options: ImportOptions,
  meter: Meter,
): Promise<{ file: ImportedFile; span: TimeSpan | null }> {
  const row = startRow(file, cluster)
  const rejects = new RejectsFile(options.rejectsDir, file.importId)
  const sink = new StoreSink(store, file, cluster, options, rejects, meter)
  await writeImport(store, row)
  try {
    const opened = openFile(file.path, file.gzip)
    sink.readBytes = () => opened.readBytes()
    await READERS[file.format](file, salvaged(opened.bytes, file), sink)
    await sink.finish()
  } finally {
    await rejects.close()
  }
  const { stored, duplicates } = sink.batches.counts()
  const result = { lines: sink.lines, events: stored + sink.facts, duplicates, rejects: rejects.count }
  if (stored + duplicates + sink.facts === 0) throw unusable(file, rejects)
  await writeImport(store, { ...row, ...result, state: 'stored', finished: storeTime(Date.now()), version: nextVersion() })
  return {
    file: {
      path: file.path,
      format: file.format,
      importId: file.importId,
      result: 'imported',
      ...result,
      rejectsByCode: rejects.byCode(),
      rejectsPath: rejects.count > 0 ? rejects.path : '',
    },
    span: sink.span(),
  }
}

/** Ends quietly where damaged data ends, which the caller has asked for. */
async function* salvaged(bytes: AsyncIterable<Buffer>, file: CheckedFile): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    if (!file.damaged || !isDamage(error)) throw error
  }
}

class StoreSink implements ImportSink {
  readonly cluster: string
  readonly node: string
  readonly rejects: RejectsFile
  readonly batches: EventBatches
  lines = 0
  /** Containers, pods and samples taken. */
  facts = 0
  readBytes = (): number => 0
  readonly #store: Store
  readonly #importId: string
  readonly #signal: AbortSignal | undefined
  readonly #meter: Meter
  readonly #containers: ContainerRow[] = []
  readonly #pods: PodRow[] = []
  #samples: SampleRow[] = []
  #part = 0
  #flushed: Promise<void> = Promise.resolve()
  #reported = { lines: 0, events: 0, duplicates: 0, rejects: 0 }

  constructor(store: Store, file: CheckedFile, cluster: string, options: ImportOptions, rejects: RejectsFile, meter: Meter) {
    this.cluster = cluster
    this.node = options.node ?? ''
    this.rejects = rejects
    this.batches = new EventBatches(store, file.importId)
    this.#store = store
    this.#importId = file.importId
    this.#signal = options.signal
    this.#meter = meter
  }

  event(row: Parameters<ImportSink['event']>[0]): void {
    this.batches.add(row)
  }

  container(row: ContainerRow): void {
    this.facts++
    this.#containers.push(row)
  }

  pod(row: PodRow): void {
    this.facts++
    this.#pods.push(row)
  }

  sample(row: SampleRow): void {
    this.facts++
    this.#samples.push(row)
  }

  async advance(lines: number): Promise<void> {
    this.lines += lines
    this.#signal?.throwIfAborted()
    if (this.batches.full) await this.#flushBehind()
    while (this.#samples.length >= SAMPLES_PER_INSERT) await this.#flushSamples()
    this.#report()
  }

  /**
   * The time this file says something new about; `null` where it brought nothing. What is known of
   * containers and pods bears on all time.
   */
  span(): TimeSpan | null {
    if (this.facts > 0) return ALL_TIME
    const { stored, fromMs, toMs } = this.batches.counts()
    return stored === 0 ? null : { fromMs, toMs }
  }

  /** Stores what is left. */
  async finish(): Promise<void> {
    await this.#flushBehind()
    await this.#flushed
    await this.#flushSamples()
    await this.#insertFacts()
    this.#report()
  }

  // One batch is stored while the next is read; a failure comes out at the next call.
  async #flushBehind(): Promise<void> {
    await this.#flushed
    this.#flushed = this.batches.flush()
    this.#flushed.catch(() => {})
  }

  // Always cut at the same places, so that a repeated import repeats its inserts exactly.
  async #flushSamples(): Promise<void> {
    const rows = this.#samples.slice(0, SAMPLES_PER_INSERT)
    if (rows.length === 0) return
    await this.#store.writer.insert('samples', rows, `${this.cluster}/${this.#importId}-samples-${this.#part++}`)
    this.#samples = this.#samples.slice(SAMPLES_PER_INSERT)
  }

  // The newest of several copies wins by version: the time it speaks of, or its place in the file.
  async #insertFacts(): Promise<void> {
    const containers = this.#containers.map((row, at) => ({ ...row, version: containerVersion(row, at) }))
    const pods = this.#pods.map((row, at) => ({ ...row, version: podVersion(row, at) }))
    if (containers.length > 0)
      await this.#store.writer.insert('containers', containers, `${this.cluster}/${this.#importId}-containers`)
    if (pods.length > 0) await this.#store.writer.insert('pods', pods, `${this.cluster}/${this.#importId}-pods`)
  }

  #report(): void {
    const { stored, duplicates } = this.batches.counts()
    const now = { lines: this.lines, events: stored + this.facts, duplicates, rejects: this.rejects.count }
    const last = this.#reported
    this.#reported = now
    this.#meter.advance({
      readBytes: this.readBytes(),
      lines: now.lines - last.lines,
      events: now.events - last.events,
      duplicates: now.duplicates - last.duplicates,
      rejects: now.rejects - last.rejects,
    })
  }
}

const SAMPLES_PER_INSERT = 20_000

function startRow(file: CheckedFile, cluster: string): ImportRow {
  return {
    import_id: file.importId,
    cluster,
    path: file.path,
    format: file.format,
    state: 'running',
    size_bytes: file.sizeBytes,
    lines: 0,
    events: 0,
    duplicates: 0,
    rejects: 0,
    started: storeTime(Date.now()),
    finished: storeTime(0),
    version: nextVersion(),
  }
}

async function writeImport(store: Store, row: ImportRow): Promise<void> {
  await store.writer.insert('imports', [row], `${row.import_id}-${row.state}-${row.version}`)
}

function unusable(file: CheckedFile, rejects: RejectsFile): ImportError {
  const codes = Object.entries(rejects.byCode()).map(([code, count]) => `${code} ${count}×`)
  return new ImportError('PW-IM-005', {
    what: `Nothing in ${file.path} could be used.`,
    why: codes.length > 0 ? `Every line was rejected: ${codes.join(', ')}.` : 'It holds no lines.',
    do: rejects.count > 0 ? `Look at the rejected lines in ${rejects.path}.` : 'Check that it is the file you meant.',
  })
}
