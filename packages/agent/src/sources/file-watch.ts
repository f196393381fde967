import { type FSWatcher, watch } from 'node:fs'
import { Bell, pause } from '@podwitness/pipeline'

/** How often a file is looked at that changes, and one that cannot be watched, milliseconds. */
const POLL_MS = 200
/** From the first look after a change to the next, milliseconds: an event is written record by record. */
const SOON_MS = 20
/** How often a watched file is looked at all the same: some file systems tell nothing. */
const SLOW_MS = 2000
/** Changes in a row that were found and not told: watching is of no use here. */
const MOST_UNTOLD = 3

/**
 * Says when a file is worth another look: soon while it changes, and when the system tells of a change after that
 * (inotify(7), through Node's `fs.watch`). The watch is there only while nothing happens: a busy log would be told of at each write.
 */
export class FileWatch {
  readonly #path: string
  readonly #bell = new Bell()
  #watcher: FSWatcher | undefined
  #untold = 0
  /** A change was just told. */
  #soon = false
  /** How the last wait at the watch ended. */
  #last: 'told' | 'untold' | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** The last look found something. */
  found(): void {
    if (this.#last === 'untold') this.#untold++
    if (this.#last === 'told') this.#untold = 0
    this.#last = undefined
    this.close()
  }

  /**
   * The last look found nothing: waits until another one is worth while.
   *
   * @param atMostMs Longest wait, milliseconds.
   * @returns Whether a change was told.
   */
  async changed(signal: AbortSignal, atMostMs: number): Promise<boolean> {
    if (this.#untold >= MOST_UNTOLD) {
      await pause(POLL_MS, signal)
      return false
    }
    if (this.#watcher === undefined) {
      const soon = this.#soon
      this.#soon = false
      await pause(soon ? SOON_MS : POLL_MS, signal)
      if (!soon && !signal.aborted) this.#open()
      return false // What came before the watch was there is found by one more look.
    }
    const told = await this.#bell.heard(signal, Math.min(atMostMs, SLOW_MS))
    this.#last = told ? 'told' : 'untold'
    this.#soon = told
    if (told) this.close()
    return told
  }

  close(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  /** A file that is not there, or a system without room for another watch, is looked at now and then. */
  #open(): void {
    try {
      this.#watcher = watch(this.#path, { persistent: false }, () => this.#bell.ring())
      this.#watcher.on('error', () => this.close())
    } catch {
      this.#watcher = undefined
    }
  }
}
