import type { Found, Identity } from '@podwitness/api'
import type { StoreReader } from '@podwitness/store'
import { isoTime } from './row-mapping.ts'
import { likePattern } from './session-filter.ts'

/** Places of one kind that are told. */
const MOST = 5
/** A shorter beginning of an id fits too many to mean one. */
const LEAST_OF_ID = 6

/**
 * What a text names to somebody who may read through `reader`.
 *
 * Ids of sessions and alerts are found by their beginning; those of events, and a request's audit id, whole, because only
 * whole ones are in an index. Accounts are found by the person, team or number that the identity map has for them too.
 */
export async function findPlaces(reader: StoreReader, typed: string, identities: readonly Identity[]): Promise<Found[]> {
  const text = typed.trim()
  if (text.length < 2) return []
  const isId = text.length >= LEAST_OF_ID && !/\s/.test(text)
  const places = await Promise.all([
    isId ? sessionsOf(reader, text) : [],
    isId ? eventsOf(reader, text) : [],
    isId ? alertsOf(reader, text) : [],
    accountsOf(reader, text, identities),
    podsOf(reader, text),
  ])
  return places.flat()
}

const WHAT = "if(command = [], pod, arrayStringConcat(command, ' '))"

async function sessionsOf(reader: StoreReader, text: string): Promise<Found[]> {
  const { rows } = await reader.query({
    sql: `SELECT trace_id, if(user = '', '?', user), pod, ${WHAT}, toString(start) FROM audit.sessions FINAL
      WHERE startsWith(trace_id, {text:String}) ORDER BY trace_id != {text:String}, start DESC, trace_id LIMIT ${MOST}`,
    params: { text },
  })
  return rows.map(([id, user, pod, what, start]) => place('session', id, `${user} · ${pod} · ${what}`, start))
}

async function eventsOf(reader: StoreReader, text: string): Promise<Found[]> {
  const { rows } = await reader.query({
    sql: `SELECT event_id, kind, multiIf(cmdline != '', cmdline, verb != '', concat(user, ' ', verb, ' ', resource, ' ', obj_name), name), toString(time)
      FROM audit.events WHERE event_id = {text:String} OR audit_id = {text:String} ORDER BY time LIMIT 1 BY event_id LIMIT ${MOST}`,
    params: { text },
  })
  return rows.map(([id, kind, what, time]) => place('event', id, `${kind} · ${what}`, time))
}

async function alertsOf(reader: StoreReader, text: string): Promise<Found[]> {
  const { rows } = await reader.query({
    sql: `SELECT alert_id, rule_name, toString(created) FROM audit.alerts FINAL
      WHERE startsWith(alert_id, {text:String}) ORDER BY alert_id != {text:String}, created DESC, alert_id LIMIT ${MOST}`,
    params: { text },
  })
  return rows.map(([id, rule, created]) => place('alert', id, String(rule), created))
}

/** Accounts with sessions, busiest first; one that only made requests where it is named whole. */
async function accountsOf(reader: StoreReader, text: string, identities: readonly Identity[]): Promise<Found[]> {
  const people = identities.filter(({ person, team, uid }) => [person, team, uid].some((one) => holds(one, text)))
  const named = people.map(({ account }) => account).filter((account) => !account.endsWith('*'))
  const begun = people.filter(({ account }) => account.endsWith('*')).map(({ account }) => account.slice(0, -1))
  const { rows } = await reader.query({
    sql: `SELECT user, toString(max(start)), count() FROM audit.sessions FINAL
      WHERE user != '' AND (user ILIKE {like:String} OR user IN {named:Array(String)} OR arrayExists(b -> startsWith(toString(user), b), {begun:Array(String)}))
      GROUP BY user ORDER BY user != {text:String}, count() DESC, user LIMIT ${MOST}`,
    params: { text, like: likePattern(text), named, begun },
  })
  const found = rows.map(([user, last, sessions]) =>
    place('account', user, personOf(String(user), people), last, Number(sessions)),
  )
  if (found.some(({ id }) => id === text)) return found
  const requests = await reader.query({
    sql: `SELECT user, toString(time) FROM audit.events WHERE kind = 'KubeAudit' AND user IN {users:Array(String)} LIMIT 1 BY user LIMIT ${MOST}`,
    params: { users: [text, ...named].filter((user) => !found.some(({ id }) => id === user)) },
  })
  return [...requests.rows.map(([user]) => place('account', user, personOf(String(user), people), '')), ...found].slice(0, MOST)
}

/** Pods that were entered, then others; `namespace/pod` names one exactly. */
async function podsOf(reader: StoreReader, text: string): Promise<Found[]> {
  const [, namespace = '', pod = text] = /^([^/\s]+)\/(.*)$/.exec(text) ?? []
  const { rows } = await reader.query({
    sql: `SELECT ns, pod, toString(max(last)) AS seen, sum(entered) AS sessions FROM (
        SELECT ns, pod, start AS last, toUInt64(1) AS entered FROM audit.sessions FINAL
        UNION ALL SELECT ns, pod, observed AS last, toUInt64(0) AS entered FROM audit.pods FINAL)
      WHERE pod != '' AND pod ILIKE {pod:String} AND ({namespace:String} = '' OR ns = {namespace:String})
      GROUP BY ns, pod ORDER BY pod != {text:String}, sessions DESC, seen DESC, ns, pod LIMIT ${MOST}`,
    params: { pod: likePattern(pod), namespace, text: pod },
  })
  return rows.map(([ns, name, last, sessions]) => ({ ...place('pod', name, '', last, Number(sessions)), namespace: String(ns) }))
}

function place(kind: Found['kind'], id: unknown, detail: string, stored: unknown, sessions = 0): Found {
  const time = isoTime(String(stored))
  return { kind, id: String(id), namespace: '', detail: detail.slice(0, 300), time: time === '' ? null : time, sessions }
}

const holds = (value: string, text: string): boolean => value.toLowerCase().includes(text.toLowerCase())

function personOf(account: string, people: readonly Identity[]): string {
  const fits = (one: Identity) =>
    one.account.endsWith('*') ? account.startsWith(one.account.slice(0, -1)) : one.account === account
  const found = people.find(fits)
  return found === undefined ? '' : [found.person, found.team, found.uid].filter((each) => each !== '').join(' · ')
}
