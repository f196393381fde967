import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BackupManifest,
  checkBackup,
  findBackups,
  openStore,
  readPublicKey,
  restoreBackup,
  type Store,
} from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Intake, startIntake } from '../intake/start-intake.ts'
import { SenderClient } from '../intake/testing/sender-client.ts'
import { backupDrill } from './backup-drill.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-backup-'))
const data = join(folder, 'data')
const kept = join(folder, 'kept')
let store: Store
let intake: Intake
let sender: SenderClient

const BOOT = '6f1c3f60-0d4c-4b0e-9d5c-000000000001'
/** One event on each of three days: an insert is three parts, of which a backup may see some. */
const linesOf = (serial: number): object[] =>
  [0, 1, 2].map((day) => ({
    kind: 'audit',
    boot: BOOT,
    via: ['socket'],
    raw: `type=SYSCALL msg=audit(${1795230000 + day * 86_400}.000:${serial * 3 + day}): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=${serial} auid=0 uid=0 tty=(none) ses=1 comm="id" exe="/usr/bin/id"\ntype=EXECVE msg=audit(${1795230000 + day * 86_400}.000:${serial * 3 + day}): argc=1 a0="id"`,
  }))

beforeAll(async () => {
  store = await openStore({ dataDir: data, role: 'server' })
  intake = await startIntake(store, { folder: data, host: '127.0.0.1', port: 0 })
  const { text } = intake.parts.tokens.create({ kind: 'join', cluster: 'dev', name: 't' }, intake.parts.authority.fingerprint)
  const stranger = new SenderClient(intake.port, intake.parts.authority.certificate)
  sender = await stranger.join(text, 'dev', 'node-1')
  stranger.close()
})
afterAll(async () => {
  sender?.close()
  await intake?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

const serials = async (of: Store): Promise<number[]> => {
  const sql = 'SELECT DISTINCT serial FROM audit.events WHERE node = {node:String} ORDER BY serial'
  return (await of.reader.query({ sql, params: { node: 'node-1' }, maxRows: 100_000 })).rows.map(([serial]) => Number(serial))
}
const findings = async (of: Store) => (await of.ledger?.verify({}))?.findings.map(({ code }) => code)

/** When each batch was acknowledged, by its number. */
const acked = new Map<number, number>()

/** Sends for as long as `work` runs. */
async function underLoad(from: number, work: () => Promise<void>): Promise<void> {
  let next = from
  let on = true
  const send = async (): Promise<void> => {
    while (on) {
      const serial = next++
      const { status } = await sender.batch(`s.${serial}.0`, linesOf(serial))
      expect(status).toBe(200)
      acked.set(serial, Date.now())
    }
  }
  const senders = [send(), send(), send()]
  await work().finally(() => {
    on = false
  })
  await Promise.all(senders)
}

let whole: BackupManifest
let second: BackupManifest

it('is written under load, then again with what is new alone', async () => {
  await underLoad(1, async () => {
    while (acked.size < 8) await new Promise((resolve) => setTimeout(resolve, 20))
    whole = await store.backUp({ into: kept })
  })
  await underLoad(1000, async () => {
    second = await store.backUp({ into: kept })
  })
  expect([whole.base, second.base]).toEqual(['', whole.id])
  const sizeOf = ({ files }: BackupManifest) => files.filter(({ name }) => name.startsWith('engine/data/')).length
  expect(sizeOf(second)).toBeLessThan(sizeOf(whole) * 2)
  expect(findBackups(kept).map(({ manifest }) => manifest?.id)).toEqual([whole.id, second.id])
  const key = readPublicKey(readFileSync(join(data, 'ledger', 'signing-key.pub.pem')))
  expect(checkBackup(join(kept, second.id), key).faults).toEqual([])
})

it('brings back everything acknowledged before it, the ledger with it, and the senders’ certificates', async () => {
  await intake.close()
  await store.close()
  rmSync(data, { recursive: true })
  // Elsewhere than it was written: what a backup builds on is found beside it.
  const moved = join(folder, 'moved')
  renameSync(kept, moved)
  const { ledger } = await restoreBackup({ from: join(moved, second.id), dataDir: data })
  store = await openStore({ dataDir: data, role: 'server' })
  const stored = new Set(await serials(store))
  const due = [...acked].filter(([, ackedMs]) => ackedMs < Date.parse(second.created)).map(([serial]) => serial)
  expect(due.length).toBeGreaterThanOrEqual(8)
  expect(due.flatMap((serial) => [serial * 3, serial * 3 + 1, serial * 3 + 2]).filter((serial) => !stored.has(serial))).toEqual(
    [],
  )
  expect(await store.ledger?.verify({})).toMatchObject({ intact: true })
  expect(await findings(store)).toEqual(['restored'])
  expect(ledger.chains).toBe(1)
  intake = await startIntake(store, { folder: data, host: '127.0.0.1', port: 0 })
  const again = sender.at(intake.port)
  // What a sender that has no answer sends again is completed, whatever of it was in the backup.
  const [last = 0] = [...acked.keys()].slice(-1)
  expect((await again.batch(`s.${last}.0`, linesOf(last))).status).toBe(200)
  expect((await serials(store)).filter((serial) => Math.floor(serial / 3) === last)).toHaveLength(3)
  expect(await findings(store)).toEqual(['restored'])
  again.close()
  renameSync(moved, kept)
})

it('is tried out without touching anything', async () => {
  const at = join(folder, 'drills')
  mkdirSync(at)
  const report = await backupDrill({ from: join(kept, whole.id), at })
  expect(report).toMatchObject({ backup: whole.id, sound: true, columns: { differing: 0 } })
  expect(report.tables.find(({ table }) => table === 'events')?.rows).toBeGreaterThanOrEqual(24)
  expect(readdirSync(at)).toEqual([])
})

it('leaves nothing behind where it cannot be written, and is not made of a folder that is in use', async () => {
  const full = join(folder, 'a-file')
  writeFileSync(full, '')
  await expect(store.backUp({ into: full })).rejects.toThrow(expect.objectContaining({ code: 'PW-BK-008' }))
  const aborted = store.backUp({ into: join(folder, 'aborted'), signal: AbortSignal.abort() })
  await expect(aborted).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(readdirSync(join(folder, 'aborted'))).toEqual([])
  const into = restoreBackup({ from: join(kept, whole.id), dataDir: data })
  await expect(into).rejects.toThrow(expect.objectContaining({ code: 'PW-BK-006' }))
})

const LEDGER = 'folder/ledger/chain-1.jsonl'
const largest = (manifest: BackupManifest): string => [...manifest.files].sort((a, b) => b.bytes - a.bytes)[0]?.name ?? ''
const flip = (path: string): void => {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

it.each([
  ['a flipped byte', () => largest(second), (path: string) => flip(path), 'its bytes are not those that were written'],
  ['a missing file', () => largest(second), (path: string) => rmSync(path), 'it is missing'],
  ['a longer ledger', () => LEDGER, (path: string) => appendFileSync(path, '{}\n'), 'bytes instead of'],
  ['a file put in', () => 'folder/ledger/chain-9.jsonl', (path: string) => writeFileSync(path, ''), 'not of this backup'],
  ['a changed manifest', () => 'manifest.json', (path: string) => appendFileSync(path, ' '), 'not what was signed'],
  ['no signature', () => 'manifest.json', (path: string) => rmSync(`${path}.sig`), 'its signature is missing'],
])('refuses one with %s, by its name', async (_what, file, damage, why) => {
  const from = join(kept, second.id)
  const paths = [join(from, file()), join(from, 'manifest.json.sig')]
  const before = paths.map((path) => (existsSync(path) ? readFileSync(path) : undefined))
  damage(join(from, file()))
  const restoring = restoreBackup({ from, dataDir: join(folder, 'none') })
  await expect(restoring).rejects.toThrow(
    expect.objectContaining({ code: 'PW-BK-004', why: expect.stringMatching(`^${second.id}/${file()}: .*${why}[^;]*$`) }),
  )
  for (const [index, path] of paths.entries()) {
    const bytes = before[index]
    if (bytes === undefined) rmSync(path)
    else writeFileSync(path, bytes)
  }
})

it('refuses one whose base is damaged or gone, and one signed with another key', () => {
  const other = readPublicKey(readFileSync(join(data, 'pki', 'ca.crt')))
  expect(checkBackup(join(kept, whole.id), other).faults).toMatchObject([{ file: 'manifest.json' }])
  flip(join(kept, whole.id, largest(whole)))
  expect(checkBackup(join(kept, second.id)).faults).toMatchObject([{ backup: whole.id, file: largest(whole) }])
  renameSync(join(kept, whole.id), join(folder, 'elsewhere'))
  const codeOf = (code: string) => expect.objectContaining({ code })
  expect(() => checkBackup(join(kept, second.id))).toThrow(codeOf('PW-BK-005'))
  expect(() => checkBackup(join(folder, 'nothing'))).toThrow(codeOf('PW-BK-003'))
})
