import { existsSync, type FSWatcher, watch } from 'node:fs'
import type { Bell } from '@podwitness/pipeline'

/** Rings when one of several folders changes. */
export class FolderWatches {
  readonly #folders: ReadonlySet<string>
  readonly #bell: Bell
  readonly #watchers = new Map<string, FSWatcher>()

  constructor(folders: readonly string[], bell: Bell) {
    this.#folders = new Set(folders)
    this.#bell = bell
  }

  /** Watches folders that are there and not yet watched: one may be mounted late, or made anew. */
  renew(): void {
    for (const folder of this.#folders) {
      if (this.#watchers.has(folder) || !existsSync(folder)) continue
      try {
        const watcher = watch(folder, () => this.#changed())
        watcher.on('error', () => this.#forget(folder))
        this.#watchers.set(folder, watcher)
      } catch {
        // No watch left (fs.inotify.max_user_watches): the regular look finds the change.
      }
    }
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder)
  }

  #changed(): void {
    this.#bell.ring()
    // A folder that was deleted and made anew has another inode: watch it again.
    for (const folder of this.#watchers.keys()) if (!existsSync(folder)) this.#forget(folder)
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
