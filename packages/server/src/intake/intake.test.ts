import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as contract from '@podwitness/api'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLoss } from '../readers/loss-reader.ts'
import { type Intake, startIntake } from './start-intake.ts'
import { fingerprintOf, SenderClient, signingRequest } from './testing/sender-client.ts'

const RECORDING = fileURLToPath(new URL('../../../../recordings/dev/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'podwitness-intake-'))
let store: Store
let intake: Intake
let stranger: SenderClient
let node: SenderClient

const newToken = (kind: 'join' | 'apiserver', cluster: string): { text: string; id: string } => {
  const { text, fact } = intake.parts.tokens.create({ kind, cluster, name: 'test' }, intake.parts.authority.fingerprint)
  return { text, id: fact.id }
}
async function count(sql: string): Promise<number> {
  return Number((await store.reader.query({ sql: `SELECT count() FROM ${sql}` })).rows[0]?.[0])
}

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  stranger = new SenderClient(intake.port, intake.parts.authority.certificate)
  node = await stranger.join(newToken('join', 'dev').text, 'dev', 'node-1')
})
afterAll(async () => {
  stranger.close()
  node.close()
  await intake.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Every route of the contract that is not the intake's: a sender's certificate opens none of them. */
const ELSEWHERE = Object.values(contract).flatMap((value): [string, string][] => {
  if (typeof value !== 'object' || !('path' in value) || !('method' in value) || value.path.startsWith('/intake/')) return []
  return [[value.method, value.path.replace(/:\w+/g, 'x')]]
})

const BOOT = '6f1c3f60-0d4c-4b0e-9d5c-000000000001'
const event = (serial: number, more = ''): object => ({
  kind: 'audit',
  boot: BOOT,
  via: ['socket'],
  raw: `type=SYSCALL msg=audit(1795230000.000:${serial}): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=${serial} auid=0 uid=0 tty=(none) ses=1 comm="id" exe="/usr/bin/id"${more}\ntype=EXECVE msg=audit(1795230000.000:${serial}): argc=1 a0="id"`,
})

describe('who may', () => {
  it('pins the authority by what the token carries, and speaks TLS 1.2 and newer only', async () => {
    const { text } = newToken('join', 'dev')
    expect(text.split('.').at(-1)).toBe(fingerprintOf(intake.parts.authority.certificate))
    const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const options = { port: intake.port, host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' }
        const socket = connect({ ...options, minVersion: version, maxVersion: version })
        socket.on('error', () => resolve('refused'))
        socket.on('secureConnect', () => {
          resolve(socket.getProtocol() ?? '')
          socket.destroy()
        })
      })
    expect(await Promise.all([handshake('TLSv1.1'), handshake('TLSv1.2'), handshake('TLSv1.3')])).toEqual([
      'refused',
      'TLSv1.2',
      'TLSv1.3',
    ])
  })

  it('takes a join token once, for its cluster, and not when it is revoked', async () => {
    const { csr } = await signingRequest()
    const ask = (token: string, cluster = 'dev') =>
      stranger.post('/intake/v1/join', JSON.stringify({ token, csr, cluster, node: 'node-2' }))
    const once = newToken('join', 'dev')
    const both = await Promise.all([ask(once.text), ask(once.text)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
    expect((await ask(newToken('join', 'dev').text, 'prod')).body.code).toBe('PW-IN-003')
    const revoked = newToken('join', 'dev')
    intake.parts.tokens.revoke(revoked.id)
    expect((await ask(revoked.text)).status).toBe(403)
    const { text, fact } = intake.parts.tokens.create(
      { kind: 'join', cluster: 'dev', name: 'all nodes', reusable: true },
      intake.parts.authority.fingerprint,
    )
    expect([(await ask(text)).status, (await ask(text)).status]).toEqual([200, 200])
    intake.parts.tokens.revoke(fact.id)
    expect((await ask(text)).status).toBe(403)
    const wrong = await stranger.post(
      '/intake/v1/join',
      JSON.stringify({ token: newToken('join', 'dev').text, csr: 'nonsense', cluster: 'dev', node: 'n' }),
    )
    expect(wrong).toMatchObject({ status: 400, body: { code: 'PW-PK-002' } })
    const kept = readdirSync(join(folder, 'pki', 'tokens')).map((name) =>
      readFileSync(join(folder, 'pki', 'tokens', name), 'utf8'),
    )
    expect(kept.join('')).not.toContain(once.text.split('.')[2])
  })

  it.each([
    ['POST', '/intake/v1/apiserver/dev'],
    ['GET', '/intake/v1/batches'],
    ['DELETE', '/intake/v1/batches'],
    ['GET', '/api/v1/sessions'],
    ['POST', '/api/v1/query'],
    ['GET', '/'],
    ...ELSEWHERE,
  ])('gives a node certificate 403 on %s %s, and a stranger 401', async (method, path) => {
    expect(await node.post(path, method === 'GET' ? '' : '{}', {}, method)).toMatchObject({
      status: 403,
      body: { code: 'PW-IN-002' },
    })
    expect(await stranger.post(path, method === 'GET' ? '' : '{}', {}, method)).toMatchObject({
      status: 401,
      body: { code: 'PW-IN-001' },
    })
  })

  it('renews a certificate for the same sender and honours neither after revocation', async () => {
    const joined = await stranger.join(newToken('join', '').text, 'dev', 'node-3')
    const { key, csr } = await signingRequest()
    const { body } = await joined.post('/intake/v1/renew', JSON.stringify({ csr }))
    const renewed = new SenderClient(intake.port, intake.parts.authority.certificate, { key, cert: String(body.certificate) })
    expect((await renewed.batch('s.1.1', [event(1)])).status).toBe(200)
    intake.parts.authority.revoke(String(body.agentId))
    expect((await renewed.batch('s.1.2', [event(1)])).status).toBe(401)
    expect((await joined.batch('s.1.3', [event(1)])).status).toBe(401)
    joined.close()
    renewed.close()
  })
})

describe('batches', () => {
  it('keeps records that came after their event beside it, once however often they are sent', async () => {
    const title = 'type=PROCTITLE msg=audit(1795230000.000:7001): proctitle="id"'
    const late = await stranger.join(newToken('join', 'late').text, 'late', 'node-9')
    await late.batch('late.1.0', [event(7001)])
    await late.batch('late.2.0', [{ kind: 'audit', boot: BOOT, via: ['socket'], raw: title, late: true }])
    await late.batch('late.3.0', [{ kind: 'audit', boot: BOOT, via: ['audit.log'], raw: title, late: true }, event(7001)])
    const sql = 'SELECT kind, action, toString(record_types) FROM audit.events WHERE serial = 7001 ORDER BY kind'
    expect((await store.reader.query({ sql })).rows).toEqual([
      ['Command', 'execve', "['SYSCALL','EXECVE']"],
      ['LinuxAudit', 'late records', "['PROCTITLE']"],
    ])
    late.close()
  })

  it('stores each once, under the node of the certificate, whatever the lines say', async () => {
    const lie = `node=elsewhere type=USER_LOGIN msg=audit(1795230001.000:500): pid=1 uid=0 auid=0 ses=1 msg='op=login'`
    const lines = [event(10), event(11), { kind: 'audit', boot: BOOT, via: [], raw: lie, node: 'elsewhere', cluster: 'prod' }]
    expect((await node.batch('spool.1.0', lines)).body).toEqual({ accepted: 3, rejected: [], rejectedCount: 0, duplicate: false })
    expect((await node.batch('spool.1.0', lines)).body).toMatchObject({ accepted: 0, duplicate: true })
    // The same events under another name, as after a lost spool index, and twice at once.
    await Promise.all([node.batch('spool.2.0', lines), node.batch('spool.3.0', lines)])
    expect(await count(`audit.events WHERE cluster = 'dev' AND node = 'node-1' AND boot = '${BOOT}'`)).toBe(3)
    expect(await count(`audit.events WHERE node = 'elsewhere' OR cluster = 'prod'`)).toBe(0)
  })

  it('takes every kind of line, and keeps bytes that are no text', async () => {
    const container = 'a'.repeat(64)
    const time = '2026-11-21T03:00:00.000001Z'
    const raw = Buffer.from("type=USER_CMD msg=audit(1795230002.000:600): pid=1 uid=0 auid=0 ses=1 msg='cmd=\xff'", 'latin1')
    const pod = {
      metadata: { name: 'p', namespace: 'n', uid: 'pod-uid-1', creationTimestamp: '2026-11-21T02:00:00Z' },
      spec: { containers: [{ name: 'c' }], nodeName: 'node-1' },
      status: {},
    }
    const { body } = await node.batch('kinds.1.0', [
      { kind: 'audit', boot: BOOT, via: ['audit.log'], raw64: raw.toString('base64') },
      {
        kind: 'container',
        time,
        container: { t: 1795230000, kind: 'container', id: container, labels: { 'io.kubernetes.pod.name': 'p' } },
      },
      { kind: 'container', time, container: { t: 1795230001, kind: 'sample', cgroups: { [`/kubepods/${container}`]: [7, 8] } } },
      { kind: 'container', time, container: { t: 1795230009, kind: 'gone', id: container } },
      { kind: 'pods', time, list: { kind: 'PodList', items: [pod] } },
      {
        kind: 'process',
        boot: BOOT,
        time,
        pid: 7,
        ppid: 1,
        startTicks: 9,
        exe: '/bin/sh',
        argv: ['sh'],
        cgroup: '/',
        containerId: container,
        loginuid: 0,
        auditSession: 1,
      },
      { kind: 'loss', boot: BOOT, hop: 'kernel', since: time, until: time, count: null, reason: 'lost rose' },
      { kind: 'heartbeat', boot: BOOT, time, counters: { events: 5 }, facts: { kernel: '6.1' } },
      { kind: 'finding', time, rule: 'audit-pid-taken', text: 'another process took the audit socket' },
    ])
    expect(body).toEqual({ accepted: 9, rejected: [], rejectedCount: 0, duplicate: false })
    const { rows } = await store.reader.query({
      sql: `SELECT base64Decode(raw) = unhex('${raw.toString('hex')}') FROM audit.events WHERE audit_serial = '1795230002.000:600'`,
    })
    expect(rows).toEqual([[1]])
    expect(
      await count(
        `audit.containers FINAL WHERE container_id = '${container}' AND node = 'node-1' AND pod = 'p' AND gone > first_seen`,
      ),
    ).toBe(1)
    expect(await count(`audit.samples WHERE container_id = '${container}'`)).toBe(2)
    expect(await count(`audit.pods WHERE pod_uid = 'pod-uid-1'`)).toBe(1)
    expect(await count(`audit.loss WHERE hop = 'kernel' AND count = -1`)).toBe(1)
    expect(await count(`audit.heartbeats WHERE counters['events'] = 5 AND node = 'node-1'`)).toBe(1)
    expect(await count(`audit.events WHERE kind = 'Finding' AND action = 'audit-pid-taken'`)).toBe(1)
  })

  it('keeps where the process of an event was, as its node says, and leaves program starts to their lineage', async () => {
    const place = {
      containerId: 'd'.repeat(64),
      namespace: 'shop',
      pod: 'placed',
      podUid: 'uid-placed',
      container: 'c',
      image: 'i',
    }
    const record =
      'type=SECCOMP msg=audit(1795230003.000:700): auid=0 uid=0 gid=0 ses=1 pid=9 comm="sh" exe="/bin/sh" sig=0 arch=c000003e syscall=80 compat=0 ip=0x7f code=0x7ffc0000'
    const placed = [
      { kind: 'audit', boot: BOOT, via: ['socket'], raw: record, place },
      { ...event(701), place },
    ]
    expect((await node.batch('places.1.0', placed)).body).toMatchObject({ accepted: 2, rejectedCount: 0 })
    const { rows } = await store.reader.query({
      sql: `SELECT kind, container_id = repeat('d', 64), ns, pod, pod_uid, container, image FROM audit.events WHERE serial IN (700, 701) ORDER BY serial`,
    })
    expect(rows).toEqual([
      ['LinuxAudit', 1, 'shop', 'placed', 'uid-placed', 'c', 'i'],
      ['Command', 0, '', '', '', '', ''],
    ])
  })

  it('counts and keeps what cannot be used, and takes the rest', async () => {
    const { body } = await node.batch('bad.1.0', [
      'no json',
      '[]',
      { kind: 'nonsense' },
      { kind: '__proto__' },
      { kind: 'audit', boot: BOOT, via: [], raw: 'not a record' },
      { kind: 'audit', boot: BOOT, via: [] },
      { kind: 'loss', boot: BOOT, hop: 'moon', since: 'x', until: 'y', count: -1, reason: '' },
      event(20),
    ])
    expect(body).toMatchObject({ accepted: 1, rejectedCount: 7, duplicate: false })
    expect((body.rejected as { code: string }[]).map(({ code }) => code)).toEqual([
      'bad_json',
      'bad_json',
      'unknown_kind',
      'unknown_kind',
      'no_record',
      'bad_audit_line',
      'bad_line',
    ])
    expect(await count(`audit.loss WHERE hop = 'server' AND node = 'node-1' AND count = 7`)).toBe(1)
    await intake.parts.rejects.close()
    const kept = readdirSync(join(folder, 'rejects'))
      .map((name) => readFileSync(join(folder, 'rejects', name), 'utf8'))
      .join('')
    expect(
      kept
        .trimEnd()
        .split('\n')
        .filter((line) => (JSON.parse(line) as { source: string }).source === 'agent'),
    ).toHaveLength(7)
  })

  it('tells the losses of each minute, and who was heard last', async () => {
    const { minutes, nodes } = await readLoss(
      store.reader,
      { from: '2026-11-21T02:00:00Z', to: '2100-01-01T00:00:00Z', node: 'node-1' },
      Date.now(),
    )
    expect(minutes.map(({ hop, records, unknown, reasons }) => [hop, records, unknown, reasons])).toEqual(
      expect.arrayContaining([
        ['kernel', 0, 1, ['lost rose']],
        ['server', 7, 0, ['bad_audit_line, bad_json, bad_line, no_record, unknown_kind']],
      ]),
    )
    expect(minutes.find(({ hop }) => hop === 'kernel')?.minute).toBe('2026-11-21T03:00:00Z')
    expect(nodes).toEqual([
      {
        cluster: 'dev',
        node: 'node-1',
        lastHeard: '2026-11-21T03:00:00.000001Z',
        boot: BOOT,
        counters: { events: 5 },
        facts: { kernel: '6.1' },
      },
    ])
  })

  it('refuses what is too large or damaged, and goes on', async () => {
    const send = (body: Buffer, headers: Record<string, string> = {}) =>
      node.post('/intake/v1/batches', body, {
        'content-type': 'application/x-ndjson',
        'x-podwitness-batch': 'bomb.1.0',
        ...headers,
      })
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20))
    expect(bomb.length).toBeLessThan(100_000)
    expect(await send(bomb, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413, body: { code: 'PW-IN-004' } })
    expect(await send(bomb.subarray(0, 100), { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { code: 'PW-IN-005' },
    })
    expect(await send(Buffer.from('{}'), { 'content-encoding': 'br' })).toMatchObject({ status: 415 })
    expect(await send(Buffer.from('{}'), { 'x-podwitness-batch': 'no name' })).toMatchObject({
      status: 400,
      body: { code: 'PW-IN-006' },
    })
    const headers = await send(Buffer.from('{}'), { 'x-giant': 'a'.repeat(20_000) }).catch(() => ({ status: 431 }))
    expect(headers.status).toBe(431)
    const plain = await new Promise<string>((resolve) => {
      const socket = connectPlain(intake.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'))
      socket.on('error', () => resolve('closed'))
      socket.on('close', () => resolve('closed'))
    })
    expect(plain).toBe('closed')
    expect(
      (await send(gzipSync(JSON.stringify(event(30))), { 'content-encoding': 'gzip', 'x-podwitness-batch': 'fine.1.0' })).body,
    ).toMatchObject({ accepted: 1 })
  })
})

describe('the webhook of a kube-apiserver', () => {
  /** The recorded POST bodies, byte for byte: what stands behind `"body":` on each line. */
  const posts = gunzipSync(readFileSync(join(RECORDING, 'webhook.jsonl.gz')))
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line.slice(line.indexOf('"body":') + 7, -1), 'latin1'))

  it('stores every recorded request, byte for byte, and a repeat changes nothing', async () => {
    const token = newToken('apiserver', 'hook').text
    const post = (body: Buffer) =>
      stranger.post('/intake/v1/apiserver/hook', body, { 'content-type': 'application/json', authorization: `Bearer ${token}` })
    const answers = await Promise.all(posts.map(post))
    expect(answers.every(({ status, body }) => status === 200 && body.rejected === 0)).toBe(true)
    expect(await count(`audit.events WHERE cluster = 'hook'`)).toBe(2_591)
    await Promise.all([...posts].reverse().slice(0, 10).map(post))
    expect(await count(`audit.events WHERE cluster = 'hook'`)).toBe(2_591)
    const { rows } = await store.reader.query({
      sql: `SELECT raw FROM audit.events WHERE cluster = 'hook' AND NOT mapContains(labels, 'masked')`,
    })
    const sent = Buffer.concat(posts).toString('utf8')
    expect(rows.length).toBeGreaterThan(2_000)
    expect(rows.every(([raw]) => sent.includes(String(raw)))).toBe(true)
  })

  it('takes a client certificate as well, each for its own cluster only', async () => {
    const { key, csr } = await signingRequest()
    const { certificate } = await intake.parts.authority.issue(csr, { role: 'apiserver', cluster: 'two', node: '' })
    const client = new SenderClient(intake.port, intake.parts.authority.certificate, { key, cert: certificate })
    const body = posts[0] ?? Buffer.alloc(0)
    expect((await client.post('/intake/v1/apiserver/two', body)).status).toBe(200)
    expect((await client.post('/intake/v1/apiserver/hook', body)).status).toBe(403)
    expect((await client.post('/intake/v1/batches', '{}', { 'x-podwitness-batch': 'a.1.1' })).status).toBe(403)
    const other = { authorization: `Bearer ${newToken('apiserver', 'two').text}` }
    expect((await stranger.post('/intake/v1/apiserver/hook', body, other)).status).toBe(403)
    expect((await client.post('/intake/v1/apiserver/two', '{"items":[1,{"a":2}]}')).body).toEqual({ accepted: 0, rejected: 2 })
    expect(await client.post('/intake/v1/apiserver/two', 'no list')).toMatchObject({ status: 400, body: { code: 'PW-IN-005' } })
    client.close()
  })
})
