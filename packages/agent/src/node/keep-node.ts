import { existsSync, type FSWatcher, watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApplyOptions, applyNode } from './apply-node.ts'
import { type DesiredState, stateOf } from './desired-state.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import { type NodeReport, reportOf } from './node-report.ts'
import { readSet, readState } from './node-state.ts'
import { surveyNode } from './survey-node.ts'

export interface KeepOptions extends Omit<ApplyOptions, 'desired'> {
  /** Reads what is asked for: called at every turn. */
  readonly desired: () => DesiredState
  /** Folders whose change wakes us. */
  readonly folders: readonly string[]
  /** Milliseconds between looks at the node without a change; default 30 000. */
  readonly everyMs?: number
  /** Told after each turn that changed something, failed, or ended in another condition or with another set than the one before. */
  readonly onReport?: (report: NodeReport) => void
  readonly onFailure?: (error: NodeError) => void
}

const EVERY_MS = 30_000
/** kubelet writes a new folder, then swaps the link, then deletes: one turn for all of it. */
const SETTLE_MS = 200

/** Keeps a node as asked for until the signal: at each change of the folders, and every 30 s whatever happened to the node. */
export async function keepNode(machine: Machine, options: KeepOptions, signal: AbortSignal): Promise<void> {
  const alarm = new Alarm(options.folders)
  let told = ''
  try {
    while (!signal.aborted) {
      alarm.watch()
      try {
        const report = await turn(machine, options)
        const words = JSON.stringify([report.condition, report.problems, report.set])
        if (report.changed || words !== told) options.onReport?.(report)
        told = words
      } catch (error) {
        if (!(error instanceof NodeError)) throw error
        if (error.message !== told) options.onFailure?.(error)
        told = error.message
      }
      await alarm.wait(options.everyMs ?? EVERY_MS, signal)
    }
  } finally {
    alarm.close()
  }
}

/** One turn. What was rolled back stays away until it changes; so does what the kernel refused, by the survey itself. */
async function turn(machine: Machine, options: KeepOptions): Promise<NodeReport> {
  const asked = options.desired()
  const { rejected, history } = readState(machine)
  const good = history.at(-1)?.hash ?? ''
  const desired = rejected === asked.hash ? (lastGood(machine, good) ?? asked) : asked
  const report = reportOf(await surveyNode(machine, { ...options, desired }))
  const done = report.condition === 'in-force' && good === desired.hash
  return done ? report : applyNode(machine, { ...options, desired })
}

function lastGood(machine: Machine, hash: string): DesiredState | undefined {
  const files = readSet(machine, hash)
  return files === undefined ? undefined : stateOf(files)
}

/** Wakes a waiting loop when one of several folders changes. */
class Alarm {
  readonly #folders: readonly string[]
  readonly #watchers = new Map<string, FSWatcher>()
  #rang = false
  #wake: (() => void) | undefined

  constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  /** Watches folders that are there and not yet watched: one may be mounted late, or made anew. */
  watch(): void {
    for (const folder of this.#folders) {
      if (this.#watchers.has(folder) || !existsSync(folder)) continue
      try {
        const watcher = watch(folder, () => this.#ring())
        watcher.on('error', () => this.#forget(folder))
        this.#watchers.set(folder, watcher)
      } catch {
        // No watch left (fs.inotify.max_user_watches): the regular look finds the change.
      }
    }
  }

  async wait(atMostMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    if (!this.#rang)
      await Promise.race([woken, sleep(atMostMs, undefined, { signal: AbortSignal.any([signal, stop.signal]) }).catch(() => {})])
    stop.abort()
    this.#wake = undefined
    if (this.#rang) await sleep(SETTLE_MS, undefined, { signal }).catch(() => {})
    this.#rang = false
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder)
  }

  #ring(): void {
    this.#rang = true
    this.#wake?.()
    // A folder that was deleted and made anew has another inode: watch it again.
    for (const folder of this.#watchers.keys()) if (!existsSync(folder)) this.#forget(folder)
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
