/**
 * What KQL costs: how long a query takes to compile once warm, and how its SQL compares with SQL written by hand for the
 * ten shapes of hunting, in the same run on the same rows.
 *
 * Run: npx tsx --conditions=podwitness-source bench/kql.bench.ts [ROWS [FOLDER]]
 *
 * Rows are made: five days, 40 people, 200 pods, one rare word in 100 000 lines. Wall times of a shared machine are
 * worth little by themselves; each pair is measured in turns and the best of its runs counts. The engine's cache of
 * conditions is off, since it would answer repeated questions from memory.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileKqlHere } from '../packages/query/src/kql/compile-kql-here.ts'
import { openStore, type Store } from '../packages/store/src/index.ts'
import { HUNTING_QUERIES } from '../tests/hunting/queries.ts'
import { asOwner } from './as-owner.ts'

const ROWS = Number(process.argv[2] ?? 10_000_000)
/** Where the rows are kept for the next run; without it they are deleted. */
const KEPT = process.argv[3]
const BATCH = 100_000
const RUNS = 9
const DAYS = 5
const START_MS = Date.UTC(2026, 10, 16)
const PROGRAMS = ['ls', 'cat', 'sh', 'curl', 'rm', 'ps', 'id', 'find', 'grep', 'python3', 'tar', 'env', 'nginx', 'sleep']
const KINDS = ['Command', 'Command', 'Command', 'LinuxAudit', 'KubeAudit']

/** The same rows on every run: each is made of its number alone, in the engine. */
const pick = (list: readonly string[], salt: number): string => {
  const quoted = list.map((one) => `'${one}'`).join(', ')
  return `[${quoted}][1 + cityHash64(number, ${salt}) % ${list.length}]`
}
const hex = 'lower(hex(toUInt32(cityHash64(number, 7))))'
const rows = (first: number, count: number): string => `INSERT INTO audit.events
  (time, event_id, kind, cluster, node, trace_id, pod, ns, user, name, exe, cmdline, raw)
WITH ${pick(PROGRAMS, 1)} AS program,
  concat(program, ' --file /srv/data/', ${hex}, '.log --user u', toString(number % 977), if(number % 20 = 0, ' https', ''),
    if(number % 100000 = 5, ' exfiltrate7', '')) AS line
SELECT toDateTime64('${new Date(START_MS).toISOString().slice(0, 10)}', 6, 'UTC') + toIntervalMicrosecond(intDiv(number * ${DAYS * 86_400_000_000}, ${ROWS})),
  concat('e', toString(number)), ${pick(KINDS, 2)}, 'c1', concat('n', toString(number % 20)), concat('t', toString(intDiv(number, 50))),
  concat('pod-', toString(cityHash64(number, 3) % 200)), 'shop', concat('user-', toString(cityHash64(number, 4) % 40)), program,
  concat('/usr/bin/', program), line, line
FROM numbers(${first}, ${count})`

const DAY = "time >= '2026-11-20 00:00:00' AND time < '2026-11-21 00:00:00'"
const DAY_KQL = 'TimeGenerated >= datetime(2026-11-20) and TimeGenerated < datetime(2026-11-21)'
/** A shape in KQL, and as somebody who knows the tables would write it. */
const SHAPES: readonly (readonly [name: string, kql: string, sql: string])[] = [
  ['a session by its id', 'Events | where TraceId == "t777" | count', "SELECT count() FROM audit.events WHERE trace_id = 't777'"],
  [
    'programs of a pod in a day',
    `Events | where ${DAY_KQL} and Kind == "Command" and Pod == "pod-7" | summarize Lines = count_distinct(CommandLine), N = count() by Exe`,
    `SELECT exe, uniqExact(cmdline), count() FROM audit.events WHERE ${DAY} AND kind = 'Command' AND pod = 'pod-7' GROUP BY exe`,
  ],
  [
    'a pod in a day',
    `Events | where ${DAY_KQL} and Pod == "pod-7" | count`,
    `SELECT count() FROM audit.events WHERE ${DAY} AND pod = 'pod-7'`,
  ],
  [
    'a rare word',
    'Events | where CommandLine has_cs "exfiltrate7" | count',
    "SELECT count() FROM audit.events WHERE hasToken(cmdline, 'exfiltrate7')",
  ],
  [
    'two words, newest 100',
    'Events | where CommandLine has_cs "curl" and CommandLine has_cs "https" | top 100 by TimeGenerated | project TimeGenerated, CommandLine',
    "SELECT time, cmdline FROM audit.events WHERE hasToken(cmdline, 'curl') AND hasToken(cmdline, 'https') ORDER BY time DESC LIMIT 100",
  ],
  [
    'a common word',
    'Events | where CommandLine has_cs "curl" | count',
    "SELECT count() FROM audit.events WHERE hasToken(cmdline, 'curl')",
  ],
  [
    'a word in any case',
    'Events | where CommandLine has "EXFILTRATE7" | count',
    "SELECT count() FROM audit.events WHERE hasToken(lower(cmdline), 'exfiltrate7')",
  ],
  [
    'a regular expression',
    'Events | where CommandLine matches regex @"u9\\d\\d https$" | count',
    "SELECT count() FROM audit.events WHERE match(cmdline, 'u9\\\\d\\\\d https$')",
  ],
  [
    'part of a text, newest 100',
    'Events | where CommandLine contains "/data/00" | top 100 by TimeGenerated | project TimeGenerated, CommandLine',
    "SELECT time, cmdline FROM audit.events WHERE positionCaseInsensitiveUTF8(cmdline, '/data/00') > 0 ORDER BY time DESC LIMIT 100",
  ],
  ['one user, all time', 'Events | where User == "user-7" | count', "SELECT count() FROM audit.events WHERE user = 'user-7'"],
  [
    'ten programs, all time',
    'Events | summarize N = count() by Exe | top 10 by N',
    'SELECT exe, count() AS n FROM audit.events GROUP BY exe ORDER BY n DESC LIMIT 10',
  ],
  [
    'newest 200',
    'Events | top 200 by TimeGenerated | project TimeGenerated, Kind, User, CommandLine',
    'SELECT time, kind, user, cmdline FROM audit.events ORDER BY time DESC LIMIT 200',
  ],
  [
    'ten users of a day',
    `Events | where ${DAY_KQL} | summarize N = count() by User | top 10 by N`,
    `SELECT user, count() AS n FROM audit.events WHERE ${DAY} GROUP BY user ORDER BY n DESC LIMIT 10`,
  ],
  [
    'five-minute histogram of a day',
    `Events | where ${DAY_KQL} | summarize count() by bin(TimeGenerated, 5m), Kind`,
    `SELECT toStartOfInterval(time, INTERVAL 5 MINUTE) AS t, kind, count() FROM audit.events WHERE ${DAY} GROUP BY t, kind`,
  ],
]

/** Steps over ordered rows, which SQL has no way to say. */
const SCANS: readonly (readonly [name: string, kql: string])[] = [
  ['a running sum over 20,000 rows', scanOf(20_000, 'declare (n:long=0)', 'step a: true => n = a.n + x;')],
  ['a running sum over 100,000 rows', scanOf(100_000, 'declare (n:long=0)', 'step a: true => n = a.n + x;')],
  [
    'three steps over 20,000 rows',
    scanOf(20_000, '', 'step a: x % 3 == 0; step b: x % 5 == 0 and x > a.x; step c: x % 7 == 0 and x - a.x < 90;'),
  ],
]

function scanOf(count: number, head: string, steps: string): string {
  return `range x from 1 to ${count} step 1 | sort by x asc | scan ${head} with (${steps}) | count`
}

async function fill(store: Store): Promise<void> {
  const { rows: counted } = await store.reader.query({ sql: 'SELECT count() AS n FROM audit.events' })
  for (let first = Number(counted[0]?.[0] ?? 0); first < ROWS; first += BATCH)
    await asOwner(folder, rows(first, Math.min(BATCH, ROWS - first)))
}

async function compileTimes(): Promise<void> {
  const times: number[] = []
  for (const { query } of HUNTING_QUERIES) await compileKqlHere({ text: query }).catch(() => undefined)
  for (let round = 0; round < 3; round += 1)
    for (const { query } of HUNTING_QUERIES) {
      const start = performance.now()
      await compileKqlHere({ text: query }).catch(() => undefined)
      times.push(performance.now() - start)
    }
  times.sort((a, b) => a - b)
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1)
  process.stdout.write(`compile, ${times.length} times: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms\n\n`)
}

async function timeOf(store: Store, sql: string, params: Readonly<Record<string, unknown>>): Promise<number> {
  const start = performance.now()
  await store.reader.query({ sql: `${sql} SETTINGS use_query_condition_cache = 0`, params, profile: 'hunt' })
  return performance.now() - start
}

const folder = KEPT ?? mkdtempSync(join(tmpdir(), 'podwitness-kql-bench-'))
const store = await openStore({ dataDir: folder, role: 'server' })
try {
  await compileTimes()
  for (const [name, kql] of SCANS) {
    const { sql, params } = await compileKqlHere({ text: kql })
    const took = await timeOf(store, sql, params).catch((error: Error) => error)
    process.stdout.write(`${name}: ${took instanceof Error ? took.message : `${took.toFixed(0)} ms`}\n`)
  }
  await fill(store)
  process.stdout.write(`${ROWS} rows\n\n| shape | KQL ms | SQL by hand ms | ratio |\n|---|---|---|---|\n`)
  for (const [name, kql, byHand] of SHAPES) {
    const { sql, params } = await compileKqlHere({ text: kql })
    const best = { kql: Number.POSITIVE_INFINITY, sql: Number.POSITIVE_INFINITY }
    for (let run = 0; run < RUNS; run += 1) {
      best.kql = Math.min(best.kql, await timeOf(store, sql, params))
      best.sql = Math.min(best.sql, await timeOf(store, byHand, {}))
    }
    const ratio = (best.kql / best.sql).toFixed(2)
    process.stdout.write(`| ${name} | ${best.kql.toFixed(1)} | ${best.sql.toFixed(1)} | ${ratio} |\n`)
  }
} finally {
  await store.close()
  if (KEPT === undefined) rmSync(folder, { recursive: true, force: true })
}
