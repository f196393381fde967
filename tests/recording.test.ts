import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { type ImportSummary, importPaths } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scoreAgainstTruth, type ToldSession } from './truth.ts'

const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'podwitness-recording-'))
let store: Store

const file = (name: string): string => join(RECORDING, name)
const take = (cluster: string, ...paths: string[]): Promise<ImportSummary> =>
  importPaths(store, paths, { cluster, rejectsDir: join(directory, 'rejects') })

beforeAll(async () => {
  store = await openStore({ dataDir: join(directory, 'data'), role: 'command' })
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Sessions of a cluster as anybody who asks the store sees them. */
async function told(cluster: string): Promise<ToldSession[]> {
  const sql = `SELECT s.trace_id AS traceId, any(s.confidence) AS confidence, any(s.user) AS user, any(s.candidates) AS candidates, any(s.audit_ids) AS auditIds,
      groupArray(c.audit_serial) AS serials
    FROM (SELECT * FROM audit.sessions FINAL WHERE cluster = {cluster:String}) AS s
    LEFT JOIN (SELECT trace_id, audit_serial FROM audit.commands WHERE cluster = {cluster:String}) AS c ON c.trace_id = s.trace_id GROUP BY s.trace_id`
  const sessions: ToldSession[] = []
  for await (const block of store.reader.stream<Omit<ToldSession, 'candidates'> & { candidates: string }>(sql, { cluster })) {
    for (const row of block) sessions.push({ ...row, candidates: JSON.parse(row.candidates) as { user: string }[] })
  }
  return sessions
}

async function count(table: string, cluster: string): Promise<number> {
  const { rows } = await store.reader.query({
    sql: `SELECT count() FROM audit.${table} WHERE cluster = {cluster:String}`,
    params: { cluster },
  })
  return Number(rows[0]?.[0])
}

const GOOD = { wrongNames: [], overclaimed: [], foreign: [], twins: 1, loose: 1, ambiguousFlagged: 1, attachAndDebug: 1 }

describe('the bundled recording', () => {
  it('is taken in whole and agrees with its ground truth', async () => {
    const summary = await take(
      'all',
      file('audit.log.gz'),
      file('apiserver-audit.log.gz'),
      file('containers.jsonl.gz'),
      file('pods-start.json.gz'),
      file('pods-end.json.gz'),
    )
    expect(summary.files.map(({ rejects }) => rejects)).toEqual([0, 0, 0, 0, 0])
    expect(await count('events', 'all')).toBe(12_467 + 2_591)
    const score = scoreAgainstTruth(await told('all'))
    expect(score).toMatchObject(GOOD)
    expect(score.matched).toBeGreaterThanOrEqual(0.99)
    expect(score.commands).toBeGreaterThanOrEqual(0.99)
  })

  it('changes nothing when it is imported again, also by its other routes', async () => {
    const before = await Promise.all(['events', 'sessions FINAL', 'placements FINAL'].map((table) => count(table, 'all')))
    const again = await take('all', file('audit.log.gz'), file('apiserver-audit.log.gz'))
    expect(again.files.map(({ result }) => result)).toEqual(['known', 'known'])
    const routes = await take('all', file('syslog.log.gz'), file('webhook.jsonl.gz'))
    expect(routes.files.map(({ events }) => events)).toEqual([0, 0])
    expect(await Promise.all(['events', 'sessions FINAL', 'placements FINAL'].map((table) => count(table, 'all')))).toEqual(
      before,
    )
  })

  it('says the same from syslog and the webhook, the API first', async () => {
    await take('routes', file('webhook.jsonl.gz'))
    await take('routes', file('pods-end.json.gz'), file('pods-start.json.gz'))
    await take('routes', file('syslog.log.gz'))
    await take('routes', file('containers.jsonl.gz'))
    const score = scoreAgainstTruth(await told('routes'))
    expect(score).toMatchObject(GOOD)
    expect(score.matched).toBeGreaterThanOrEqual(0.99)
    expect(score.commands).toBeGreaterThanOrEqual(0.99)
  })

  it('names nobody wrongly when API events are lost, and shouts for those', async () => {
    const lines = gunzipSync(readFileSync(file('apiserver-audit.log.gz')))
      .toString('utf8')
      .trimEnd()
      .split('\n')
    const lost = (line: string): boolean =>
      Number.parseInt((JSON.parse(line) as { auditID: string }).auditID.slice(0, 2), 16) < 64
    const kept = lines.filter((line) => !lost(line)).reverse()
    const path = join(directory, 'thinned.log')
    writeFileSync(path, `${kept.join('\n')}\n`)
    await take('thinned', file('audit.log.gz'), file('containers.jsonl.gz'), file('pods-end.json.gz'), path)
    const score = scoreAgainstTruth(await told('thinned'))
    expect(score).toMatchObject({ wrongNames: [], overclaimed: [], foreign: [] })
    expect(score.matched).toBeLessThan(0.9)
  })

  it('degrades honestly to audit.log and the API log alone', async () => {
    await take('bare', file('audit.log.gz'), file('apiserver-audit.log.gz'))
    const score = scoreAgainstTruth(await told('bare'))
    expect(score).toMatchObject({ wrongNames: [], overclaimed: [], foreign: [], ambiguousFlagged: 1, twins: 1 })
    expect(score.matched).toBeGreaterThan(0.95)
  })
})

describe('bad input', () => {
  const write = (name: string, bytes: Buffer | string): string => {
    const path = join(directory, name)
    writeFileSync(path, bytes)
    return path
  }
  const random = (length: number): Buffer => {
    const bytes = Buffer.alloc(length)
    for (let at = 0, seed = 7; at < length; at++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      bytes[at] = seed >>> 24
    }
    return bytes
  }

  it.each([
    ['random bytes', 'PW-IM-001', () => write('random.bin', random(100_000))],
    ['an empty file', 'PW-IM-001', () => write('empty', '')],
    ['a missing file', 'PW-IM-002', () => join(directory, 'not-there')],
    ['a cut-off gzip', 'PW-IM-003', () => write('cut.gz', readFileSync(file('audit.log.gz')).subarray(0, 200_000))],
    ['pods that are no JSON', 'PW-IM-004', () => write('pods.json', '{"kind":"List","items":[{"metadata":{},"spec":{}},')],
    ['another JSON', 'PW-IM-001', () => write('other.json', '{"hello":"world"}\n')],
    [
      'an audit log of which nothing is right',
      'PW-IM-005',
      () => write('wrong.log', '{"auditID":"a","stage":"Panic","requestURI":"/"}\n'.repeat(3)),
    ],
  ])('%s: %s', async (_name, code, make) => {
    await expect(take('garbage', make())).rejects.toMatchObject({ name: 'ImportError', code })
    expect(await count('events', 'garbage')).toBe(0)
  })

  it('keeps and counts bad lines and takes the rest', async () => {
    const good = gunzipSync(readFileSync(file('audit.log.gz')))
      .toString('utf8')
      .split('\n')
      .slice(0, 60)
    const path = write(
      'mixed.log',
      [...good.slice(0, 30), 'not an audit line at all', 'type=SYSCALL msg=audit(broken', ...good.slice(30)].join('\n'),
    )
    const [result] = (await take('mixed', path)).files
    expect(result?.rejects).toBe(2)
    const rejects = readFileSync(result?.rejectsPath ?? '', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; code: string })
    expect(rejects.map(({ line }) => line)).toEqual([31, 32])
    expect(rejects.every(({ code }) => /^[a-z_]+$/.test(code))).toBe(true)
    expect(await count('events', 'mixed')).toBeGreaterThan(5)
  })

  it('lets one import into a store at a time', async () => {
    let second: Promise<unknown> | undefined
    await importPaths(store, [file('audit.log.gz')], {
      cluster: 'twice',
      rejectsDir: join(directory, 'rejects'),
      onProgress: () => {
        second ??= take('twice', file('pods-start.json.gz')).catch((error: unknown) => error)
      },
    })
    expect(await second).toMatchObject({ code: 'PW-IM-007' })
    expect((await take('twice', file('pods-start.json.gz'))).files[0]?.result).toBe('imported')
  })

  it('pairs what was stored before a file failed', async () => {
    const path = write('unusable.log', `${'{"auditID":"a","stage":"Panic","requestURI":"/"}\n'.repeat(2)}`)
    await expect(take('partly', file('apiserver-audit.log.gz'), path)).rejects.toMatchObject({ code: 'PW-IM-005' })
    expect(await count('sessions FINAL', 'partly')).toBeGreaterThan(300)
  })

  it('takes what can be read of a damaged file on request', async () => {
    const path = write('salvage.gz', readFileSync(file('apiserver-audit.log.gz')).subarray(0, 60_000))
    const { files } = await importPaths(store, [path], {
      cluster: 'salvage',
      rejectsDir: join(directory, 'rejects'),
      salvage: true,
    })
    expect(files[0]?.events).toBeGreaterThan(100)
  })

  it('passes over a line of 300 MB without holding it', async () => {
    const path = join(directory, 'long.log')
    const first =
      gunzipSync(readFileSync(file('apiserver-audit.log.gz')))
        .toString('utf8')
        .split('\n')[0] ?? ''
    execFileSync(
      'sh',
      [
        '-c',
        `printf '%s\\n' "$LINE" > "$OUT" && head -c 300000000 /dev/zero | tr '\\0' x >> "$OUT" && printf '\\n%s\\n' "$LINE" >> "$OUT"`,
      ],
      { env: { ...process.env, LINE: first, OUT: path } },
    )
    const before = process.memoryUsage().rss
    const [result] = (await take('long', path)).files
    expect(result).toMatchObject({ rejects: 1, rejectsByCode: { line_too_long: 1 } })
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024)
    rmSync(path)
  })
})
