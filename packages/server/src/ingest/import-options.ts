import type { ImportProgress } from './meter.ts'

export interface ImportOptions {
  /** Cluster the data is of. Default `default`. */
  readonly cluster?: string
  /** Node of audit lines that name none. */
  readonly node?: string
  /** Where rejects files go. */
  readonly rejectsDir: string
  /** Import what can be read of a damaged gzip. */
  readonly salvage?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
}

/** What became of one file. */
export interface ImportedFile {
  readonly path: string
  readonly format: string
  readonly importId: string
  /** `imported`, or `known` where the same content had been imported before. */
  readonly result: 'imported' | 'known'
  readonly lines: number
  readonly events: number
  readonly duplicates: number
  readonly rejects: number
  readonly rejectsByCode: Readonly<Record<string, number>>
  /** Empty where nothing was rejected. */
  readonly rejectsPath: string
}
