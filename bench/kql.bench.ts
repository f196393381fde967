/**
 * What KQL costs: how long a query takes to compile once warm, and how its SQL compares with SQL written by hand for the
 * ten shapes of hunting, in the same run on the same rows.
 *
 * Run: npx tsx --conditions=podwitness-source bench/kql.bench.ts [ROWS]
 *
 * Rows are made: five days, 40 people, 200 pods, one rare word in 100 000 lines. Wall times of a shared machine are
 * worth little by themselves; each pair is measured in turns and the best of its runs counts. The engine's cache of
 * conditions is off, since it would answer repeated questions from memory.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileKqlHere } from '../packages/query/src/kql/compile-kql-here.ts'
import { blankRow, openStore, type Store, type TableRows } from '../packages/store/src/index.ts'
import { HUNTING_QUERIES } from '../tests/hunting/queries.ts'

const ROWS = Number(process.argv[2] ?? 2_000_000)
const BATCH = 20_000
const RUNS = 7
const DAYS = 5
const START_MS = Date.UTC(2026, 10, 16)
const PROGRAMS = ['ls', 'cat', 'sh', 'curl', 'rm', 'ps', 'id', 'find', 'grep', 'python3', 'tar', 'env', 'nginx', 'sleep']
const KINDS = ['Command', 'Command', 'Command', 'LinuxAudit', 'KubeAudit']

/** A fixed stream of numbers: every run measures the same rows. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
const random = numbers(11)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const hex = () =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

function row(at: number): TableRows['events'] {
  const time = new Date(START_MS + (at / ROWS) * DAYS * 86_400_000).toISOString().replace('T', ' ').replace('Z', '000')
  const name = pick(PROGRAMS)
  const rare = at % 100_000 === 5 ? ' exfiltrate7' : ''
  const cmdline = `${name} --file /srv/data/${hex()}.log --user u${at % 977}${at % 20 === 0 ? ' https' : ''}${rare}`
  return {
    ...blankRow('events'),
    time,
    event_id: `e${at}`,
    kind: pick(KINDS),
    cluster: 'c1',
    node: `n${at % 20}`,
    trace_id: `t${Math.floor(at / 50)}`,
    pod: `pod-${Math.floor(random() * 200)}`,
    ns: 'shop',
    user: `user-${Math.floor(random() * 40)}`,
    name,
    exe: `/usr/bin/${name}`,
    cmdline,
    raw: cmdline,
  }
}

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
    "SELECT count() FROM audit.events WHERE hasTokenCaseInsensitive(cmdline, 'exfiltrate7')",
  ],
  [
    'a regular expression',
    'Events | where CommandLine matches regex @"u9\\d\\d https$" | count',
    "SELECT count() FROM audit.events WHERE match(cmdline, 'u9\\\\d\\\\d https$')",
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

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < ROWS; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, ROWS - from) }, (_, at) => row(from + at))
    await store.writer.insert('events', rows, `bench-${from}`)
  }
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

const folder = mkdtempSync(join(tmpdir(), 'podwitness-kql-bench-'))
const store = await openStore({ dataDir: folder, role: 'server' })
try {
  await compileTimes()
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
  rmSync(folder, { recursive: true, force: true })
}
