import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { BACKUP_MANIFEST, newManifest } from './backup-manifest.ts'
import { findBackups } from './find-backups.ts'
import { type PruneRules, planPrune, pruneBackups } from './prune-backups.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-prune-'))
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})

const nameOf = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T03-00-00Z`
const NOW = Date.parse('2026-11-21T03:00:00Z')

/** Backups of some days of November; each with the day it builds on, 0 where it is whole, −1 where it cannot be read. */
function lay(backups: Readonly<Record<number, number>>): void {
  for (const [day, base] of Object.entries(backups)) {
    const id = nameOf(Number(day))
    const created = `${id.slice(0, 10)}T03:00:00Z`
    const words = { id, created, finished: created, engine: '', schema: 1, ledger: [], files: [], publicKey: '' }
    mkdirSync(join(folder, id))
    const text = base < 0 ? 'cut' : JSON.stringify(newManifest({ ...words, base: base === 0 ? '' : nameOf(base) }))
    writeFileSync(join(folder, id, BACKUP_MANIFEST), text)
  }
}

const goingOf = (rules: PruneRules): string[] =>
  planPrune(folder, rules, NOW)
    .filter(({ goes }) => goes)
    .map(({ id }) => id)

/** Two weeks: whole ones on the 7th and 14th, and on each day between one that builds on the one before. */
const TWO_WEEKS = { 7: 0, 8: 7, 9: 7, 14: 0, 15: 14, 16: 14 }

it.each<[string, Readonly<Record<number, number>>, PruneRules, number[]]>([
  ['the newest by number, and what they build on', TWO_WEEKS, { keep: 2 }, [7, 8, 9]],
  ['a base only with the last that builds on it', TWO_WEEKS, { keep: 4 }, [8]],
  ['by age', TWO_WEEKS, { days: 6 }, [7, 8, 9]],
  ['by age or number, whichever is more', TWO_WEEKS, { days: 1, keep: 3 }, [7, 8, 9]],
  ['never the last one', { 7: 0 }, { days: 1 }, []],
  ['never the newest whole one, which the next may be building on now', { 7: 0, 14: 0, 15: 7 }, { keep: 1 }, []],
  ['never one that cannot be read', { 7: -1, 8: 0, 9: 0 }, { keep: 1 }, [8]],
  ['those that are named', TWO_WEEKS, { named: [nameOf(8), nameOf(15)] }, [8, 15]],
  ['a base that is named with what builds on it', TWO_WEEKS, { named: [7, 8, 9].map(nameOf) }, [7, 8, 9]],
  ['of nothing, nothing', {}, { keep: 1 }, []],
])('lets go %s', (_what, backups, rules, days) => {
  lay(backups)
  expect(goingOf(rules)).toEqual(days.map(nameOf))
})

it.each<[string, string, RegExp]>([
  ['the base of one that stays', nameOf(7), /builds on it/],
  ['the newest', nameOf(16), /it is the newest/],
  ['one that is not there', nameOf(1), /There is no backup/],
])('refuses %s', (_what, name, words) => {
  lay(TWO_WEEKS)
  expect(() => planPrune(folder, { named: [name] }, NOW)).toThrow(words)
})

it('removes what goes and nothing else', () => {
  lay(TWO_WEEKS)
  pruneBackups(planPrune(folder, { keep: 2 }, NOW))
  expect(readdirSync(folder).sort()).toEqual([14, 15, 16].map(nameOf))
  expect(findBackups(folder)).toHaveLength(3)
})
