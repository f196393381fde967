import type { ApiCall, ListedSession, SessionCommandDetail, SessionDetail, SessionFilter, TopMatch } from '@podwitness/api'
import { DELIBERATE_ENTRIES, type SessionRow, storeTime, timeMsOf } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'
import { podOwner } from './pod-owner.ts'
import { COMMAND_COLUMNS, type CommandRow, commandOf, isoTime, sessionOf } from './row-mapping.ts'
import { CANDIDATES, commandCondition, type FacetName, sessionCondition } from './session-filter.ts'
import { sessionGaps, timeOf } from './session-gaps.ts'

export interface SessionPage {
  readonly sessions: ListedSession[]
  readonly total: number
  readonly inRange: number
  readonly facets: Record<FacetName, { value: string; count: number }[]>
  readonly position?: number
  readonly nextCursor: string | null
}

const ORDERS = {
  newest: 'start DESC, trace_id',
  oldest: 'start ASC, trace_id',
  risk: 'risk DESC, start DESC, trace_id',
  commands: 'command_count DESC, start DESC, trace_id',
  longest:
    'if(toUnixTimestamp(end) = 0, 0, toUnixTimestamp64Micro(end) - toUnixTimestamp64Micro(start)) DESC, start DESC, trace_id',
} as const

/** Commands shown with a session. */
const MAX_COMMANDS = 10_000
/** How far around a session its account's other requests are shown, milliseconds. */
const AROUND_MS = 60_000

/** Answers questions about sessions. Every value goes to the engine as a bound parameter. */
export class SessionsReader {
  readonly #reader: StoreReader

  constructor(reader: StoreReader) {
    this.#reader = reader
  }

  /** One page of sessions with the counts that a filter bar needs. */
  async list(filter: SessionFilter): Promise<SessionPage> {
    const limit = filter.limit ?? 100
    const offset = offsetOf(filter.cursor)
    const { sql, params } = sessionCondition(filter)
    const order = ORDERS[filter.sort ?? 'newest']
    const rows = await this.#rows<SessionRow>(
      `SELECT * FROM audit.sessions FINAL WHERE ${sql} ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      { ...params, limit, offset },
    )
    const total = await this.#count(sql, params)
    const sessions = rows.map(sessionOf)
    const matches = filter.command ? await this.#topMatches(filter, sessions) : new Map<string, TopMatch>()
    return {
      sessions: sessions.map((session) => withMatch(session, matches.get(session.traceId))),
      total,
      ...(await this.#counts(filter)),
      ...(filter.at === undefined ? {} : { position: await this.#position(filter, filter.at) }),
      nextCursor: offset + rows.length < total ? String(offset + rows.length) : null,
    }
  }

  /** One session with everything its page shows; `null` where there is none. */
  async detail(traceId: string): Promise<SessionDetail | null> {
    const [row] = await this.#rows<SessionRow>('SELECT * FROM audit.sessions FINAL WHERE trace_id = {traceId:String}', {
      traceId,
    })
    if (row === undefined) return null
    const session = sessionOf(row)
    const commands = (await this.commandsOf([traceId], MAX_COMMANDS)).get(traceId) ?? []
    return {
      ...session,
      podLabels: row.pod_labels,
      podOwner: await podOwner(this.#reader, row),
      hostIp: row.host_ip,
      commands,
      commandsLeftOut: Math.max(0, session.commandCount - commands.length),
      apiCalls: await this.#apiCalls(session, commands),
      neighbours: await this.#neighbours(row),
      gaps: await sessionGaps(this.#reader, {
        cluster: row.cluster,
        node: row.node,
        ...timeOf(row.start, row.end, commands.at(-1)?.time ?? ''),
      }),
    }
  }

  /** Every session that matches, oldest first, in blocks, with its commands where asked for. */
  async *export(
    filter: SessionFilter,
    commands: boolean,
  ): AsyncGenerator<(ListedSession & { commands?: SessionCommandDetail[] })[]> {
    const { sql, params } = sessionCondition(filter)
    const blocks = this.#reader.stream<SessionRow>(
      `SELECT * FROM audit.sessions FINAL WHERE ${sql} ORDER BY start, trace_id`,
      params,
    )
    for await (const block of blocks) {
      const sessions = block.map(sessionOf)
      if (!commands) yield sessions
      else {
        const found = await this.commandsOf(
          sessions.map(({ traceId }) => traceId),
          Number.MAX_SAFE_INTEGER,
        )
        yield sessions.map((session) => ({ ...session, commands: found.get(session.traceId) ?? [] }))
      }
    }
  }

  /** Commands of some sessions, each list in the kernel's order. */
  async commandsOf(traceIds: readonly string[], limit: number): Promise<Map<string, SessionCommandDetail[]>> {
    const found = new Map<string, SessionCommandDetail[]>()
    const sql = `SELECT ${COMMAND_COLUMNS} FROM audit.commands WHERE trace_id IN {traceIds:Array(String)} ORDER BY trace_id, time, serial LIMIT {limit:UInt64} BY trace_id`
    for await (const block of this.#reader.stream<CommandRow>(sql, { traceIds, limit: String(Math.min(limit, 2 ** 50)) })) {
      for (const row of block) {
        const list = found.get(row.trace_id)
        if (list === undefined) found.set(row.trace_id, [commandOf(row)])
        else list.push(commandOf(row))
      }
    }
    return found
  }

  async #rows<T>(sql: string, params: Readonly<Record<string, unknown>>): Promise<T[]> {
    const rows: T[] = []
    for await (const block of this.#reader.stream<T>(sql, params)) rows.push(...block)
    return rows
  }

  async #count(where: string, params: Readonly<Record<string, unknown>>): Promise<number> {
    const { rows } = await this.#reader.query({ sql: `SELECT count() FROM audit.sessions FINAL WHERE ${where}`, params })
    return Number(rows[0]?.[0] ?? 0)
  }

  /** What a filter bar shows; a further page of the same list need not count it again. */
  async #counts(filter: SessionFilter): Promise<Pick<SessionPage, 'inRange' | 'facets'>> {
    if (filter.counts === false) return { inRange: 0, facets: { user: [], namespace: [], entry: [], confidence: [], risk: [] } }
    const { sql, params } = sessionCondition({
      ...(filter.from ? { from: filter.from } : {}),
      ...(filter.to ? { to: filter.to } : {}),
      platform: filter.platform === true,
    })
    return { inRange: await this.#count(sql, params), facets: await this.#facets(filter) }
  }

  /** How many sessions of a list by time stand before a moment: those that start later, or earlier where the oldest come first. */
  async #position(filter: SessionFilter, at: string): Promise<number> {
    const { sql, params } = sessionCondition(filter)
    const before = filter.sort === 'oldest' ? 'start < {at:DateTime64(6)}' : 'start > {at:DateTime64(6)}'
    return this.#count(`${sql} AND ${before}`, { ...params, at: storeTime(timeMsOf(at)) })
  }

  async #facets(filter: SessionFilter): Promise<SessionPage['facets']> {
    const columns: Record<FacetName, string> = {
      user: `arrayJoin(if(user = '' AND notEmpty(${CANDIDATES}), arrayDistinct(${CANDIDATES}), [toString(user)]))`,
      namespace: 'ns',
      entry: 'entry',
      confidence: 'confidence',
      risk: "['report', 'low', 'medium', 'high', 'critical'][risk + 1]",
    }
    const facet = async (name: FacetName): Promise<{ value: string; count: number }[]> => {
      const { sql, params } = sessionCondition(filter, name)
      const { rows } = await this.#reader.query({
        sql: `SELECT ${columns[name]} AS value, count() AS n FROM audit.sessions FINAL WHERE ${sql} GROUP BY value ORDER BY n DESC, value LIMIT 100`,
        params,
      })
      return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }))
    }
    const [user, namespace, entry, confidence, risk] = await Promise.all([
      facet('user'),
      facet('namespace'),
      facet('entry'),
      facet('confidence'),
      facet('risk'),
    ])
    return { user, namespace, entry, confidence, risk }
  }

  async #topMatches(filter: SessionFilter, sessions: readonly ListedSession[]): Promise<Map<string, TopMatch>> {
    const { sql, params } = commandCondition(filter)
    const rows = await this.#rows<{ trace_id: string; best: [string, string, string]; matches: number | string }>(
      `SELECT trace_id, argMin((event_id, toString(time), cmdline), (-toInt16(risk), time)) AS best, count() AS matches
       FROM audit.commands WHERE trace_id IN {traceIds:Array(String)} AND ${sql} GROUP BY trace_id`,
      { ...params, traceIds: sessions.map(({ traceId }) => traceId) },
    )
    return new Map(
      rows.map(({ trace_id, best: [eventId, time, cmdline], matches }) => [
        trace_id,
        { eventId, time: isoTime(time), cmdline, matches: Number(matches) },
      ]),
    )
  }

  async #apiCalls(session: ListedSession, commands: readonly SessionCommandDetail[]): Promise<ApiCall[]> {
    const users = session.user === null ? session.candidates.map(({ user }) => user) : [session.user]
    if (users.length === 0) return []
    const last = session.end || commands.at(-1)?.time || session.start
    return this.apiCalls(
      'user IN {users:Array(String)} AND time BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}',
      {
        users,
        start: storeTime(timeMsOf(session.start)),
        from: storeTime(timeMsOf(session.start) - AROUND_MS),
        to: storeTime(timeMsOf(last) + AROUND_MS),
      },
      new Set([...session.auditIds, ...session.candidates.map(({ auditId }) => auditId)]),
    )
  }

  /**
   * Requests, one row each over their stages, oldest first. Of more than 500 those of `own` are kept, and
   * the nearest to the parameter `start`.
   */
  async apiCalls(where: string, params: Readonly<Record<string, unknown>>, own: ReadonlySet<string>): Promise<ApiCall[]> {
    const { rows } = await this.#reader.query({
      sql: `SELECT audit_id, argMax(event_id, time), toString(min(time)) AS began, any(user), any(verb), any(resource), any(subresource), any(obj_ns), any(obj_name), max(status)
        FROM audit.events WHERE kind = 'KubeAudit' AND ${where} GROUP BY audit_id
        ORDER BY audit_id IN {own:Array(String)} DESC, abs(dateDiff('microsecond', min(time), {start:DateTime64(6)})) LIMIT 500`,
      params: { ...params, own: [...own] },
    })
    const calls = rows.map(([auditId, eventId, began, user, verb, resource, subresource, namespace, name, status]) => ({
      eventId: String(eventId),
      auditId: String(auditId),
      time: isoTime(String(began)),
      user: String(user),
      verb: String(verb),
      resource: subresource === '' ? String(resource) : `${resource}/${subresource}`,
      namespace: String(namespace),
      name: String(name),
      status: Number(status),
      own: own.has(String(auditId)),
    }))
    return calls.sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
  }

  /** The sessions before and after one, among those that somebody made on purpose. */
  async #neighbours(row: SessionRow): Promise<SessionDetail['neighbours']> {
    const side = async (comparison: '<' | '>', order: 'DESC' | 'ASC'): Promise<string | null> => {
      const { rows } = await this.#reader.query({
        sql: `SELECT trace_id FROM audit.sessions FINAL WHERE cluster = {cluster:String} AND entry IN {entries:Array(String)}
          AND (start, trace_id) ${comparison} ({start:DateTime64(6)}, {traceId:String}) ORDER BY start ${order}, trace_id ${order} LIMIT 1`,
        params: { cluster: row.cluster, entries: DELIBERATE_ENTRIES, start: row.start, traceId: row.trace_id },
      })
      return rows[0] === undefined ? null : String(rows[0][0])
    }
    return { previous: await side('<', 'DESC'), next: await side('>', 'ASC') }
  }
}

function offsetOf(cursor: string | undefined): number {
  const offset = Number(cursor ?? 0)
  return Number.isInteger(offset) && offset >= 0 ? offset : 0
}

function withMatch(session: ListedSession, topMatch: TopMatch | undefined): ListedSession {
  return topMatch === undefined ? session : { ...session, topMatch }
}
