import { randomUUID } from 'node:crypto'
import { storeTime } from '@podwitness/event'
import type { Connection } from './connection.ts'
import { writeExpiry } from './retention.ts'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'
import type { StoreWriter } from './store-writer.ts'

/** What is to be kept beyond its time. Of what is given, all must hold; a session, a namespace or a span is needed. */
export interface HoldScope {
  readonly traceId?: string
  readonly cluster?: string
  readonly namespace?: string
  /** ISO 8601, both included. */
  readonly from?: string
  readonly to?: string
}

/** A hold as it was placed. */
export interface Hold extends HoldScope {
  readonly id: string
  /** Who, and why. */
  readonly by: string
  readonly reason: string
  /** ISO 8601. */
  readonly placed: string
}

/** What holds are applied to. */
export interface HoldPlaces {
  readonly connection: Connection
  readonly servers: readonly Connection[]
  readonly ending: string
  readonly writer: StoreWriter
}

const KIND = 'hold'
const FAILED = { what: 'The holds cannot be read.', otherwise: 'PW-ST-018' } as const
const NOT_APPLIED = { what: 'The hold cannot be applied.', otherwise: 'PW-ST-018' } as const
/** The last moment a `DateTime` holds. */
const FOR_EVER = '2106-02-07 06:28:15'
const HELD_TABLES = ['events', 'placements', 'sessions', 'entries'] as const
type HeldTable = (typeof HELD_TABLES)[number]

/** The holds in force, oldest first. */
export async function readHolds(connection: Connection): Promise<Hold[]> {
  const sql = `SELECT id, spec FROM audit.store_objects FINAL WHERE kind = '${KIND}'`
  const rows = await connection.rows<{ id: string; spec: string }>('app', sql, {}, FAILED)
  const holds = rows.map(({ id, spec }) => ({ ...(JSON.parse(spec) as Omit<Hold, 'id'>), id }))
  return holds.sort((a, b) => (a.placed < b.placed ? -1 : 1))
}

/**
 * Places a hold: rows it means outlive retention until it is released.
 *
 * @throws StoreError PW-ST-013 where it would mean everything, or gives no reason.
 */
export async function placeHold(places: HoldPlaces, hold: Omit<Hold, 'id' | 'placed'>): Promise<Hold> {
  if (hold.traceId === undefined && hold.namespace === undefined && hold.from === undefined && hold.to === undefined)
    throw refused('It names no session, no namespace and no time.')
  if (hold.reason.trim() === '' || hold.by.trim() === '') throw refused('It says not who wants it, or why.')
  for (const time of [hold.from, hold.to])
    if (time !== undefined && Number.isNaN(Date.parse(time))) throw refused(`${time} is no time.`)
  const placed = { ...hold, id: randomUUID(), placed: new Date().toISOString() }
  const { id, ...spec } = placed
  await writeHold(places.writer, id, JSON.stringify(spec), 0)
  // Marked first: a change of the expiry drops what has expired by then.
  await applyHold(places, placed)
  await writeExpiry(places.servers, places.ending, HELD_TABLES)
  return placed
}

/** Lets rows go that no other hold means. @returns The hold; undefined where there is none of this id. */
export async function releaseHold(places: HoldPlaces, id: string): Promise<Hold | undefined> {
  const holds = await readHolds(places.connection)
  const released = holds.find((hold) => hold.id === id)
  if (released === undefined) return undefined
  await writeHold(places.writer, id, '{}', 1)
  await mark(places, released, '1970-01-01 00:00:00')
  for (const hold of holds) if (hold.id !== id) await applyHold(places, hold)
  return released
}

/** Marks what came since the holds were placed; to be called much more often than retention drops anything. */
export async function applyHolds(places: HoldPlaces): Promise<void> {
  for (const hold of await readHolds(places.connection)) await applyHold(places, hold)
}

const applyHold = (places: HoldPlaces, hold: HoldScope): Promise<void> => mark(places, hold, FOR_EVER)

async function mark({ connection, servers, ending }: HoldPlaces, hold: HoldScope, until: string): Promise<void> {
  const auditIds = hold.traceId === undefined ? [] : await auditIdsOf(connection, hold.traceId)
  try {
    for (const table of HELD_TABLES) {
      const where = condition(table, hold, { ending, auditIds })
      const name = `audit.${table}${ending}`
      for (const server of servers) {
        const rows = await server.rows<{ n: string }>(
          'admin',
          `SELECT count() AS n FROM ${name} WHERE kept_until != toDateTime('${until}', 'UTC') AND (${where})`,
          {},
          NOT_APPLIED,
        )
        if (Number(rows[0]?.n ?? 0) === 0) continue
        const update = `ALTER TABLE ${name} UPDATE kept_until = toDateTime('${until}', 'UTC') WHERE ${where}`
        await server.command('admin', update, { mutations_sync: '2' })
      }
    }
  } catch (error) {
    throw storeFailure(error, NOT_APPLIED)
  }
}

async function auditIdsOf(connection: Connection, traceId: string): Promise<string[]> {
  const sql = 'SELECT arrayJoin(audit_ids) AS id FROM audit.sessions FINAL WHERE trace_id = {traceId:String}'
  return (await connection.rows<{ id: string }>('app', sql, { traceId }, FAILED)).map(({ id }) => id)
}

/** What a hold means in a table. A command's namespace and session are its placement's, which is on the same server. */
function condition(table: HeldTable, hold: HoldScope, at: { ending: string; auditIds: readonly string[] }): string {
  const parts: string[] = []
  const { traceId, cluster, namespace, from, to } = hold
  const [begin, end] = table === 'sessions' ? ['start', 'end'] : ['time', 'time']
  if (cluster !== undefined) parts.push(`cluster = ${literal(cluster)}`)
  if (from !== undefined) parts.push(`${end} >= ${moment(from)}`)
  if (to !== undefined) parts.push(`${begin} <= ${moment(to)}`)
  const placed = (what: string): string => `event_id IN (SELECT event_id FROM audit.placements${at.ending} FINAL WHERE ${what})`
  if (traceId !== undefined) {
    const ids = at.auditIds.map(literal).join(', ')
    const requests = ids === '' ? '' : ` OR audit_id IN (${ids})`
    const trace = `trace_id = ${literal(traceId)}`
    parts.push(table === 'events' ? `(${trace} OR ${placed(trace)}${requests})` : trace)
  }
  if (namespace !== undefined) {
    const ns = `ns = ${literal(namespace)}`
    parts.push(table === 'events' ? `(${ns} OR obj_ns = ${literal(namespace)} OR ${placed(ns)})` : ns)
  }
  return parts.join(' AND ')
}

const moment = (iso: string): string => `toDateTime64('${storeTime(Date.parse(iso))}', 6, 'UTC')`

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`
}

async function writeHold(writer: StoreWriter, id: string, spec: string, isDeleted: 0 | 1): Promise<void> {
  const now = Date.now()
  const row = { kind: KIND, id, spec, changed: storeTime(now), version: `${now * 1000}`, is_deleted: isDeleted }
  await writer.insert('store_objects', [row], `hold|${id}|${isDeleted}`)
}

function refused(why: string): StoreError {
  return new StoreError('PW-ST-013', {
    what: 'This hold cannot be placed.',
    why,
    todo: 'Name a session, a namespace or a span of time, who wants it, and why.',
  })
}
