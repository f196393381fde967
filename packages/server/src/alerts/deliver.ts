import { createHash } from 'node:crypto'
import {
  type AlertFacts,
  buildMessage,
  CHANNEL_TYPES,
  type ChannelSpec,
  type ContentTemplate,
  digestMessage,
  type Message,
  type ResultRow,
  type Rule,
  type SendOptions,
  type Severity,
  sendMessage,
  type Verdict,
} from '@podwitness/alert'
import { type AlertDeliveryRow, type AlertRow, state, storeTime, timeMsOf } from '@podwitness/event'
import { blankRow } from '@podwitness/store'
import type { AlertLog } from './alert-log.ts'

const MINUTE_MS = 60_000
/** Attempts before a message counts as undelivered; with the pauses between them about half an hour. */
const MAX_ATTEMPTS = 8
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 600_000
/** Messages that go out one by one where there are more than the channel takes; the rest share a digest. */
const SINGLES = 10

/** What delivery works with. */
export interface Delivery {
  readonly log: AlertLog
  readonly rules: ReadonlyMap<string, Rule>
  readonly channels: readonly ChannelSpec[]
  readonly templates: readonly ContentTemplate[]
  readonly origin: string
  readonly send: Omit<SendOptions, 'nowMs'>
  readonly nowMs: number
}

/** Makes the deliveries that alerts still lack: what a process left undone when it ended is done by the next. */
export async function queueDeliveries(delivery: Delivery): Promise<void> {
  const { log, nowMs } = delivery
  const since = { since: storeTime(nowMs - 86_400_000) }
  const recent = "parseDateTime64BestEffort({since:String}, 6, 'UTC')"
  const alerts = await log.alerts(`silenced = '' AND created > ${recent}`, since, 10_000)
  if (alerts.length === 0) return
  const queued = await log.deliveryIds(since.since)
  const rows = alerts.flatMap((alert) =>
    wantedBy(alert, delivery.rules.get(alert.rule_id)).flatMap(({ channel, occasion }) => {
      const id = `${alert.alert_id}:${occasion}:${channel}`
      return queued.has(id) ? [] : [queuedRow(id, channel, alert, nowMs)]
    }),
  )
  await log.saveDeliveries(rows, nowMs)
}

function wantedBy(alert: AlertRow, rule: Rule | undefined): { channel: string; occasion: string }[] {
  const channels = rule?.notify.map(({ channel }) => channel) ?? []
  const wanted = channels.map((channel) => ({ channel, occasion: 'fired' }))
  if (alert.state === 'resolved' && rule?.tellResolved === true)
    wanted.push(...channels.map((channel) => ({ channel, occasion: 'resolved' })))
  if (alert.escalated > 0 && rule?.escalate !== undefined)
    wanted.push({ channel: rule.escalate.channel, occasion: `escalated-${alert.escalated}` })
  return wanted
}

function queuedRow(id: string, channel: string, alert: AlertRow, nowMs: number): AlertDeliveryRow {
  return {
    ...blankRow('alert_deliveries'),
    ...{
      delivery_id: id,
      channel_id: channel,
      alert_ids: [alert.alert_id],
      created: storeTime(nowMs),
      next_attempt: storeTime(nowMs),
    },
    title: alert.rule_name,
  }
}

/** Sends what is due, channel by channel, each within its rate. Messages that failed for good are returned. */
export async function deliverPending(delivery: Delivery): Promise<AlertDeliveryRow[]> {
  const { log, nowMs } = delivery
  const due = await log.deliveries(
    "state = 'pending' AND next_attempt <= parseDateTime64BestEffort({now:String}, 6, 'UTC')",
    { now: storeTime(nowMs) },
    10_000,
  )
  const byChannel = new Map<string, AlertDeliveryRow[]>()
  for (const row of due) byChannel.set(row.channel_id, [...(byChannel.get(row.channel_id) ?? []), row])
  const undelivered = await Promise.all([...byChannel].map(([id, rows]) => deliverTo(delivery, id, rows)))
  return undelivered.flat()
}

async function deliverTo(delivery: Delivery, channelId: string, rows: readonly AlertDeliveryRow[]): Promise<AlertDeliveryRow[]> {
  const { log, nowMs } = delivery
  const spec = delivery.channels.find(({ id }) => id === channelId)
  const type = spec === undefined ? undefined : CHANNEL_TYPES[spec.type]
  if (spec === undefined || type === undefined) {
    const failed = rows.map((row) => ({ ...row, state: 'failed', answer: `There is no channel ${channelId}.` }))
    await log.saveDeliveries(failed, nowMs)
    return failed
  }
  const free = type.perMinute - (await log.sentSince(channelId, nowMs - MINUTE_MS))
  if (free <= 0) return []
  const toSend = rows.length <= free ? rows : await foldRest(delivery, channelId, rows, Math.min(SINGLES, free - 1))
  const undelivered: AlertDeliveryRow[] = []
  for (const row of toSend) {
    const tried = await attempt(delivery, spec, row)
    await log.saveDeliveries([tried], nowMs)
    if (tried.state === 'failed') undelivered.push(tried)
  }
  return undelivered
}

/** Keeps the first messages as they are and puts the others into one, under the same token: all of it or nothing. */
async function foldRest(delivery: Delivery, channelId: string, rows: readonly AlertDeliveryRow[], singles: number) {
  const { log, nowMs } = delivery
  const [kept, rest] = [rows.slice(0, singles), rows.slice(singles)]
  const alertIds = rest.flatMap(({ alert_ids }) => alert_ids)
  const id = `digest:${createHash('sha256')
    .update(rest.map(({ delivery_id }) => delivery_id).join('|'))
    .digest('hex')
    .slice(0, 24)}:${channelId}`
  const digest: AlertDeliveryRow = {
    ...blankRow('alert_deliveries'),
    ...{ delivery_id: id, channel_id: channelId, alert_ids: alertIds, created: storeTime(nowMs), next_attempt: storeTime(nowMs) },
    title: `digest of ${rest.length}`,
  }
  await log.saveDeliveries([digest, ...rest.map((row) => ({ ...row, state: 'folded', carrier: id }))], nowMs)
  return [...kept, digest]
}

async function attempt(delivery: Delivery, spec: ChannelSpec, row: AlertDeliveryRow): Promise<AlertDeliveryRow> {
  const { nowMs } = delivery
  const attempts = row.attempts + 1
  const { message, verdict } = await tryOnce(delivery, spec, row)
  const shown = { title: message?.title ?? row.title, body: message?.text.slice(0, 20_000) ?? row.body }
  const common = { ...row, ...shown, attempts, status: verdict.status, answer: verdict.answer }
  if (verdict.ok) return { ...common, state: 'sent' }
  if (!verdict.retryable || attempts >= MAX_ATTEMPTS) return { ...common, state: 'failed' }
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 3 ** (attempts - 1)) * (0.75 + Math.random() / 2)
  return { ...common, state: 'pending', next_attempt: storeTime(nowMs + pauseMs) }
}

async function tryOnce(
  delivery: Delivery,
  spec: ChannelSpec,
  row: AlertDeliveryRow,
): Promise<{ message?: Message; verdict: Verdict }> {
  try {
    const message = await messageOf(delivery, spec, row)
    return { message, verdict: await sendMessage(spec, message, { ...delivery.send, nowMs: delivery.nowMs }) }
  } catch (error) {
    const answer = error instanceof Error ? `${error.message} ${'why' in error ? String(error.why) : ''}`.trim() : String(error)
    return { verdict: { ok: false, retryable: false, status: 0, answer } }
  }
}

async function messageOf(delivery: Delivery, spec: ChannelSpec, row: AlertDeliveryRow): Promise<Message> {
  const { log, origin } = delivery
  const alerts = await log.alerts('has({ids:Array(String)}, alert_id)', { ids: row.alert_ids }, row.alert_ids.length)
  const key = createHash('sha256').update(row.delivery_id).digest('hex').slice(0, 32)
  const messages = alerts.map((alert) =>
    messageOfAlert(delivery, spec, alert, { key, resolved: row.delivery_id.includes(':resolved:') }),
  )
  const [only] = messages
  if (only === undefined) throw new Error('The alert is no longer stored.')
  return row.delivery_id.startsWith('digest:') ? digestMessage(messages, key, origin) : only
}

function messageOfAlert(
  { rules, templates, origin }: Delivery,
  spec: ChannelSpec,
  alert: AlertRow,
  more: { key: string; resolved: boolean },
): Message {
  const type = CHANNEL_TYPES[spec.type]
  if (type === undefined) throw new Error(`There is no channel type ${spec.type}.`)
  const rule = rules.get(alert.rule_id)
  const wanted = rule?.notify.find(({ channel }) => channel === spec.id)?.template
  const template = wanted === undefined ? undefined : templates.find(({ id }) => id === wanted)
  if (wanted !== undefined && template === undefined) throw new Error(`There is no template ${wanted}.`)
  return buildMessage(factsOf(alert, rule?.labels ?? {}, origin, more.resolved), type, template, more.key)
}

export function factsOf(alert: AlertRow, labels: Readonly<Record<string, string>>, origin: string, resolved = false): AlertFacts {
  return {
    ...{ alertId: alert.alert_id, ruleId: alert.rule_id, ruleName: alert.rule_name, severity: alert.severity as Severity },
    ...{ reason: alert.reason, group: alert.group_key, count: Number(alert.row_count), createdMs: timeMsOf(alert.created) },
    ...{ rows: JSON.parse(alert.results) as ResultRow[], labels, resolved, origin },
  }
}

/** The inbox's own alert about messages that nobody got. No channel is told: it could be the one that fails. */
export function undeliveredAlert(rows: readonly AlertDeliveryRow[], nowMs: number): AlertRow | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  const ids = rows.map(({ delivery_id }) => delivery_id)
  const results = rows.slice(0, 100).map((row) => ({ channel: row.channel_id, details: row.answer, title: row.title }))
  return {
    ...blankRow('alerts'),
    alert_id: createHash('sha256').update(ids.join('|')).digest('hex').slice(0, 32),
    ...{
      rule_id: 'undelivered',
      rule_name: 'Alerts that could not be delivered / 告警未送达',
      severity: 'high',
      row_count: rows.length,
    },
    ...{ created: storeTime(nowMs), updated: storeTime(nowMs), span_from: storeTime(nowMs), span_to: storeTime(nowMs) },
    ...{ group_key: first.channel_id, row_keys: ids, results: JSON.stringify(results), silenced: state('onlyInbox') },
    reason: `Channel ${first.channel_id} did not take ${rows.length} messages: ${first.answer} / 渠道 ${first.channel_id} 未接受 ${rows.length} 条通知：${first.answer}`,
  }
}
