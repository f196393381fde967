import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs a statement that only the engine's owner may run: making rows inside the engine, for one.
 *
 * @param folder Data folder of the open store.
 */
export async function asOwner(folder: string, sql: string): Promise<void> {
  const { url, passwords } = JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8'))
  const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin }
  const response = await fetch(url, { method: 'POST', headers, body: sql })
  if (!response.ok) throw new Error(await response.text())
}
