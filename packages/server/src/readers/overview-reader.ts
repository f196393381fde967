import type { Overview, RiskyOperation } from '@podwitness/api'
import { type Confidence, DELIBERATE_ENTRIES, storeTime, timeMsOf } from '@podwitness/event'
import type { StoreReader } from '@podwitness/store'
import { isoTime, riskOf } from './row-mapping.ts'
import { CANDIDATES, type Condition, sessionCondition } from './session-filter.ts'

/** Bounds of a report, ISO 8601; an absent one is open. */
export interface OverviewRange {
  readonly from?: string
  readonly to?: string
}

/** From this risk on, something is called risky: medium. */
const RISKY = 2
const LISTED = 8
const LISTED_OPERATIONS = 20
/** Widths of a bucket, seconds; the first that needs no more than `MOST_BUCKETS` is taken. */
const STEPS = [1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400]
const MOST_BUCKETS = 60

/** Answers what the start page shows. */
export class OverviewReader {
  readonly #reader: StoreReader

  constructor(reader: StoreReader) {
    this.#reader = reader
  }

  async read(range: OverviewRange): Promise<Overview> {
    const sessions = sessionCondition(range)
    const commands = commandsIn(range)
    const [entries, pods, accounts, enteredPods, named, operations, unrecorded] = await Promise.all([
      this.#entries(range, sessions),
      this.#pods(sessions),
      this.#accounts(sessions),
      this.#enteredPods(sessions),
      this.#commands(commands),
      this.#riskyOperations(commands),
      this.#unrecorded(sessions),
    ])
    const { list, total } = accounts
    return {
      entries,
      pods,
      accounts: list,
      accountsTotal: total,
      enteredPods,
      commands: named,
      riskyOperations: operations,
      unrecorded,
    }
  }

  async #entries(range: OverviewRange, { sql, params }: Condition): Promise<Overview['entries']> {
    const [[total, first, last] = []] = await this.#rows(
      `SELECT count(), toUnixTimestamp(min(start)), toUnixTimestamp(max(start)) FROM audit.sessions FINAL WHERE ${sql}`,
      params,
    )
    const seconds = Number(last ?? 0) - Number(first ?? 0)
    const step = STEPS.find((width) => seconds / width < MOST_BUCKETS) ?? STEPS.at(-1) ?? 86_400
    const buckets = await this.#rows(
      `SELECT toString(toStartOfInterval(start, toIntervalSecond({step:UInt32}))) AS at, count(), countIf(risk >= ${RISKY})
FROM audit.sessions FINAL WHERE ${sql} GROUP BY at ORDER BY at`,
      { ...params, step },
    )
    return {
      total: Number(total ?? 0),
      before: await this.#before(range),
      stepSeconds: step,
      buckets: buckets.map(([time, count, risky]) => ({
        time: isoTime(String(time)),
        count: Number(count),
        risky: Number(risky),
      })),
    }
  }

  /** Entries in the stretch of the same length just before. */
  async #before({ from, to }: OverviewRange): Promise<number | null> {
    if (from === undefined) return null
    const fromMs = timeMsOf(from)
    const length = (to === undefined ? Date.now() : timeMsOf(to)) - fromMs
    const { sql, params } = sessionCondition({})
    const range = { earliest: storeTime(fromMs - length), latest: storeTime(fromMs) }
    const [[count] = []] = await this.#rows(
      `SELECT count() FROM audit.sessions FINAL WHERE ${sql} AND start >= {earliest:DateTime64(6)} AND start < {latest:DateTime64(6)}`,
      { ...params, ...range },
    )
    return Number(count ?? 0)
  }

  async #pods({ sql, params }: Condition): Promise<Overview['pods']> {
    const rows = await this.#rows(
      `SELECT ns, count(), uniqExact(pod_uid, pod) FROM audit.sessions FINAL WHERE ${sql} AND pod != '' GROUP BY ns ORDER BY count() DESC, ns`,
      params,
    )
    return {
      total: rows.reduce((sum, [, , pods]) => sum + Number(pods), 0),
      namespaces: rows.slice(0, LISTED).map(([name, count]) => ({ name: String(name), count: Number(count) })),
    }
  }

  async #accounts({ sql, params }: Condition): Promise<{ list: Overview['accounts']; total: number }> {
    // Of an ambiguous session every account counts that it may have been, as the list's filter does.
    const rows = await this.#rows(
      `SELECT arrayJoin(if(user = '' AND notEmpty(${CANDIDATES}), arrayDistinct(${CANDIDATES}), [toString(user)])) AS account,
  count() AS n, countIf(risk >= ${RISKY}), max(risk)
FROM audit.sessions FINAL WHERE ${sql} GROUP BY account ORDER BY max(risk) DESC, n DESC, account`,
      params,
    )
    const list = rows.slice(0, LISTED).map(([user, sessions, risky, risk]) => ({
      user: String(user),
      sessions: Number(sessions),
      risky: Number(risky),
      risk: riskOf(Number(risk)),
    }))
    return { list, total: rows.filter(([user]) => user !== '').length }
  }

  async #enteredPods({ sql, params }: Condition): Promise<Overview['enteredPods']> {
    const rows = await this.#rows(
      `SELECT ns, pod, count() AS n, uniqExactIf(user, user != ''), max(risk) AS worst
FROM audit.sessions FINAL WHERE ${sql} AND pod != '' GROUP BY ns, pod ORDER BY worst DESC, n DESC, ns, pod LIMIT ${LISTED}`,
      params,
    )
    return rows.map(([namespace, pod, entries, accounts, risk]) => ({
      namespace: String(namespace),
      pod: String(pod),
      entries: Number(entries),
      accounts: Number(accounts),
      risk: riskOf(Number(risk)),
    }))
  }

  async #commands({ sql, params }: Condition): Promise<Overview['commands']> {
    const rows = await this.#rows(
      `SELECT name, count() AS n, countIf(risk >= ${RISKY}) AS bad FROM audit.commands WHERE ${sql} GROUP BY name ORDER BY n DESC, name`,
      params,
    )
    const counted = rows.map(([name, count, risky]) => ({ name: String(name), count: Number(count), risky: Number(risky) }))
    const plain = ({ name, count }: { name: string; count: number }) => ({ name, count })
    return {
      total: counted.reduce((sum, { count }) => sum + count, 0),
      risky: counted.reduce((sum, { risky }) => sum + risky, 0),
      riskyNames: counted
        .filter(({ risky }) => risky > 0)
        .sort((a, b) => b.risky - a.risky)
        .slice(0, LISTED)
        .map(({ name, risky }) => ({ name, count: risky })),
      top: counted.slice(0, LISTED).map(plain),
      rare: counted.slice(LISTED).toReversed().slice(0, LISTED).map(plain),
    }
  }

  async #riskyOperations({ sql, params }: Condition): Promise<RiskyOperation[]> {
    const rows = await this.#rows(
      `SELECT toString(time), user, ${CANDIDATES}, confidence, ns, pod, container, node, cmdline, risk, risk_reason, trace_id, event_id
FROM audit.commands WHERE ${sql} AND risk >= ${RISKY} ORDER BY risk DESC, time DESC LIMIT ${LISTED_OPERATIONS}`,
      params,
    )
    return rows.map(
      ([time, user, candidates, confidence, ns, pod, container, node, cmdline, risk, reason, traceId, eventId]) => ({
        time: isoTime(String(time)),
        user: user === '' ? null : String(user),
        candidates: Array.isArray(candidates) ? [...new Set(candidates.map(String))] : [],
        confidence: String(confidence) as Confidence,
        namespace: String(ns),
        pod: String(pod),
        container: String(container),
        node: String(node),
        cmdline: String(cmdline),
        risk: riskOf(Number(risk)),
        riskReason: String(reason),
        traceId: String(traceId),
        eventId: String(eventId),
      }),
    )
  }

  async #unrecorded({ sql, params }: Condition): Promise<Overview['unrecorded']> {
    const rows = await this.#rows(
      `SELECT node, count() AS n FROM audit.sessions FINAL WHERE ${sql} AND confidence = 'none' GROUP BY node ORDER BY n DESC, node`,
      params,
    )
    const nodes = rows.map(([name, count]) => ({ name: String(name), count: Number(count) }))
    return { total: nodes.reduce((sum, { count }) => sum + count, 0), nodes: nodes.slice(0, LISTED) }
  }

  async #rows(sql: string, params: Readonly<Record<string, unknown>>): Promise<readonly (readonly unknown[])[]> {
    return (await this.#reader.query({ sql, params, maxRows: 100_000 })).rows
  }
}

/** Commands of entries made on purpose, in a range. */
function commandsIn({ from, to }: OverviewRange): Condition {
  const parts = ["trace_id != ''", 'entry IN {deliberate:Array(String)}']
  const params: Record<string, unknown> = { deliberate: DELIBERATE_ENTRIES }
  if (from !== undefined) {
    parts.push('time >= {from:DateTime64(6)}')
    params.from = storeTime(timeMsOf(from))
  }
  if (to !== undefined) {
    parts.push('time < {to:DateTime64(6)}')
    params.to = storeTime(timeMsOf(to))
  }
  return { sql: parts.join(' AND '), params }
}
