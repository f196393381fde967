import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RuleDocument, ruleDocuments } from '@podwitness/alert'
import type { Store } from '@podwitness/store'
import { AlertObjects } from './alert-objects.ts'

const FOLDER = fileURLToPath(new URL('../../../../rules/', import.meta.url))

/** The rules that come with podwitness. */
export async function shippedRules(): Promise<RuleDocument[]> {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')) : []
  const read = files.sort().map((name) => ruleDocuments(readFileSync(join(FOLDER, name), 'utf8')))
  return (await Promise.all(read)).flatMap(({ documents }) => documents)
}

/** Puts rules into a store that has none of that name; those that somebody changed or removed stay as they are. */
export async function installShippedRules(store: Store, nowMs: number): Promise<number> {
  const objects = new AlertObjects(store)
  const known = new Set(await objects.everNamed('rule'))
  let installed = 0
  for (const { rule, yaml } of await shippedRules()) {
    if (known.has(rule.id)) continue
    await objects.saveRule(rule, yaml, nowMs)
    installed++
  }
  return installed
}
