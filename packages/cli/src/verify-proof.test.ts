import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EventPod, EventProofReply, ProofFile } from '@podwitness/api'
import { createApp, importPaths } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testTerminal } from '../testdata/test-terminal.ts'
import { run } from './run.ts'

const RECORDING = fileURLToPath(new URL('../../../recordings/dev/', import.meta.url))
const TOKEN = 'a-token-of-thirty-two-characters'
const folder = mkdtempSync(join(tmpdir(), 'podwitness-proof-'))
let store: Store
let app: Awaited<ReturnType<typeof createApp>>
let reply: EventProofReply

async function ask<T>(url: string): Promise<{ status: number; body: T }> {
  const answer = await app.inject({ url, headers: { host: '127.0.0.1', authorization: `Bearer ${TOKEN}` } })
  return { status: answer.statusCode, body: answer.json() as T }
}

async function verify(proof: object | string, ...flags: string[]) {
  const path = join(folder, 'proof.json')
  writeFileSync(path, typeof proof === 'string' ? proof : JSON.stringify(proof))
  const { terminal, recorded } = testTerminal()
  return { exit: await run(['verify', '--proof', path, ...flags], terminal), ...recorded }
}

const changed = (change: (proof: ProofFile) => void): ProofFile => {
  const proof = structuredClone(reply.proof) as ProofFile
  change(proof)
  return proof
}
const firstOf = (proof: ProofFile) => proof.events[0] as ProofFile['events'][number]

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  const files = ['apiserver-audit.log.gz', 'pods-end.json.gz'].map((name) => join(RECORDING, name))
  await importPaths(store, files, { cluster: 'dev', rejectsDir: folder })
  app = await createApp(store, { host: '127.0.0.1', port: 0, token: TOKEN })
  const { rows } = await store.reader.query({
    sql: "SELECT event_id FROM audit.events WHERE resource = 'pods' AND subresource = 'exec' AND obj_name IN (SELECT pod FROM audit.pods) ORDER BY time LIMIT 1",
  })
  reply = (await ask<EventProofReply>(`/api/v1/events/${rows[0]?.[0]}/proof`)).body
})
afterAll(async () => {
  await app.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the proof of an event', () => {
  it('holds here and elsewhere, with the key that came with it and with one kept elsewhere', async () => {
    expect(reply).toMatchObject({ state: 'proven', batch: { chain: 'chain-1', adopted: false } })
    const { body } = await ask<{ event: { eventId: string }; raw: string }>(`/api/v1/events/${reply.proof?.events[0]?.eventId}`)
    expect(reply.proof?.events[0]?.raw).toBe(body.raw)
    const key = join(store.ledger?.folder ?? '', 'signing-key.pub.pem')
    const alone = await verify(reply.proof ?? {})
    expect([alone.exit, alone.data]).toEqual([0, expect.stringMatching(/^proven {2}event .*\nin batch .*, signed .* by key /)])
    expect(alone.talk).toContain('--key')
    const kept = await verify(reply.proof ?? {}, '--key', key, '--json')
    expect(JSON.parse(kept.data)).toMatchObject({ proven: true, keyKeptElsewhere: true, signaturesChecked: true })
  })

  it.each([
    ['a byte', (proof: ProofFile) => Object.assign(firstOf(proof), { raw: firstOf(proof).raw.replace('exec', 'exeC') })],
    ['the time', (proof: ProofFile) => Object.assign(firstOf(proof), { timeMicros: 1 })],
    ['the node', (proof: ProofFile) => Object.assign(firstOf(proof), { node: 'x' })],
    ['a step', (proof: ProofFile) => void firstOf(proof).path.pop()],
    ['the entry', (proof: ProofFile) => Object.assign(Object.values(proof.entries)[0] as object, { written: '2020' })],
  ])('does not hold when %s was changed', async (_what, change) => {
    const { exit, data } = await verify(changed(change))
    expect([exit, data]).toEqual([1, expect.stringMatching(/^not proven /)])
  })

  it('does not hold against another key', async () => {
    const other = mkdtempSync(join(tmpdir(), 'podwitness-key-'))
    const second = await openStore({ dataDir: other, role: 'server' })
    await importPaths(second, [join(RECORDING, 'apiserver-audit.log.gz')], { cluster: 'c', rejectsDir: other })
    const key = join(second.ledger?.folder ?? '', 'signing-key.pub.pem')
    expect((await verify(reply.proof ?? {}, '--key', key)).exit).toBe(1)
    await second.close()
    rmSync(other, { recursive: true, force: true })
  })

  it.each(['', '{', '{}', '[]', '{"format":"podwitness-proof/1"}'])('%j is no proof', async (text) => {
    const { exit, talk } = await verify(text)
    expect([exit, talk]).toEqual([2, expect.stringContaining('PW-LG-005')])
  })

  it('is not there for a batch whose rows were changed, and for an event that is not there', async () => {
    expect((await ask('/api/v1/events/nothing/proof')).status).toBe(404)
    const chain = join(store.ledger?.folder ?? '', 'chain-1.jsonl')
    const original = readFileSync(chain, 'utf8')
    writeFileSync(chain, original.replaceAll(reply.batch?.root ?? '?', '0'.repeat(64)))
    const { body } = await ask<EventProofReply>(`/api/v1/events/${reply.proof?.events[0]?.eventId}/proof`)
    writeFileSync(chain, original)
    expect(body).toMatchObject({ state: 'unproven', proof: null })
  })
})

it('the pod of an event is what was last seen of it', async () => {
  const { body } = await ask<{ pod: EventPod }>(`/api/v1/events/${reply.proof?.events[0]?.eventId}/pod`)
  expect(JSON.parse(body.pod?.object ?? '{}')).toMatchObject({ kind: 'Pod', metadata: { name: body.pod?.pod } })
  expect((await ask<{ pod: EventPod }>('/api/v1/events/nothing/pod')).body.pod).toBeNull()
})
