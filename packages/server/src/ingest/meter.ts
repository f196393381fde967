import type { Recognised } from './recognise.ts'

/** What an import is doing, several times a second. */
export interface ImportProgress {
  readonly path: string
  readonly phase: 'check' | 'import' | 'pair'
  /** Bytes as stored, over all files of this import. */
  readonly doneBytes: number
  readonly totalBytes: number
  readonly lines: number
  readonly events: number
  readonly duplicates: number
  readonly rejects: number
  /** Events a second since the start. */
  readonly ratePerSecond: number
  /** Seconds to go; `null` while it cannot be told. */
  readonly etaSeconds: number | null
}

/** Adds up progress over all files. */
export class Meter {
  readonly #report: ((progress: ImportProgress) => void) | undefined
  readonly #totalBytes: number
  readonly #began = performance.now()
  #lastReport = 0
  #path = ''
  #phase: ImportProgress['phase'] = 'check'
  #before = 0
  #current = 0
  #lines = 0
  #events = 0
  #duplicates = 0
  #rejects = 0

  constructor(files: readonly Recognised[], report: ((progress: ImportProgress) => void) | undefined) {
    this.#report = report
    this.#totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  begin(file: Recognised, phase: ImportProgress['phase']): void {
    this.#path = file.path
    this.#phase = phase
    this.#current = 0
    this.#emit()
  }

  end(file: Recognised): void {
    this.#before += file.sizeBytes
    this.#current = 0
    this.#emit()
  }

  phase(phase: ImportProgress['phase']): void {
    this.#phase = phase
    this.#emit(true)
  }

  advance(step: { readBytes: number; lines: number; events: number; duplicates: number; rejects: number }): void {
    this.#current = step.readBytes
    this.#lines += step.lines
    this.#events += step.events
    this.#duplicates += step.duplicates
    this.#rejects += step.rejects
    this.#emit()
  }

  #emit(now = false): void {
    const at = performance.now()
    if (this.#report === undefined || (!now && at - this.#lastReport < REPORT_MS)) return
    this.#lastReport = at
    const doneBytes = Math.min(this.#totalBytes, this.#before + this.#current)
    const seconds = (at - this.#began) / 1000
    this.#report({
      path: this.#path,
      phase: this.#phase,
      doneBytes,
      totalBytes: this.#totalBytes,
      lines: this.#lines,
      events: this.#events,
      duplicates: this.#duplicates,
      rejects: this.#rejects,
      ratePerSecond: this.#events / Math.max(seconds, 0.001),
      etaSeconds: doneBytes === 0 || this.#phase === 'check' ? null : (seconds / doneBytes) * (this.#totalBytes - doneBytes),
    })
  }
}

/** Shortest time between two reports, milliseconds. */
const REPORT_MS = 100
