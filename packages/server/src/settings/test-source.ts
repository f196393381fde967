import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { RouteReply, sourceTestRoute } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import { type RunningIntake, readSources } from './read-sources.ts'
import type { SenderDesk } from './sender-desk.ts'

type Tested = RouteReply<typeof sourceTestRoute>
type Sent = NonNullable<Tested['sent']>

/** How long a record that was sent is looked for, and a connection waited for, milliseconds. */
const WAIT_MS = 10_000
const LOOK_EVERY_MS = 200
/** Ways in that share the listener with TLS, and the tokens with which their senders come. */
const BY_TLS: Readonly<Record<string, string>> = {
  agents: 'join',
  'apiserver-webhook': 'apiserver',
  http: 'app',
  otlp: 'app',
}
/** `<86>`: facility authpriv, severity info. Source: RFC 5424, 6.2.1. */
const PRIORITY = 86

/**
 * Looks whether a way in works: whether it listens and answers, who may send, and what came by it. Syslog in the clear asks
 * nobody who they are, so a marked record is sent there as anybody would, and looked for in the store.
 */
export async function testSource(
  store: Store,
  intake: string,
  { live, senders }: { readonly live: RunningIntake | undefined; readonly senders: SenderDesk },
): Promise<Tested> {
  const { sources } = await readSources(store, live)
  const source = sources.find((one) => one.intake === intake)
  const addresses = source?.addresses ?? []
  const kind = BY_TLS[intake]
  return {
    addresses,
    reached: kind === undefined || live === undefined ? null : await reach(live),
    maySend: kind === undefined ? null : await validSenders(senders, kind),
    sent: intake === 'syslog' && addresses.length > 0 ? await sendMarked(store, addresses) : null,
    files: intake === 'apiserver-log' ? await Promise.all(addresses.map(fileFact)) : [],
    lastReceived: source?.lastReceived ?? null,
    refused: source?.refused ?? [],
  }
}

/** Whether the listener answers with a certificate of this server's authority. */
function reach({ address, parts }: RunningIntake): Promise<NonNullable<Tested['reached']>> {
  const { host, port } = placeOf(address)
  return new Promise((resolve) => {
    const socket = connectTls({ host, port, ca: parts.authority.certificate, checkServerIdentity: () => undefined })
    const end = (ok: boolean, why: string): void => {
      socket.destroy()
      resolve({ ok, why })
    }
    socket.setTimeout(WAIT_MS, () => end(false, 'no answer'))
    socket.once('secureConnect', () => end(true, `valid until ${new Date(socket.getPeerCertificate().valid_to).toISOString()}`))
    socket.once('error', ({ message }) => end(false, message))
  })
}

async function validSenders(senders: SenderDesk, kind: string): Promise<number> {
  const { tokens, certificates } = await senders.list()
  const byToken = tokens.filter((token) => token.kind === kind && token.state === 'valid').length
  const byCertificate = kind === 'join' ? certificates.filter(({ state }) => state === 'valid').length : 0
  return byToken + byCertificate
}

async function fileFact(named: string): Promise<Tested['files'][number]> {
  // `PATH of CLUSTER`, as the listing has it.
  const path = named.replace(/ of [^/]*$/, '')
  try {
    const { size, mtime } = await stat(path)
    return { path, sizeBytes: size, changed: mtime.toISOString(), why: '' }
  } catch (error) {
    return { path, sizeBytes: 0, changed: null, why: error instanceof Error ? error.message : String(error) }
  }
}

async function sendMarked(store: Store, addresses: readonly string[]): Promise<Sent> {
  const [, address = '', transport = ''] =
    addresses.map((one) => /^(\S+) \((udp|tcp)\)$/.exec(one)).find((match) => match !== null) ?? []
  const nothing = { marker: '', eventId: '', elapsedMs: 0, why: '' }
  if (transport === '') return { ...nothing, outcome: 'not-sent', why: 'Every listener of syslog wants TLS with a certificate.' }
  const marker = `podwitness-test-${randomBytes(6).toString('hex')}`
  const line = `<${PRIORITY}>1 ${new Date().toISOString()} podwitness podwitness-test - - - ${marker}`
  const began = Date.now()
  try {
    if (transport === 'udp') await sendDatagram(line, placeOf(address))
    else await sendStream(`${line}\n`, placeOf(address))
  } catch (error) {
    return { ...nothing, marker, outcome: 'lost', why: error instanceof Error ? error.message : String(error) }
  }
  while (Date.now() - began < WAIT_MS) {
    const { rows } = await store.reader.query({
      sql: `SELECT event_id FROM audit.events WHERE kind = 'Syslog' AND received >= {since:DateTime64(6)} AND message LIKE {marker:String} LIMIT 1`,
      params: { since: new Date(began - WAIT_MS).toISOString().replace('T', ' ').replace('Z', ''), marker: `%${marker}%` },
    })
    const elapsedMs = Date.now() - began
    if (rows[0] !== undefined) return { marker, eventId: String(rows[0][0]), elapsedMs, outcome: 'stored', why: '' }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return { ...nothing, marker, elapsedMs: Date.now() - began, outcome: 'lost', why: '' }
}

function sendDatagram(line: string, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', reject)
    socket.send(line, port, host, (error) => {
      socket.close()
      if (error === null) resolve()
      else reject(error)
    })
  })
}

function sendStream(line: string, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
    socket.once('connect', () => socket.end(line, resolve))
  })
}

interface Place {
  readonly host: string
  readonly port: number
}

/** Where a listener of this machine is reached: one that listens everywhere, on loopback. */
function placeOf(address: string): Place {
  const at = address.lastIndexOf(':')
  const host = address.slice(0, at).replace(/^\[|\]$/g, '')
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port: Number(address.slice(at + 1)) }
}
