/**
 * What a big answer costs the server in memory: 500,000 rows over each of the compatible APIs, read by another process.
 *
 * Run: npx tsx --conditions=podwitness-source bench/answers.bench.ts [ROWS]
 *
 * The server runs in this process; what counts is how far its resident memory rises above what it was before, sampled
 * every 20 ms. The engine is a process of its own and is not counted.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serve } from '../packages/server/src/index.ts'
import { openStore } from '../packages/store/src/index.ts'

const ROWS = Number(process.argv[2] ?? 500_000)
const TOKEN = 'a-token-of-thirty-two-characters'
const QUERY = `range x from 1 to ${ROWS} step 1 | extend at = datetime(2026-11-21) + x * 1s, who = strcat("user-", x % 40), line = strcat("ls --file /srv/data/", x, ".log --user u", x % 977), bag = bag_pack("n", x)`

/** Logs are longer than rows: each has the names of its columns. */
const SLS = `* | select n, n * 1000 as at, concat('user-', cast(n % 40 as varchar)) as who, concat('ls --file /srv/data/', cast(n as varchar), '.log --user u') as line from (select count(*) as one from log) cross join unnest(sequence(1, ${ROWS})) as t(n) limit ${ROWS}`

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'podwitness-answers-'))
const store = await openStore({ dataDir: folder, role: 'server' })
const served = await serve(store, { host: '127.0.0.1', port: 0, token: TOKEN })

/** Asks once; gives megabytes of the answer, seconds, and how many megabytes the server rose by. */
async function ask(path: string, body: object): Promise<readonly [answer: number, seconds: number, rise: number]> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const headers = ['-H', `authorization: Bearer ${TOKEN}`, '-H', 'content-type: application/json']
  const { stdout } = await run('curl', [
    ...['-s', '-o', '/dev/null', '-w', '%{size_download} %{time_total} %{http_code}', ...headers],
    ...['-d', JSON.stringify(body), `${served.url}${path}`],
  ])
  clearInterval(timer)
  const [bytes = 0, seconds = 0, status] = stdout.split(' ').map(Number)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return [bytes / 1e6, seconds, (most - before) / 1e6]
}

const CASES: readonly (readonly [name: string, path: string, body: object])[] = [
  ['Log Analytics', '/v1/workspaces/podwitness/query', { query: QUERY }],
  ['Kusto v2', '/v2/rest/query', { csl: QUERY }],
  ['Kusto v1', '/v1/rest/query', { csl: QUERY }],
  ['SLS', '/logstores/advaudit/logs', { from: 1_795_000_000, to: 1_796_000_000, query: SLS }],
]
try {
  await ask('/v2/rest/query', { csl: 'print 1' })
  console.log(`| API | rows | answer MB | seconds | server rises by MB |\n|---|---|---|---|---|`)
  for (const [name, path, body] of CASES) {
    const [megabytes, seconds, rise] = await ask(path, body)
    console.log(
      `| ${name} | ${ROWS.toLocaleString('en')} | ${megabytes.toFixed(0)} | ${seconds.toFixed(1)} | ${rise.toFixed(0)} |`,
    )
  }
} finally {
  await served.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
