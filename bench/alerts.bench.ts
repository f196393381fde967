/**
 * How long a preview of a rule over seven days takes. Run: npx tsx --conditions=podwitness-source bench/alerts.bench.ts [EVENTS]
 *
 * The events are made inside the engine: commands of many sessions, one in fifty of them a risky program in a session.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { previewRule } from '../packages/server/src/alerts/preview-rule.ts'
import { shippedRules } from '../packages/server/src/alerts/shipped-rules.ts'
import { readEngineFile } from '../packages/store/src/engine/engine-file.ts'
import { openStore } from '../packages/store/src/index.ts'

const EVENTS = Number(process.argv[2] ?? 1_000_000)
const PIECE = 100_000
const FROM_MS = Date.UTC(2026, 10, 14)
const WEEK_MS = 7 * 86_400_000

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const store = await openStore({ dataDir: folder, role: 'server' })
try {
  const engine = readEngineFile(folder)
  if (engine === null || engine === undefined) throw new Error('There is no engine.')
  const send = async (sql: string): Promise<void> => {
    const headers = { 'x-clickhouse-user': 'admin', 'x-clickhouse-key': engine.passwords.admin }
    const answer = await fetch(`${engine.url}/`, { method: 'POST', body: sql, headers })
    const text = await answer.text()
    if (!answer.ok) throw new Error(text.slice(0, 500))
  }
  const time = `toDateTime64(${FROM_MS / 1000} + number * ${WEEK_MS / 1000} / ${EVENTS}, 6, 'UTC')`
  // A risky program is one of a session in one of a thousand events; everything else is what nodes run by themselves.
  for (let at = 0; at < EVENTS; at += PIECE) {
    const rows = Math.min(PIECE, EVENTS - at)
    await send(`INSERT INTO audit.events (time, event_id, kind, cluster, node, name, cmdline, trace_id, raw)
      SELECT ${time}, concat('e', toString(number)), 'Command', 'dev', concat('node-', toString(number % 20)),
        if(number % 1000 = 0, 'curl', 'ls'), concat(if(number % 1000 = 0, 'curl', 'ls'), ' /tmp/', toString(number)),
        if(number % 100 = 0, concat('t', toString(intDiv(number, 10000))), ''), '' FROM numbers(${at}, ${rows})`)
  }
  await send(`INSERT INTO audit.sessions (trace_id, entry, confidence, user, cluster, start, end, version)
    SELECT concat('t', toString(number)), 'exec', 'matched', concat('user-', toString(number % 40)), 'dev',
    toDateTime64(${FROM_MS / 1000}, 6, 'UTC'), toDateTime64(${FROM_MS / 1000}, 6, 'UTC'), 1 FROM numbers(${Math.ceil(EVENTS / 10_000)})`)
  for (const { rule } of (await shippedRules()).filter(({ rule }) => rule.id.startsWith('ack-'))) {
    const times: number[] = []
    let rows = 0
    for (let round = 0; round < 3; round++) {
      const preview = await previewRule(store, rule, FROM_MS, FROM_MS + WEEK_MS)
      times.push(preview.elapsedMs)
      rows = preview.rows
    }
    process.stdout.write(`${rule.id}: ${EVENTS} events, ${rows} rows would alert, ${times.join(', ')} ms\n`)
  }
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
