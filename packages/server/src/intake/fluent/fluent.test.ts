import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { decode, ExtData, encode } from '@msgpack/msgpack'
import { openStore, type Store } from '@podwitness/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Intake, startIntake } from '../start-intake.ts'
import { type OtherWays, startOtherWays } from '../start-other-ways.ts'
import { MsgpackFrames } from './msgpack-frames.ts'

const KEY = 'a key that senders know'
const folder = mkdtempSync(join(tmpdir(), 'podwitness-fluent-'))
const sharedKeyFile = join(folder, 'key')
let store: Store
let intake: Intake
let ways: OtherWays

beforeAll(async () => {
  writeFileSync(sharedKeyFile, `${KEY}\n`)
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const listen = '127.0.0.1:0'
  const config = {
    fluentForward: [
      { listen, transport: 'tcp' as const, cluster: 'c' },
      { listen, transport: 'tls' as const, cluster: 'c', sharedKeyFile },
    ],
  }
  ways = await startOtherWays(config, intake, folder)
})
afterAll(async () => {
  await ways?.close()
  await intake?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A sender of the forward protocol, written from its specification. */
class FakeFluentd {
  readonly socket: Socket
  readonly #frames = new MsgpackFrames({ bytes: 1_000_000 })
  readonly #arrived: unknown[] = []
  #isClosed = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.#arrived.push(...this.#frames.push(bytes).values.map((value) => decode(value))))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#isClosed = true
    })
  }

  send(message: unknown): void {
    this.socket.write(encode(message))
  }

  async answer(): Promise<unknown> {
    await expect.poll(() => this.#arrived.length > 0 || this.#isClosed, { timeout: 10_000 }).toBe(true)
    return this.#arrived.shift() ?? 'closed'
  }
}

const portOf = (at: number): number => Number(/:(\d+) /.exec(ways.names[at] ?? '')?.[1])
const plain = (): FakeFluentd => new FakeFluentd(connect(portOf(0), '127.0.0.1'))
const overTls = (): FakeFluentd =>
  new FakeFluentd(connectTls({ port: portOf(1), host: '127.0.0.1', ca: intake.parts.authority.certificate }))
const refusals = (): Record<string, number> =>
  Object.fromEntries(
    intake.parts.rejects
      .counts()
      .filter(({ source }) => source === 'fluent')
      .map(({ code, count }) => [code, count]),
  )
async function rows(sql: string): Promise<unknown[][]> {
  return (await store.reader.query({ sql })).rows.map((row) => [...row])
}
const count = async (app: string): Promise<number> =>
  Number((await rows(`SELECT count() FROM audit.events WHERE source = 'fluent' AND name = '${app}'`))[0]?.[0])

const SECONDS = 1_795_230_000
/** EventTime of the protocol: seconds and nanoseconds. */
function eventTime(seconds: number, nanoseconds: number): ExtData {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(seconds, 0)
  bytes.writeUInt32BE(nanoseconds, 4)
  return new ExtData(0, bytes)
}
const packed = (...entries: unknown[]): Buffer => Buffer.concat(entries.map((entry) => Buffer.from(encode(entry))))

describe('the four modes', () => {
  const record = { message: 'hello', level: 'warn', kubernetes: { pod_name: 'p-1', namespace_name: 'shop' }, n: 7 }
  const time = eventTime(SECONDS, 250_000_000)
  it.each([
    ['message', ['app.message', time, record, { chunk: 'm1' }]],
    ['forward', ['app.forward', [[time, record]], { chunk: 'f1' }]],
    ['packed', ['app.packed', packed([time, record]), { chunk: 'p1', size: 1 }]],
    ['compressed', ['app.compressed', gzipSync(packed([time, record])), { chunk: 'c1', compressed: 'gzip' }]],
  ])('%s is stored, then acknowledged', async (mode, message) => {
    const sender = plain()
    sender.send(message)
    expect(await sender.answer()).toEqual({ ack: `${mode[0]}1` })
    const sql = `SELECT toString(time), level, ns, pod, message, labels['n'] FROM audit.events WHERE name = 'app.${mode}'`
    const at = new Date(SECONDS * 1000 + 250).toISOString().replace('T', ' ').replace('Z', '')
    expect(await rows(sql)).toEqual([[expect.stringContaining(at), 'warn', 'shop', 'p-1', 'hello', '7']])
    sender.send(message)
    expect(await sender.answer()).toEqual({ ack: `${mode[0]}1` })
    expect(await count(`app.${mode}`)).toBe(1)
    sender.socket.destroy()
  })

  it('keeps what is usable of a message and counts the rest', async () => {
    const sender = plain()
    sender.send(['app.half', [[SECONDS, { log: 'kept' }], [SECONDS, 'no record'], 7], { chunk: 'h' }])
    expect(await sender.answer()).toEqual({ ack: 'h' })
    expect(await count('app.half')).toBe(1)
    expect(refusals()).toMatchObject({ not_an_entry: 1 })
    expect(await rows("SELECT count FROM audit.loss WHERE reason = 'fluent entry'")).toEqual([[2]])
    sender.socket.destroy()
  })

  it('reads lines of audit.log as audit events', async () => {
    const line = (type: string, rest: string) => ({ log: `type=${type} msg=audit(1795230000.125:4711): ${rest}` })
    const syscall =
      'arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=77 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="id" exe="/usr/bin/id" key=(null)'
    const sender = plain()
    const entries = [line('SYSCALL', syscall), line('EXECVE', 'argc=2 a0="id" a1="-u"')].map((record) => [SECONDS, record])
    sender.send(['audit', entries, { chunk: 'a' }])
    expect(await sender.answer()).toEqual({ ack: 'a' })
    expect(await rows('SELECT kind, pid, argv FROM audit.events WHERE serial = 4711')).toEqual([['Command', 77, ['id', '-u']]])
    sender.socket.destroy()
  })
})

describe('a shared key', () => {
  async function shakeHands(sender: FakeFluentd, key: string): Promise<unknown> {
    const [, { nonce }] = (await sender.answer()) as [string, { nonce: Uint8Array }]
    const salt = Buffer.from('0123456789abcdef')
    const digest = createHash('sha512').update(salt).update('web-1').update(nonce).update(key).digest('hex')
    sender.send(['PING', 'web-1', salt, digest, '', ''])
    const pong = (await sender.answer()) as unknown[]
    const [, , , name, theirs] = pong
    const proof = createHash('sha512').update(salt).update(String(name)).update(nonce).update(key).digest('hex')
    return [pong[1], pong[2], theirs === proof]
  }

  it('lets in over TLS whoever knows it, and proves that the server knows it', async () => {
    const sender = overTls()
    expect(await shakeHands(sender, KEY)).toEqual([true, '', true])
    sender.send(['app.tls', SECONDS, { log: 'x' }, { chunk: 't' }])
    expect(await sender.answer()).toEqual({ ack: 't' })
    sender.socket.destroy()
  })

  it('keeps out whoever does not', async () => {
    const sender = overTls()
    expect(await shakeHands(sender, 'another')).toEqual([false, 'shared key mismatch', false])
    sender.send(['app.stranger', SECONDS, { log: 'x' }, { chunk: 's' }])
    expect(await sender.answer()).toBe('closed')
    expect(await count('app.stranger')).toBe(0)
    expect(refusals()).toMatchObject({ not_known: 1 })
  })

  it('takes no message before the handshake', async () => {
    const sender = overTls()
    await sender.answer()
    sender.send(['app.early', SECONDS, { log: 'x' }, { chunk: 'e' }])
    expect(await sender.answer()).toEqual(['PONG', false, 'a PING was expected', '', ''])
    expect(await count('app.early')).toBe(0)
  })
})

describe('what is no message', () => {
  it.each([
    ['a claim of four thousand million values', Buffer.from('dd ffffffff'.replace(' ', ''), 'hex'), 'waits'],
    ['a text of four gigabytes', Buffer.from('dbffffffff', 'hex'), 'too_long'],
    ['a thousand lists in each other', Buffer.alloc(1000, 0x91), 'too_deep'],
    ['a byte that is never used', Buffer.from([0xc1]), 'no_msgpack'],
  ])('%s', (_, bytes, expected) => {
    const frames = new MsgpackFrames({ bytes: 1_000_000 })
    const { fault, values } = frames.push(bytes)
    expect([fault ?? 'waits', values]).toEqual([expected, []])
  })

  it('ends the connection, and others go on', async () => {
    const bad = plain()
    bad.socket.write(Buffer.alloc(1000, 0x91))
    expect(await bad.answer()).toBe('closed')
    const good = plain()
    good.send(['app.bomb', gzipSync(Buffer.alloc(80_000_000)), { chunk: 'b', compressed: 'gzip' }])
    good.send(['app.after', SECONDS, { log: 'x' }, { chunk: 'g' }])
    expect(await good.answer()).toEqual({ ack: 'g' })
    expect(await count('app.bomb')).toBe(0)
    await expect.poll(refusals, { timeout: 10_000 }).toMatchObject({ too_deep: 1, not_a_message: 1 })
    good.socket.destroy()
  })
})

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.string({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
  ),
})).value

it('a stream is cut into the same values, however it is cut itself', () => {
  const property = fc.property(fc.array(value, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (values, step) => {
    const wanted = values.map((one) => Buffer.from(encode(one)))
    const stream = Buffer.concat(wanted)
    const frames = new MsgpackFrames({ bytes: 1_000_000 })
    const found: Buffer[] = []
    for (let at = 0; at < stream.length; at += step) found.push(...frames.push(stream.subarray(at, at + step)).values)
    expect(found.map((one) => one.toString('hex'))).toEqual(wanted.map((one) => one.toString('hex')))
    expect(frames.heldBytes).toBe(0)
  })
  fc.assert(property, { numRuns: 300 })
})

it('random bytes cost a refusal at the most', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
    const { values, fault } = new MsgpackFrames({ bytes: 100 }).push(Buffer.from(bytes))
    expect(values.every((one) => one.length > 0 && one.length <= 100)).toBe(true)
    expect([undefined, 'too_long', 'too_deep', 'no_msgpack']).toContain(fault)
  })
  fc.assert(property, { numRuns: 2000 })
})
