/**
 * What a search of SLS costs that names no field: on the same rows, in the same run, with the condition that lets the
 * engine leave out stretches of time and without it.
 *
 * Run: npx tsx --conditions=podwitness-source bench/sls-search.bench.ts [ROWS [FOLDER]]
 *
 * Rows are made, all of them commands of people's sessions: five days, 50 commands a session, 40 users, 200 pods, one
 * rare word in 100,000 lines. Each pair is measured in turns under the limits people's queries have (30 s, 500 MB), and
 * the best of its runs counts. The engine's cache of conditions is off, since it would answer repeated questions from memory.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { advauditCatalog, type Catalog, compile } from '../packages/query/src/index.ts'
import { openStore, type Store } from '../packages/store/src/index.ts'
import { asOwner } from './as-owner.ts'

const ROWS = Number(process.argv[2] ?? 10_000_000)
/** Where the rows are kept for the next run; without it they are deleted. */
const KEPT = process.argv[3]
const BATCH = 100_000
const RUNS = 3
const DAYS = 5
const PER_SESSION = 50
const START = '2026-11-16'
const PROGRAMS = ['ls', 'cat', 'sh', 'curl', 'rm', 'ps', 'id', 'find', 'grep', 'python3', 'tar', 'env', 'nginx', 'sleep']

/** The same rows on every run: each is made of its number alone, in the engine. */
const program = `[${PROGRAMS.map((one) => `'${one}'`).join(', ')}][1 + cityHash64(number, 1) % ${PROGRAMS.length}]`
const time = `toDateTime64('${START}', 6, 'UTC') + toIntervalMicrosecond(intDiv(number * ${DAYS * 86_400_000_000}, ${ROWS}))`
const trace = `concat('t', toString(intDiv(number, ${PER_SESSION})))`
const pod = `concat('pod-', toString(intDiv(number, ${PER_SESSION}) % 200))`

/** A row of `placements` is made of each by the store itself; what the session knows comes with the session. */
const events = (first: number, count: number): string => `INSERT INTO audit.events
  (time, event_id, kind, cluster, node, trace_id, pod, ns, container, image, name, exe, cmdline, cwd, pid, ppid)
WITH ${program} AS program,
  concat(program, ' --file /srv/data/', lower(hex(toUInt32(cityHash64(number, 7)))), '.log --user u', toString(number % 977),
    if(number % 20 = 0, ' https', ''), if(number % 100000 = 5, ' exfiltrate7', '')) AS line
SELECT ${time}, lower(hex(cityHash64(number, 9))), 'Command', 'c1', concat('node-', toString(intDiv(number, ${PER_SESSION}) % 20)), ${trace},
  ${pod}, 'shop', 'app', 'reg.example/shop:1', program, concat('/usr/bin/', program), line,
  concat('/srv/', toString(cityHash64(number, 5) % 50)), 1000 + number % 30000, 999
FROM numbers(${first}, ${count})`
const sessions = `INSERT INTO audit.sessions (trace_id, entry, confidence, user, groups, cluster, pod_labels, host_ip, start, end)
SELECT ${trace}, 'exec', 'matched', if(intDiv(number, ${PER_SESSION}) % 20000 = 7, 'mallory', concat('user-', toString(intDiv(number, ${PER_SESSION}) % 40))), ['dev'], 'c1',
  map('app', 'shop'), '10.0.0.1', ${time}, ${time} FROM numbers(${ROWS}) WHERE number % ${PER_SESSION} = 0`

const SHAPES: readonly (readonly [name: string, text: string])[] = [
  ['a rare word', 'exfiltrate7'],
  ['a rare word, counted', 'exfiltrate7 | select count(*) as n'],
  ['a word of a session', 'mallory | select count(*) as n'],
  ['two words', 'curl and exfiltrate7'],
  ['a phrase', '#"u5 exfiltrate7"'],
  ['a wildcard', 'exfil* | select count(*) as n'],
  ['no such word', 'zeppelin'],
  ['a common word, counted', 'https | select count(*) as n'],
]

async function fill(store: Store): Promise<void> {
  const { rows: counted } = await store.reader.query({ sql: 'SELECT count() AS n FROM audit.events' })
  for (let first = Number(counted[0]?.[0] ?? 0); first < ROWS; first += BATCH) {
    if (first === 0) await asOwner(folder, sessions)
    await asOwner(folder, events(first, Math.min(BATCH, ROWS - first)))
  }
}

const DAY = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }
const ALL = { from: `${START}T00:00:00Z`, to: DAY.to }

/** Milliseconds, and rows read; nothing where the query was ended by its limits. */
async function timeOf(store: Store, text: string, catalog: Catalog, range: typeof ALL): Promise<[number, number] | undefined> {
  const { sql, params } = compile({ lang: 'sls', text, catalog, ...range })
  const start = performance.now()
  try {
    const { stats } = await store.reader.query({ sql: `${sql} SETTINGS use_query_condition_cache = 0`, params, profile: 'hunt' })
    return [performance.now() - start, stats.rowsRead]
  } catch {
    return undefined
  }
}

const best = (runs: readonly ([number, number] | undefined)[]): string => {
  const done = runs.flatMap((run) => (run === undefined ? [] : [run]))
  const [first] = done.sort(([a], [b]) => a - b)
  return first === undefined ? 'ended by its limits |' : `${first[0].toFixed(0)} | ${(first[1] / 1e6).toFixed(2)}`
}

const folder = KEPT ?? mkdtempSync(join(tmpdir(), 'podwitness-sls-bench-'))
const store = await openStore({ dataDir: folder, role: 'server' })
const { parts: _, ...logstore } = advauditCatalog.logstore
const without: Catalog = { logstore }
try {
  await fill(store)
  process.stdout.write(
    `${ROWS} rows\n\n| search | range | looked up: ms | M rows read | every row: ms | M rows read |\n|---|---|---|---|---|---|\n`,
  )
  for (const [range, name] of [
    [ALL, 'five days'],
    [DAY, 'a day'],
  ] as const)
    for (const [shape, text] of SHAPES) {
      const runs: { readonly looked: ([number, number] | undefined)[]; readonly every: ([number, number] | undefined)[] } = {
        looked: [],
        every: [],
      }
      for (let run = 0; run < RUNS; run += 1) {
        runs.looked.push(await timeOf(store, text, advauditCatalog, range))
        // What its limits ended once is not waited for again.
        if (run === 0 || runs.every[0] !== undefined) runs.every.push(await timeOf(store, text, without, range))
      }
      process.stdout.write(`| ${shape} | ${name} | ${best(runs.looked)} | ${best(runs.every)} |\n`)
    }
} finally {
  await store.close()
  if (KEPT === undefined) rmSync(folder, { recursive: true, force: true })
}
