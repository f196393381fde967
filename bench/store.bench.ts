/**
 * How fast the store takes rows and answers. Run: npx tsx --conditions=podwitness-source bench/store.bench.ts [ROWS]
 *
 * Every figure stands beside a plain one of the same run: the same rows as JSONEachRow into a table without indexes,
 * without syncs and without the view behind it. Wall times of a shared machine are worth little by themselves.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blankRow, openStore, type Store, type TableRows } from '../packages/store/src/index.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const BATCH = 10_000
const PER_SESSION = 50
const DAYS = 5
const START_MS = Date.UTC(2026, 10, 16)
const USERS = Array.from({ length: 40 }, (_, index) => `user-${index}@example.com`)
const PROGRAMS = [
  'ls',
  'cat',
  'sh',
  'curl',
  'rm',
  'ps',
  'id',
  'find',
  'grep',
  'python3',
  'tar',
  'env',
  'nginx',
  'sleep',
  'node',
  'date',
]

/** A fixed stream of numbers: every run measures the same rows. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
const random = numbers(7)
const hex = () =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
const clock = (row: number) =>
  new Date(START_MS + (row / ROWS) * DAYS * 86_400_000).toISOString().replace('T', ' ').replace('Z', '000')
const trace = (row: number) => `trace-${Math.floor(row / PER_SESSION)}`

interface Made {
  readonly events: TableRows['events'][]
  readonly placements: TableRows['placements'][]
  readonly sessions: TableRows['sessions'][]
}

function makeBatch(first: number): Made {
  const made: Made = { events: [], placements: [], sessions: [] }
  for (let row = first; row < Math.min(first + BATCH, ROWS); row += 1) {
    const time = clock(row)
    const name = PROGRAMS[Math.floor(random() * PROGRAMS.length)] ?? 'sh'
    const argv = [name, '-l', `/srv/${hex()}/data-${row % 997}`, row === Math.floor(ROWS / 2) ? 'needle' : hex()]
    const event_id = `${hex()}${hex()}${hex()}${hex()}`
    const cmdline = argv.join(' ')
    const serial = `${Math.floor(START_MS / 1000)}.000:${row}`
    const raw = `type=SYSCALL msg=audit(${serial}): arch=c000003e syscall=59 success=yes exit=0 a0=${hex()} a1=${hex()} a2=${hex()} items=2 ppid=${row % 32768} pid=${(row + 7) % 32768} auid=4294967295 uid=0 gid=0 euid=0 tty=pts0 ses=4294967295 comm="${name}" exe="/usr/bin/${name}" key="podwitness"\ntype=EXECVE msg=audit(${serial}): argc=4 ${argv.map((arg, index) => `a${index}="${arg}"`).join(' ')}\ntype=CWD msg=audit(${serial}): cwd="/"\ntype=PATH msg=audit(${serial}): item=0 name="/usr/bin/${name}" inode=${row} dev=fd:00 mode=0100755 ouid=0 ogid=0 nametype=NORMAL`
    const pod = `web-${row % 300}`
    made.events.push({
      ...blankRow('events'),
      ...{
        event_id,
        time,
        batch_id: `batch-${first}`,
        batch_seq: row - first,
        kind: 'Command',
        action: 'SYSCALL execve',
        outcome: 'success',
      },
      ...{
        cluster: 'bench',
        node: `node-${row % 5}`,
        audit_serial: serial,
        serial: row,
        record_types: ['SYSCALL', 'EXECVE', 'CWD', 'PATH'],
      },
      ...{ syscall: 59, exit: '0', pid: (row + 7) % 32_768, ppid: row % 32_768, auid: 4_294_967_295, tty: 'pts0', comm: name },
      ...{ exe: `/usr/bin/${name}`, name, cwd: '/', argv, cmdline, keys: ['podwitness'], raw },
    })
    made.placements.push({
      ...blankRow('placements'),
      ...{
        event_id,
        time,
        cluster: 'bench',
        trace_id: trace(row),
        entry: row % 3 === 0 ? 'container' : 'exec',
        ns: `ns-${row % 20}`,
        pod,
      },
      ...{
        pod_uid: pod,
        container: 'app',
        container_id: `container-${row % 300}`,
        image: 'nginx',
        parent_name: 'sh',
        placed: 'lineage',
      },
    })
    if (row % PER_SESSION === 0)
      made.sessions.push({
        ...blankRow('sessions'),
        ...{
          trace_id: trace(row),
          entry: 'exec',
          confidence: 'matched',
          user: USERS[(row / PER_SESSION) % USERS.length] ?? '',
          start: time,
        },
      })
  }
  return made
}

/** Statements that only the engine's owner may run, for the plain table. */
function owner(dataDir: string): (sql: string, body?: string) => Promise<void> {
  const { url, passwords } = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8'))
  return async (sql, body = '') => {
    const headers = { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': passwords.admin }
    const response = await fetch(`${url}/?async_insert=0&query=${encodeURIComponent(sql)}`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(await response.text())
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function fill(store: Store, run: ReturnType<typeof owner>): Promise<Record<string, number>> {
  const columns = Object.keys(blankRow('events')).join(', ')
  await run(`CREATE TABLE audit.plain ENGINE = MergeTree ORDER BY tuple() AS SELECT ${columns} FROM audit.events LIMIT 0`)
  const spent = { plain: 0, events: 0, placements: 0, sessions: 0 }
  for (let first = 0; first < ROWS; first += BATCH) {
    const { events, placements, sessions } = makeBatch(first)
    const token = `bench-${first}`
    spent.plain += await timed(() =>
      run('INSERT INTO audit.plain FORMAT JSONEachRow', events.map((row) => JSON.stringify(row)).join('\n')),
    )
    spent.events += await timed(() => store.writer.insert('events', events, token))
    spent.placements += await timed(() => store.writer.insert('placements', placements, token))
    spent.sessions += await timed(() => store.writer.insert('sessions', sessions, token))
  }
  return spent
}

const HOUR = [clock(ROWS * 0.5), clock(ROWS * 0.5 + ROWS / DAYS / 24)] as const
const DAY = [clock(ROWS * 0.5), clock(ROWS * 0.5 + ROWS / DAYS)] as const
const QUERIES: readonly (readonly [string, string, (readonly [string, string])?])[] = [
  ['plain: count of one program, no index', "SELECT count() FROM audit.events WHERE exe = '/usr/bin/rm'"],
  ['commands of one trace, all time', `SELECT * FROM audit.commands WHERE trace_id = '${trace(ROWS * 0.4)}' ORDER BY time`],
  [
    'commands of one trace, one hour',
    `SELECT * FROM audit.commands WHERE trace_id = '${trace(ROWS * 0.5)}' AND {time} ORDER BY time`,
    HOUR,
  ],
  [
    'one command by event id, all time',
    'SELECT * FROM audit.commands WHERE event_id = (SELECT event_id FROM audit.events WHERE serial = 777 LIMIT 1)',
  ],
  [
    'commands of one hour, 200 newest',
    'SELECT time, user, pod, cmdline FROM audit.commands WHERE {time} ORDER BY time DESC LIMIT 200',
    HOUR,
  ],
  ['commands of a day, by user', 'SELECT user, count() FROM audit.commands WHERE {time} GROUP BY user', DAY],
  [
    'commands of one user, one day',
    `SELECT time, cmdline FROM audit.commands WHERE user = '${USERS[3]}' AND {time} LIMIT 1000`,
    DAY,
  ],
  ['commands of one user, all time', `SELECT count() FROM audit.commands WHERE user = '${USERS[3]}'`],
  ['rare word, all time', "SELECT time, user, cmdline FROM audit.commands WHERE hasToken(cmdline, 'needle')"],
  [
    'advaudit, risky programs of a day',
    "SELECT time, user, pod, cmdline FROM audit.advaudit WHERE name IN ('rm', 'curl') AND {time} LIMIT 100",
    DAY,
  ],
  ['advaudit, one pod of a day', "SELECT count() FROM audit.advaudit WHERE pod = 'web-17' AND {time}", DAY],
  ['all commands, count by entry', 'SELECT entry, count() FROM audit.commands GROUP BY entry'],
]

async function ask(store: Store): Promise<void> {
  console.log('\n| query | best of 3, ms | rows read | rows given |\n|---|---|---|---|')
  for (const [name, text, range] of QUERIES) {
    const sql = text.replace('{time}', `time >= '${range?.[0]}' AND time < '${range?.[1]}'`)
    let best = Number.POSITIVE_INFINITY
    let answer = await store.reader.query({ sql })
    for (let turn = 0; turn < 3; turn += 1)
      best = Math.min(
        best,
        await timed(async () => {
          answer = await store.reader.query({ sql })
        }),
      )
    console.log(`| ${name} | ${best.toFixed(0)} | ${answer.stats.rowsRead.toLocaleString('en')} | ${answer.rows.length} |`)
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const store = await openStore({ dataDir, role: 'server' })
try {
  const spent = await fill(store, owner(dataDir))
  console.log(
    `${ROWS.toLocaleString('en')} commands in batches of ${BATCH.toLocaleString('en')}\n\n| insert | rows/s | of plain |\n|---|---|---|`,
  )
  const plain = spent.plain ?? 1
  for (const [name, ms] of Object.entries(spent)) {
    const rows = name === 'sessions' ? ROWS / PER_SESSION : ROWS
    console.log(
      `| ${name} | ${Math.round((rows / ms) * 1000).toLocaleString('en')} | ${name === 'sessions' ? '' : (plain / ms).toFixed(2)} |`,
    )
  }
  await ask(store)
  for (const { table, rows, bytes } of await store.retention())
    if (rows > 0) console.log(`${table}: ${rows.toLocaleString('en')} rows, ${(bytes / rows).toFixed(0)} bytes each`)
  console.log(`engine memory: ${((await store.health()).memoryBytes / 1e6).toFixed(0)} MB`)
} finally {
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}
