import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { findRecording } from './recording.ts'
import { run } from './run.ts'
import { serverToken } from './server-token.ts'

const RECORDING = fileURLToPath(new URL('../../../recordings/dev/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-cli-'))
const data = join(folder, 'data')

async function ask(...args: string[]) {
  const { terminal, recorded } = testTerminal()
  const exit = await run([...args, '--data', data], terminal)
  return { exit, ...recorded, lines: recorded.data.trimEnd().split('\n') }
}

/** Commands ask the engine of a server where one runs, and start none of their own. */
function openServer(): void {
  let server: Store
  beforeAll(async () => {
    server = await openStore({ dataDir: data, role: 'server' })
  })
  afterAll(() => server?.close())
}

const jsonLines = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('on the real engine', () => {
  beforeAll(async () => {
    const { exit, talk } = await ask('import', ...findRecording().paths, '--cluster', 'c1')
    expect([exit, talk]).toEqual([0, expect.stringContaining('sessions')])
  })

  it('imports nothing twice', async () => {
    const { exit, data: text } = await ask('import', ...findRecording().paths, '--cluster', 'c1', '--json')
    expect(exit).toBe(0)
    const { files } = JSON.parse(text) as { files: { result: string; events: number }[] }
    expect(files.map(({ result, events }) => [result, events])).toEqual(files.map(() => ['known', 0]))
  })

  describe('beside a server', () => {
    openServer()

    it('lists one person’s sessions', async () => {
      const { exit, lines, talk } = await ask('sessions', '--user', 'mallory', '--limit', '5', '--utc')
      expect([exit, lines.length]).toEqual([0, 6])
      expect(lines.slice(1).every((line) => line.includes('mallory'))).toBe(true)
      expect(talk).toMatch(/^5 of \d+ sessions that match; --all adds/)
    })

    it('gives sessions with every key of the contract, deliberate entries only unless asked', async () => {
      const sessions = jsonLines((await ask('sessions', '--json', '--commands')).lines)
      const keys =
        'traceId entry confidence reasons user groups sourceIp userAgent candidates auditIds cluster node namespace pod podUid container containerId image tty command start end commands'
      const commandKeys = 'eventId auditSerial time argv cmdline exe name cwd pid ppid uid exit risk'
      for (const session of sessions) {
        expect(Object.keys(session)).toEqual(expect.arrayContaining(keys.split(' ')))
        for (const command of session.commands as object[])
          expect(Object.keys(command)).toEqual(expect.arrayContaining(commandKeys.split(' ')))
      }
      expect(sessions.some(({ entry }) => entry === 'probe')).toBe(false)
      const all = jsonLines((await ask('sessions', '--json', '--all')).lines)
      expect(all.some(({ entry }) => entry === 'probe')).toBe(true)
      expect(all.length).toBeGreaterThan(sessions.length)
    })

    it('finds sessions by a command, and shows one by the beginning of its id', async () => {
      const [session] = jsonLines((await ask('sessions', '--command', 'nsenter -t 1*', '--json', '--limit', '1')).lines)
      const { exit, data: text } = await ask('sessions', 'show', String(session?.traceId).slice(0, 12), '--utc')
      expect(exit).toBe(0)
      expect(text).toContain(`session   ${session?.traceId}\n`)
      expect(text).toMatch(/^risk {6}critical: .*nsenter/m)
      expect(text).toMatch(/^\d\d:\d\d:\d\d {2}nsenter -t 1/m)
    })

    it.each([
      ['ffffffffffffffff', 'There is no session'],
      ['', 'Several sessions begin with'],
    ])('names the session %j that cannot be shown', async (id, words) => {
      const { exit, talk } = await ask('sessions', 'show', id)
      expect(exit).toBe(1)
      expect(talk).toContain(words)
      expect(talk).toContain('PW-CL-005')
    })

    it('answers SQL and SLS', async () => {
      const sql = "SELECT count() AS n FROM audit.events WHERE kind = 'Command'"
      const answer = JSON.parse((await ask('query', sql, '--format', 'json')).data)
      expect(answer.columns).toEqual([{ name: 'n', type: 'UInt64' }])
      expect(Number(answer.rows[0][0])).toBeGreaterThan(1000)
      const sls = 'k8s.user.username: mallory | select count(1) as c from log'
      const [row] = jsonLines((await ask('query', '--lang', 'sls', sls, '--format', 'ndjson')).lines)
      expect(Number(row?.c)).toBeGreaterThan(5)
    })

    it.each([
      [['--lang', 'sql', 'DROP TABLE audit.events'], 'PW-QY-006|PW-ST-011', [2, 4]],
      [['--lang', 'sql', 'SELECT nope FROM audit.events'], 'PW-ST-013', [2]],
      [['--lang', 'sls', 'k8s.user.usernam: x'], 'Did you mean k8s.user.username', [2]],
    ])('refuses the query %j', async (args, words, exits) => {
      const { exit, data: text, talk } = await ask('query', ...args)
      expect(exits).toContain(exit)
      expect([text, talk]).toEqual(['', expect.stringMatching(words)])
    })

    it('changes how long data is kept', async () => {
      const tables = jsonLines((await ask('retention', '--days', '90', '--json')).lines)
      expect(tables.find(({ table }) => table === 'events')).toMatchObject({ days: 90 })
    })

    it('holds and releases what is to stay', async () => {
      expect((await ask('retention', 'hold', '--reason', 'case 7')).talk).toContain('PW-ST-013')
      const [id = ''] = (await ask('retention', 'hold', '--namespace', 'default', '--reason', 'case 7')).lines
      expect(jsonLines((await ask('retention', 'holds', '--json')).lines)).toMatchObject([
        { id, namespace: 'default', reason: 'case 7' },
      ])
      expect((await ask('retention', 'release', id)).exit).toBe(0)
      expect((await ask('retention', 'release', id)).talk).toContain('PW-LG-006')
      const acts = "SELECT action FROM audit.events WHERE kind = 'AdminAct' AND action LIKE 'hold%' ORDER BY time"
      expect(jsonLines((await ask('query', '--lang', 'sql', acts, '--format', 'ndjson')).lines)).toEqual([
        { action: 'hold-place' },
        { action: 'hold-release' },
      ])
    })
  })

  it('says how full the store is', async () => {
    const { exit, data: text } = await ask('store', 'status', '--json')
    expect([exit, JSON.parse(text)]).toEqual([
      0,
      expect.objectContaining({ state: 'ok', holds: 0, bytesPerDay: expect.any(Number) }),
    ])
    expect((await ask('store', 'status')).data).toMatch(/^ok {2}embedded engine .*\n.* a day; .*\n\nSTREAM +KEPT/)
  })

  it('exports a range that another folder takes in once', async () => {
    const out = join(folder, 'export')
    const { exit, lines, talk } = await ask(
      'export',
      '--from',
      '2026-11-21T02:54:30Z',
      '--to',
      '2026-11-23',
      '--stream',
      'events',
      '-o',
      out,
    )
    expect([exit, lines.length > 0, talk]).toEqual([0, true, expect.stringContaining('Signed')])
    const into = async (...args: string[]) => {
      const { terminal, recorded } = testTerminal()
      return [await run(['import', out, ...args, '--data', join(folder, 'taken')], terminal), recorded.data]
    }
    expect(await into()).toEqual([0, expect.stringMatching(/signed with key [0-9a-f]{16}.*\nstored {3}events-/)])
    expect(await into()).toEqual([0, expect.stringMatching(/ 0 rows, .* were there already/)])
    writeFileSync(join(out, 'manifest.json.sig'), 'x')
    expect(await into()).toEqual([1, expect.stringContaining('NOT as it was signed')])
  })

  it('serves until it is asked to stop, and lets commands in meanwhile', async () => {
    const stop = new AbortController()
    const seen: unknown[] = []
    const write = async (text: string) => {
      const [, origin = '', link = ''] = /^ready {2}(http:.*)\/\?token=(pwl\.[\w.-]+)\n$/.exec(text) ?? []
      seen.push(link !== '')
      const token = readFileSync(join(data, 'token'), 'utf8').trim()
      const answers = [fetch(`${origin}/healthz`), fetch(`${origin}/api/v1/me`)]
      answers.push(fetch(`${origin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } }))
      for (const { status } of await Promise.all(answers)) seen.push(status)
      seen.push((await ask('sessions', '--limit', '1')).exit)
      stop.abort()
    }
    const { terminal, recorded } = testTerminal({ write, signal: stop.signal })
    const exit = await run(['serve', '--listen', '0', '--data', data], terminal)
    expect([exit, seen]).toEqual([0, [true, 200, 401, 200, 0]])
    expect(recorded.talk).toContain('stopping')
  })

  it('prints the link of the first administrator at the first start only', async () => {
    const stop = new AbortController()
    const printed: string[] = []
    const write = async (text: string) => {
      printed.push(text)
      stop.abort()
    }
    await run(['serve', '--listen', '0', '--data', data], testTerminal({ write, signal: stop.signal }).terminal)
    expect(printed.join('')).toMatch(/^ready {2}http:\/\/127\.0\.0\.1:\d+\/\n$/)
  })

  describe('beside a server, once there is an administrator', () => {
    openServer()

    it('adds, bounds, lists and disables users, and makes tokens for them', async () => {
      const added = await ask('users', 'add', 'vera', '--role', 'viewer', '--namespace', 'shop', 'team-*')
      expect([added.exit, added.data]).toEqual([0, expect.stringMatching(/^\/\?token=pwl\.[\w.-]+\n$/)])
      expect((await ask('users', 'set-role', 'vera', 'hunter')).talk).toContain('hunter, and sees namespaces shop, team-*')
      expect((await ask('users', 'set-role', 'admin', 'viewer')).exit).toBe(2)
      expect(await ask('users', 'add', 'x', '--role', 'admin', '--cluster', 'c')).toMatchObject({
        exit: 2,
        talk: expect.stringContaining('PW-AU-011'),
      })
      const token = await ask('tokens', 'create', '--kind', 'api', '--user', 'vera', '--role', 'viewer', '--name', 'report')
      expect(token.data).toMatch(/^pwa\.[0-9a-f]{16}\.[\w-]{32}\n$/)
      expect((await ask('tokens', 'list')).data).toMatch(/api, viewer +user vera +report +valid/)
      await ask('users', 'disable', 'vera')
      expect((await ask('tokens', 'list')).data).toMatch(/user vera +report +dormant/)
      expect(
        jsonLines((await ask('users', 'list', '--json')).lines).map(({ name, role, disabled }) => [name, role, disabled]),
      ).toEqual([
        ['admin', 'admin', false],
        ['vera', 'hunter', true],
      ])
      const acts = jsonLines(
        (await ask('query', 'AdminActs | project Did = strcat(Action, " ", Object)', '--lang', 'kql', '--format', 'ndjson'))
          .lines,
      )
      expect(acts.map(({ Did }) => Did)).toEqual(expect.arrayContaining(['user-add admin', 'user-add vera', 'user-change vera']))
    })
  })

  /** What the tests before this one did about users, tokens, retention and holds. */
  const ACTS = 8

  it('backs up, tries the backup out, and restores it into an empty folder alone', async () => {
    const kept = join(folder, 'kept')
    expect((await ask('backup', 'create', '--to', kept)).data).toMatch(/^\d{4}-\S+ {2}\S+ MB {2}whole\n$/)
    const [listed] = jsonLines((await ask('backup', 'list', kept, '--json')).lines)
    expect(listed).toMatchObject({ base: '', readable: true })
    expect((await ask('backup', 'verify', kept)).data).toMatch(/^whole {2}/)
    const drill = await ask('backup', 'drill', kept, '--at', folder)
    expect([drill.exit, drill.data]).toEqual([
      0,
      expect.stringMatching(/^sound {2}.*\n.*\n15 0\d\d events in .* 0 differ\nevents /),
    ])
    expect((await ask('backup', 'restore', kept)).talk).toContain('PW-BK-006')
    const pruned = await ask('backup', 'prune', kept, '--keep', '1', '--dry-run', '--json')
    expect(jsonLines(pruned.lines)).toEqual([{ id: listed?.id, goes: false, removed: false, why: 'it is the newest' }])
    expect((await ask('backup', 'prune', kept, String(listed?.id))).talk).toContain('PW-BK-009')
    expect((await ask('backup', 'prune', kept)).exit).toBe(2)
  })

  it('verifies the whole store, columns too, and notices a ledger that was written in', async () => {
    const { exit, data: text } = await ask('verify', '--deep', '--json')
    expect([exit, JSON.parse(text)]).toEqual([0, expect.objectContaining({ intact: true, findings: [], rows: 15_058 + ACTS })])
    const chain = join(data, 'ledger/chain-1.jsonl')
    const original = readFileSync(chain, 'utf8')
    writeFileSync(chain, original.replace('"kind":"batch"', '"kind":"adopted"'))
    const changed = await ask('verify')
    writeFileSync(chain, original)
    expect([changed.exit, changed.data]).toEqual([
      1,
      expect.stringContaining('chain-1, entry 2: its content is not what was signed'),
    ])
  })

  it('writes evidence of a session into a new folder', async () => {
    const [session] = jsonLines((await ask('sessions', '--user', 'mallory', '--json', '--limit', '1')).lines)
    const out = join(folder, 'evidence')
    expect(await ask('evidence', String(session?.traceId), '--out', out)).toMatchObject({
      exit: 0,
      data: `${join(out, 'evidence.html')}\n`,
    })
    expect(readFileSync(join(out, 'events.jsonl'), 'utf8')).toContain('mallory')
    expect(await ask('evidence', String(session?.traceId), '--out', out)).toMatchObject({
      exit: 2,
      talk: expect.stringContaining('PW-LG-004'),
    })
  })

  it('finds nothing missing', async () => {
    const { exit, lines } = await ask('doctor', '--json')
    expect(jsonLines(lines).filter(({ state, subject }) => state !== 'ok' && subject !== 'disk')).toEqual([])
    expect(exit).toBe(0)
  })
})

describe('decode', () => {
  it('gives the same events from a file, a gzip and standard input', async () => {
    const zipped = readFileSync(join(RECORDING, 'audit.log.gz'))
    const file = await ask('decode', join(RECORDING, 'audit.log.gz'))
    const { terminal, recorded } = testTerminal({
      input: async function* () {
        for (let at = 0; at < zipped.length; at += 70_001) yield zipped.subarray(at, at + 70_001)
      },
    })
    expect([file.exit, await run(['decode'], terminal)]).toEqual([0, 0])
    expect(recorded.data === file.data).toBe(true)
    expect(file.lines.length).toBeGreaterThan(5000)
    expect(JSON.parse(file.lines[0] ?? '')).toMatchObject({ time: expect.any(String), seq: expect.any(Number), flags: {} })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'PW-DE-001'],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)), 'PW-DE-001'],
    ['a damaged gzip', gzipSync('type=CWD msg=audit(1.000:1): cwd="/"\n').subarray(0, 30), 'PW-DE-002'],
  ])('%s is an error with a code', async (_what, bytes, code) => {
    const path = join(folder, 'input')
    writeFileSync(path, bytes)
    const { exit, talk } = await ask('decode', path)
    expect([exit, talk]).toEqual([1, expect.stringContaining(code)])
  })

  it('names a file that is not there', async () => {
    const { exit, talk } = await ask('decode', join(folder, 'missing'))
    expect([exit, talk]).toEqual([1, expect.stringContaining('PW-DE-003')])
  })
})

it('keeps one token, readable by its owner alone', () => {
  const first = serverToken(join(folder, 'token-folder'))
  expect(serverToken(join(folder, 'token-folder'))).toEqual(first)
  expect(statSync(first.path).mode & 0o777).toBe(0o600)
  truncateSync(first.path, 3)
  expect(serverToken(join(folder, 'token-folder')).token).toMatch(/^[0-9a-f]{48}$/)
})
