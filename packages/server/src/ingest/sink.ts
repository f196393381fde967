import type { ContainerRow, EventDraft, PodRow, SampleRow } from '@podwitness/event'
import type { CheckedFile } from './check-file.ts'
import type { RejectsFile } from './rejects-file.ts'

/** Where a format's reader puts what it finds. */
export interface ImportSink {
  readonly cluster: string
  /** Node of events whose lines name none. */
  readonly node: string
  readonly rejects: RejectsFile
  event(row: EventDraft): void
  container(row: ContainerRow): void
  pod(row: PodRow): void
  sample(row: SampleRow): void
  /** Counts lines read, and waits while batches are being stored. */
  advance(lines: number): Promise<void>
}

/** Reads one format. Bad input goes to `sink.rejects`; only what makes the whole file useless is thrown. */
export type FormatReader = (file: CheckedFile, bytes: AsyncIterable<Buffer>, sink: ImportSink) => Promise<void>
