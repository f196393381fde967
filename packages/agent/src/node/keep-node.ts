import { Bell, pause } from '@podwitness/pipeline'
import { type ApplyOptions, applyNode } from './apply-node.ts'
import { type DesiredState, stateOf } from './desired-state.ts'
import { FolderWatches } from './folder-watches.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import { type NodeReport, reportOf } from './node-report.ts'
import { readSet, readState } from './node-state.ts'
import { RULES_FOLDER } from './own-file.ts'
import { surveyNode } from './survey-node.ts'

export interface KeepOptions extends Omit<ApplyOptions, 'desired'> {
  /** Reads what is asked for: called at every turn. */
  readonly desired: () => DesiredState
  /** Folders whose change wakes us. */
  readonly folders: readonly string[]
  /** Rung by who knows that something happened to the node. */
  readonly woken?: Bell
  /** Milliseconds between looks at the node without a change; default 30 000. */
  readonly everyMs?: number
  /** Told after each turn that changed something, failed, or ended in another condition or with another set than the one before. */
  readonly onReport?: (report: NodeReport) => void
  readonly onFailure?: (error: NodeError) => void
}

const EVERY_MS = 30_000
/** kubelet writes a new folder, then swaps the link, then deletes: one turn for all of it. */
const SETTLE_MS = 200
/** Least time from turn to turn, milliseconds: our own changes wake us too, and others may undo them again and again. */
const LEAST_MS = 500
/** Where files of ours are, in either version of auditd: one that is changed or deleted wakes us. */
const OWN_FOLDERS = [RULES_FOLDER, '/etc/audit/plugins.d', '/etc/audisp/plugins.d']

/**
 * Keeps a node as asked for until the signal: at each change of the folders, when it is told that something happened, and
 * every 30 s whatever that was.
 */
export async function keepNode(machine: Machine, options: KeepOptions, signal: AbortSignal): Promise<void> {
  const bell = options.woken ?? new Bell()
  const watches = new FolderWatches([...options.folders, ...OWN_FOLDERS.map((folder) => machine.path(folder))], bell)
  let told = ''
  try {
    while (!signal.aborted) {
      const begunMs = Date.now()
      watches.renew()
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
      if (await bell.heard(signal, options.everyMs ?? EVERY_MS))
        await pause(Math.max(SETTLE_MS, begunMs + LEAST_MS - Date.now()), signal)
      bell.still()
    }
  } finally {
    watches.close()
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
