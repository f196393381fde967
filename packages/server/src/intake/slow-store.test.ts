import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeTime } from '@podwitness/event'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'
import { GroupWriter } from './group-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'podwitness-slow-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
}, 120_000)
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

/** The same store, but every insert waits before it is done. */
function slowed(real: Store, delayMs: number): Store {
  const insert: Store['writer']['insert'] = async (...given) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    return real.writer.insert(...given)
  }
  const bound = <T extends object>(target: T, replaced: Partial<T>): T =>
    new Proxy(target, {
      get: (from, name) => {
        const value: unknown = Reflect.get(name in replaced ? replaced : from, name)
        return typeof value === 'function' && !(name in replaced) ? value.bind(from) : value
      },
    })
  return bound(real, { writer: bound(real.writer, { insert }) })
}

const PARCELS = 60
const EVENTS = 50
const PARCEL_BYTES = 1_000_000
const MOST_BYTES = 8_000_000

function parcelOf(number: number): Parcel {
  const parcel = emptyParcel({ key: `slow/${number}`, cluster: 'slow', node: 'n' })
  parcel.bytes = PARCEL_BYTES
  for (let at = 0; at < EVENTS; at++) {
    const time = storeTime(Date.UTC(2026, 10, 20) + number * EVENTS + at)
    parcel.events.push({ time, event_id: `slow-${number}-${at}`, kind: 'LinuxAudit', cluster: 'slow', raw: 'x' })
  }
  return parcel
}

it('holds no more than it may while the store is slow, refuses the rest, and stores everything once it is sent again', async () => {
  const writer = new GroupWriter(slowed(store, 30), () => {}, { maxWaitingBytes: MOST_BYTES })
  let most = 0
  let refused = 0
  const send = async (number: number): Promise<void> => {
    for (;;) {
      try {
        const answer = writer.submit(parcelOf(number))
        most = Math.max(most, writer.waitingBytes)
        await answer
        return
      } catch (error) {
        expect(error).toMatchObject({ code: 'PW-IN-007' })
        refused++
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  await Promise.all(Array.from({ length: PARCELS }, (_, number) => send(number)))
  await writer.idle()
  expect(refused).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(MOST_BYTES)
  expect(writer.waitingBytes).toBe(0)
  const { rows } = await store.reader.query({
    sql: `SELECT count(), uniqExact(event_id) FROM audit.events WHERE cluster = 'slow'`,
  })
  expect(rows[0]?.map(Number)).toEqual([PARCELS * EVENTS, PARCELS * EVENTS])
}, 60_000)
