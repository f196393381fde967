import { renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../durable-file.ts'
import { BackupError } from './backup-error.ts'
import { type FoundBackup, findBackups } from './find-backups.ts'

const DAY_MS = 86_400_000

/** Which backups stay; where several are given, one of them is enough. */
export interface PruneRules {
  /** How many of the newest. */
  readonly keep?: number
  /** Those that are no older, days. */
  readonly days?: number
  /** All but these, by name; then nothing else is asked. */
  readonly named?: readonly string[]
}

/** What is to become of a backup. */
export interface PruneDecision extends FoundBackup {
  readonly id: string
  readonly goes: boolean
  /** Why it stays; empty where it goes. */
  readonly why: string
}

/**
 * Says which backups of a folder go. What another builds on stays as long as that one does; so does the newest, the
 * newest whole one (the next may be building on it now), and what cannot be read, of which nobody knows what it holds.
 *
 * @param nowMs Milliseconds since the epoch.
 * @throws BackupError PW-BK-003 for a name that is none of them, PW-BK-009 where one that was named must stay.
 */
export function planPrune(into: string, rules: PruneRules, nowMs: number): PruneDecision[] {
  const found = findBackups(into)
  const reasons = new Map<string, string>()
  const readable = found.filter(({ manifest }) => manifest !== undefined).reverse()
  readable.forEach((one, place) => {
    const why = reasonOf(one, place, rules, nowMs)
    if (why !== '') reasons.set(one.folder, why)
  })
  const whole = readable.find(({ manifest }) => manifest?.base === '')
  if (whole !== undefined && !reasons.has(whole.folder)) reasons.set(whole.folder, 'it is the newest whole one')
  // Newest first: what builds on one is later than it.
  for (const { folder, manifest } of readable) {
    if (manifest === undefined || manifest.base === '' || !reasons.has(folder)) continue
    const base = join(dirname(folder), manifest.base)
    if (!reasons.has(base)) reasons.set(base, `${manifest.id} builds on it`)
  }
  const plan = found.map((one) => {
    const why = one.manifest === undefined ? 'its manifest cannot be read' : (reasons.get(one.folder) ?? '')
    return { ...one, id: basename(one.folder), goes: why === '', why }
  })
  for (const name of rules.named ?? []) refuseToKeep(into, name, plan)
  return plan
}

function reasonOf({ manifest, folder }: FoundBackup, place: number, { keep, days, named }: PruneRules, nowMs: number): string {
  if (place === 0) return 'it is the newest'
  if (named !== undefined) return named.includes(basename(folder)) ? '' : 'it was not named'
  if (place < (keep ?? 0)) return `it is one of the newest ${keep}`
  const young = days !== undefined && nowMs - Date.parse(manifest?.created ?? '') <= days * DAY_MS
  return young ? `it is no older than ${days} days` : ''
}

function refuseToKeep(into: string, name: string, plan: readonly PruneDecision[]): void {
  const one = plan.find(({ id }) => id === name)
  if (one === undefined)
    throw new BackupError('PW-BK-003', {
      what: `There is no backup ${name} in ${into}.`,
      todo: `See which there are: podwitness backup list FOLDER`,
    })
  if (!one.goes)
    throw new BackupError('PW-BK-009', {
      what: `Backup ${name} is not removed.`,
      why: `It must stay: ${one.why}.`,
      todo: 'Remove what builds on it first, or take a newer whole backup: podwitness backup create --whole.',
    })
}

/**
 * Removes what goes, the newest first: whatever ends this half-way, nothing is left that builds on what is gone. A
 * backup loses its name first, so that none is ever half there.
 */
export function pruneBackups(plan: readonly PruneDecision[]): void {
  const going = plan.filter(({ goes }) => goes).reverse()
  for (const { folder, id } of going) {
    const doomed = join(dirname(folder), `.${id}.removed`)
    renameSync(folder, doomed)
    syncFolder(dirname(folder))
    rmSync(doomed, { recursive: true, force: true })
  }
}
