/**
 * How long the preview of each shipped rule takes over seven days. Run:
 * npx tsx --conditions=podwitness-source bench/alerts.bench.ts [EVENTS]
 *
 * The events are made inside the engine, in a folder that is deleted afterwards. Seven in ten are commands, one in a
 * hundred of them in a session, one in a hundred a risky program; the others are requests to the API server, one in a
 * thousand of them refused. 300 exec requests a day.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstRule, soundRules } from '../packages/server/src/alerts/alert-desk.ts'
import { previewRule } from '../packages/server/src/alerts/preview-rule.ts'
import { shippedRules } from '../packages/server/src/alerts/shipped-rules.ts'
import { readEngineFile } from '../packages/store/src/engine/engine-file.ts'
import { openStore } from '../packages/store/src/index.ts'

const EVENTS = Number(process.argv[2] ?? 10_000_000)
const ENTRIES = 2_100
const PIECE = 100_000
const ROUNDS = 3
const FROM_MS = Date.UTC(2026, 10, 14)
const WEEK_MS = 7 * 86_400_000
/** A rule that is much too wide, as a first draft often is: it finds every command of every session. */
const WIDE = `id: too-wide
query: {lang: sls, text: 'kind: Command | select "time", "eventId", "k8s.user.username", "process.cmdline" from log'}
groupBy: [k8s.user.username]
`

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const store = await openStore({ dataDir: folder, role: 'server' })

async function send(sql: string): Promise<void> {
  const engine = readEngineFile(folder)
  if (engine === null || engine === undefined) throw new Error('There is no engine.')
  const headers = { 'x-clickhouse-user': 'admin', 'x-clickhouse-key': engine.passwords.admin }
  const answer = await fetch(`${engine.url}/`, { method: 'POST', body: sql, headers })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text.slice(0, 500))
}

const momentOf = (of: number): string => `toDateTime64(${FROM_MS / 1000} + number * ${WEEK_MS / 1000} / ${of}, 6, 'UTC')`

async function makeEvents(): Promise<void> {
  for (let at = 0; at < EVENTS; at += PIECE)
    await send(`INSERT INTO audit.events (time, event_id, kind, cluster, node, name, cmdline, trace_id, uid, raw,
        stage, verb, resource, user, status, source_ip, request_uri)
      SELECT ${momentOf(EVENTS)}, lower(hex(sipHash128(number))), if(number % 10 < 7, 'Command', 'KubeAudit') AS k, 'dev',
        concat('node-', toString(number % 20)), if(k = 'Command', multiIf(number % 100 = 1, 'curl', number % 3 = 0, 'sh', 'ls'), '') AS program,
        if(k = 'Command', concat(program, ' /tmp/', toString(number)), ''),
        if(k = 'Command' AND number % 100 IN (1, 2), concat('t', toString(intDiv(number, 10000))), ''), number % 2 * 1000, '',
        if(k = 'Command', '', 'ResponseComplete'), if(k = 'Command', '', 'get'), if(k = 'Command', '', 'pods'),
        if(k = 'Command', '', concat('user-', toString(number % 40))), if(k = 'Command', 0, if(number % 3000 = 7, 403, 200)),
        if(k = 'Command', '', concat('10.0.0.', toString(number % 40))), if(k = 'Command', '', '/api/v1/pods')
      FROM numbers(${at}, ${Math.min(PIECE, EVENTS - at)})`)
  await send(`INSERT INTO audit.sessions (trace_id, entry, confidence, user, cluster, start, end, version)
    SELECT concat('t', toString(number)), 'exec', 'matched', concat('user-', toString(number % 40)), 'dev',
    ${momentOf(Math.ceil(EVENTS / 10_000))} AS began, began, 1 FROM numbers(${Math.ceil(EVENTS / 10_000)})`)
  await send(`INSERT INTO audit.entries (event_id, trace_id, time, cluster, operation, user, ns, pod, command, status, version)
    SELECT concat('x', toString(number)), concat('t', toString(number)), ${momentOf(ENTRIES)}, 'dev', 'PodExec',
    concat('user-', toString(number % 40)), 'shop', 'cart', ['sh'], 101, 1 FROM numbers(${ENTRIES})`)
}

try {
  const began = performance.now()
  await makeEvents()
  process.stdout.write(`${EVENTS} events made in ${Math.round((performance.now() - began) / 1000)} s\n`)
  const rules = [...(await shippedRules()).map(({ rule }) => rule), firstRule(await soundRules(WIDE))]
  for (const rule of rules) {
    const times: number[] = []
    let told = ''
    for (let round = 0; round < ROUNDS; round++) {
      const { rows, alerts, truncated, windows, elapsedMs } = await previewRule(store, rule, FROM_MS, FROM_MS + WEEK_MS)
      times.push(elapsedMs)
      told = `${rows} | ${alerts} | ${truncated ? `${windows.looked} of ${windows.all} windows` : 'all of it'}`
    }
    process.stdout.write(`| \`${rule.id}\` | ${told} | ${times.join(', ')} |\n`)
  }
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
