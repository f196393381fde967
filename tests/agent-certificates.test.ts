import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { announceAuthority, authorityState, pkiFolder, retireAuthority, switchAuthority } from '@podwitness/server'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { requestCertificate } from '../packages/agent/src/identity/certificate-request.ts'
import { type Identity, identityOf, readIdentity, renewAtMs } from '../packages/agent/src/identity/identity.ts'
import type { SendResult } from '../packages/agent/src/output.ts'
import { ServerOutput } from '../packages/agent/src/outputs/server.ts'
import { eventually, ServerLab } from './agent-lab.ts'

const lab = new ServerLab()
const pki = pkiFolder(lab.folder).authority
const identityPath = join(lab.folder, 'agent', 'identity.json')
const said: string[] = []
let output: ServerOutput
let joinAgain = (): Promise<Identity> => Promise.reject(new Error('there is no token'))
let batches = 0

beforeAll(async () => {
  await lab.open()
  mkdirSync(join(lab.folder, 'agent'))
  vi.spyOn(Math, 'random').mockReturnValue(0) // Senders come back at once.
})
afterAll(async () => {
  vi.restoreAllMocks()
  await output.close()
  await lab.close()
})

/** A certificate of the lab's authority that holds for so long. */
async function issued(lifeMs: number): Promise<Identity> {
  const authority = lab.intake?.parts.authority
  const { key, csr } = requestCertificate('n')
  const sender = { role: 'node', cluster: 'certs', node: 'n', senderId: 'one' } as const
  const answer = await authority?.issue(csr, sender, lifeMs / 86_400_000)
  return identityOf({ ...answer, agentId: 'one' }, key, { nowMs: Date.now() }) as Identity
}

function open(identity: Identity): ServerOutput {
  const url = new URL(`https://127.0.0.1:${lab.port}`)
  return new ServerOutput({
    url,
    node: 'n',
    identity,
    identityPath,
    joinAgain: () => joinAgain(),
    say: (text) => said.push(text),
  })
}

const send = (): Promise<SendResult> =>
  output.send(
    {
      id: `certs.0.${++batches}`,
      lines: [Buffer.from(`{"kind":"finding","time":"2026-01-01T00:00:00Z","rule":"r","text":"${batches}"}`)],
    },
    new AbortController().signal,
  )

/** Sends without a pause until something holds; every batch must have been taken. */
async function sendUntil(holds: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(async () => {
    expect(await send()).toEqual({ kind: 'done', rejected: 0, duplicate: false })
    return holds()
  }, Boolean)
}

const storedPath = async (): Promise<Identity | undefined> => readIdentity(identityPath)

it('renews before the end while it sends, and every batch is taken', async () => {
  const first = await issued(4000)
  output = open(first)
  await sendUntil(async () => Date.now() > first.notAfterMs && (await storedPath()) !== undefined)
  const renewed = await storedPath()
  expect(renewed?.agentId).toBe('one')
  expect(renewed?.key).not.toBe(first.key)
  expect(said).toEqual([])
})

it('follows the server to another authority without a gap, and nobody can be locked out by accident', async () => {
  const before = authorityState(pki).current
  expect(() => switchAuthority(pki, false)).toThrow('not changed yet')
  await announceAuthority(pki)
  const { next } = authorityState(pki)
  expect(() => switchAuthority(pki, false)).toThrow(
    expect.objectContaining({ code: 'PW-PK-005', why: expect.stringContaining('certs/n') }),
  )
  await sendUntil(() => authorityState(pki).unaware.length === 0)
  switchAuthority(pki, false)
  expect(authorityState(pki)).toMatchObject({ current: next, next: null, former: [before] })
  expect(() => retireAuthority(pki, false)).toThrow('not changed yet')
  await sendUntil(() => authorityState(pki).behind.length === 0)
  retireAuthority(pki, false)
  await eventually(
    () => lab.intake?.parts.authority.fingerprints,
    (prints) => prints?.length === 1,
  )
  await output.close()
  output = open((await storedPath()) as Identity)
  await sendUntil(() => true)
  expect(said).toEqual([])
})

it('says what is wrong and loses nothing where its certificate has ended, until it has another', async () => {
  await output.close()
  output = open(await issued(-1000))
  const refused = await send()
  expect(refused).toMatchObject({ kind: 'later', why: expect.stringMatching(/PW-IN-001.*CERT_HAS_EXPIRED.*clock says/) })
  expect(said.at(-1)).toContain('there is no token')
  joinAgain = () => issued(60_000)
  expect(await send()).toMatchObject({ kind: 'later' })
  expect(await send()).toMatchObject({ kind: 'done' })
})

it('keeps its lines where its certificate was revoked, and does not join again by itself', async () => {
  lab.intake?.parts.authority.revoke('one')
  joinAgain = () => Promise.reject(new Error('must not be asked'))
  expect(await send()).toMatchObject({
    kind: 'later',
    why: expect.stringContaining('The certificate of this sender was revoked.'),
  })
  expect(said.join()).not.toContain('must not be asked')
})

it('does not trust a server of another authority, and says so', async () => {
  const { ca: _ca, ...identity } = await issued(60_000)
  const stranger = await import('@podwitness/server').then(({ Authority }) => Authority.open(join(lab.folder, 'stranger')))
  await output.close()
  output = open({ ...identity, ca: stranger.certificate })
  expect(await send()).toMatchObject({ kind: 'later', why: expect.stringContaining('does not trust') })
})

it.each([
  ['right', 0],
  ['an hour behind', -3_600_000],
  ['a year ahead', 365 * 86_400_000],
])('renews at two thirds of its time with a clock that is %s', async (_what, aheadMs) => {
  const serverMs = Date.now()
  const { certificate, ca, key } = await issued(90_000)
  const nowMs = serverMs + aheadMs
  const identity = identityOf({ certificate, ca, agentId: 'one' }, key, { nowMs, serverMs }) as Identity
  expect(Math.abs(renewAtMs(identity) - nowMs - 60_000)).toBeLessThan(2000)
})
