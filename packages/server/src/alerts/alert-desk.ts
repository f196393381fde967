import { randomUUID } from 'node:crypto'
import {
  AlertError,
  CHANNEL_TYPES,
  type ChannelSpec,
  type ContentTemplate,
  checkChannel,
  checkTemplate,
  durationText,
  faultLines,
  type KnownNames,
  type Message,
  type ResultRow,
  type Rule,
  type RuleDocument,
  renderTemplate,
  repairTemplate,
  ruleDocuments,
  type SendOptions,
  type SetupDocuments,
  type SetupOptions,
  sendMessage,
  type TextFault,
  templateData,
  type Verdict,
  withoutSecrets,
} from '@podwitness/alert'
import type { Alert, AlertDelivery, AlertSilence, ListedRule } from '@podwitness/api'
import type { AlertDeliveryRow, AlertRow } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { isoTime } from '../readers/row-mapping.ts'
import { AlertLog } from './alert-log.ts'
import { AlertObjects, nothingNamed, type Silence } from './alert-objects.ts'
import { cannotFire } from './data-needs.ts'
import { factsOf } from './deliver.ts'

/** What people do about alerts: the same for the routes and the command line. */
export class AlertDesk {
  readonly objects: AlertObjects
  readonly log: AlertLog
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    this.objects = new AlertObjects(store)
    this.log = new AlertLog(store)
  }

  async rules(): Promise<ListedRule[]> {
    const stored = await this.objects.rules()
    const missing = await cannotFire(
      this.#store,
      stored.map(({ rule }) => rule),
    )
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT rule_id, count() FROM audit.alerts FINAL WHERE created > now() - INTERVAL 7 DAY GROUP BY rule_id',
    })
    const counts = new Map(rows.map(([id, count]) => [String(id), Number(count)]))
    const last = await this.#lastRuns()
    return stored.map(({ rule, yaml }) => ({
      ...{ id: rule.id, name: rule.name, reason: rule.reason, severity: rule.severity, enabled: rule.enabled },
      check: rule.check === 'stream' ? 'stream' : 'cron' in rule.check ? rule.check.cron : durationText(rule.check.everyMs),
      ...{ lang: rule.query.lang, query: rule.query.text, channels: rule.notify.map(({ channel }) => channel), yaml },
      cannotFire: missing.get(rule.id) ?? '',
      lastRun: last.get(rule.id)?.started ?? null,
      lastError: last.get(rule.id)?.error ?? '',
      alerts7d: counts.get(rule.id) ?? 0,
    }))
  }

  async #lastRuns(): Promise<Map<string, { started: string; error: string }>> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT rule_id, toString(max(started)), argMax(error, started) FROM audit.alert_runs GROUP BY rule_id',
    })
    return new Map(rows.map(([id, started, error]) => [String(id), { started: isoTime(String(started)), error: String(error) }]))
  }

  /** Names that rules may tell and use. */
  async knownNames(): Promise<KnownNames> {
    const [channels, templates] = [await this.objects.channels(), await this.objects.templates()]
    return { channels: channels.map(({ id }) => id), templates: templates.map(({ id }) => id) }
  }

  /** Every fault of a set-up, also channels and templates that nobody has. */
  async lint(text: string): Promise<SetupDocuments> {
    return ruleDocuments(text, { known: await this.knownNames() })
  }

  /**
   * Saves rules, templates and channels of a text; a channel of the same identifier is replaced.
   *
   * @param repair Closes blocks of templates that were never closed, instead of refusing them.
   * @returns Identifiers of what was saved, in the order of the text within each kind.
   * @throws AlertError PW-AL-001 with every fault; nothing is saved then.
   */
  async applyRules(text: string, nowMs: number, repair = false): Promise<string[]> {
    const { documents, channels, templates } = await soundSetup(text, { known: await this.knownNames(), repair })
    for (const channel of channels) await this.objects.saveChannel(await this.#withKnownSecrets(channel), nowMs, true)
    for (const template of templates) await this.objects.saveTemplate(template, nowMs)
    for (const { rule, yaml } of documents) await this.objects.saveRule(rule, yaml, nowMs)
    return [...channels, ...templates, ...documents.map(({ rule }) => rule)].map(({ id }) => id)
  }

  async alert(alertId: string): Promise<AlertRow> {
    const [found] = await this.log.alerts('alert_id = {alertId:String}', { alertId }, 1)
    if (found === undefined) throw nothingNamed('alert', alertId)
    return found
  }

  /** The id that begins so, where only one does. */
  async wholeId(beginning: string): Promise<string> {
    const found = await this.log.alerts('startsWith(alert_id, {beginning:String})', { beginning }, 2)
    const [only] = found
    if (only === undefined || found.length > 1 || beginning === '') throw nothingNamed('alert', beginning)
    return only.alert_id
  }

  /** Says of an alert that somebody looks after it, or that it is over. */
  async setState(alertId: string, state: 'acknowledged' | 'resolved', note: string, actor: string): Promise<Alert> {
    const changed = { ...(await this.alert(alertId)), state, note, actor }
    await this.log.saveAlerts([changed], Date.now())
    return alertReply(changed)
  }

  /** @throws AlertError PW-AL-007 where it is for no time or no reason. */
  async silence(silence: Omit<Silence, 'id'>): Promise<AlertSilence> {
    if (!(silence.toMs > silence.fromMs) || silence.reason.trim() === '')
      throw new AlertError('PW-AL-007', {
        what: 'The silence is not complete.',
        why: 'It needs a time that ends after it begins, and a reason.',
        todo: 'Give both.',
      })
    const saved = { ...silence, id: randomUUID() }
    await this.objects.saveSilence(saved, Date.now())
    return silenceReply(saved)
  }

  /** Saves a channel; a secret `***` stays what it was. */
  async saveChannel(spec: ChannelSpec, replace: boolean): Promise<ChannelSpec> {
    const whole = replace ? await this.#withKnownSecrets(spec) : checkChannel(withoutStars(spec, {}))
    await this.objects.saveChannel(whole, Date.now(), replace)
    return withoutSecrets(whole)
  }

  async #withKnownSecrets(spec: ChannelSpec): Promise<ChannelSpec> {
    const known = (await this.objects.channels()).find(({ id }) => id === spec.id)
    return checkChannel(withoutStars(spec, known?.options ?? {}))
  }

  /**
   * Removes a channel or template.
   *
   * @throws AlertError PW-AL-005 where there is none of the name, PW-AL-008 where rules name it.
   */
  async removeTold(kind: 'channel' | 'template', id: string): Promise<void> {
    const rules = (await this.objects.rules()).filter(({ rule }) =>
      kind === 'channel'
        ? rule.escalate?.channel === id || rule.notify.some(({ channel }) => channel === id)
        : rule.notify.some(({ template }) => template === id),
    )
    if (rules.length > 0)
      throw new AlertError('PW-AL-008', {
        what: `The ${kind} ${id} is in use.`,
        why: `Rules name it: ${rules.map(({ rule }) => rule.id).join(', ')}.`,
        todo: 'Change or remove those rules first.',
      })
    await this.objects.remove(kind, id, Date.now())
  }

  async testChannel(channelId: string, origin: string, send: Omit<SendOptions, 'nowMs'>): Promise<Verdict> {
    const spec = (await this.objects.channels()).find(({ id }) => id === channelId)
    if (spec === undefined) throw nothingNamed('channel', channelId)
    const verdict = await sendMessage(spec, testMessage(origin), { ...send, nowMs: Date.now() })
    if (verdict.ok) await this.objects.noteTest(channelId, Date.now())
    return verdict
  }

  /** @throws AlertError PW-AL-002 where it has faults and is not to be repaired. */
  async saveTemplate(template: ContentTemplate, repair: boolean): Promise<ContentTemplate> {
    const wanted = repair ? { ...template, title: repairTemplate(template.title), body: repairTemplate(template.body) } : template
    const faults = [...checkTemplate(wanted.title), ...checkTemplate(wanted.body)]
    if (faults.length > 0)
      throw new AlertError(
        'PW-AL-002',
        { what: `The template ${template.id} is wrong.`, why: faultLines(faults), todo: 'Correct it, or let it be repaired.' },
        faults,
      )
    await this.objects.saveTemplate(wanted, Date.now())
    return wanted
  }

  /** What a template makes of a past alert; of the newest where none is named. */
  async renderPast(template: Pick<ContentTemplate, 'title' | 'body'>, type: string, alertId: string | undefined, origin: string) {
    const [newest] = alertId === undefined ? await this.log.alerts('1', {}, 1) : [await this.alert(alertId)]
    if (newest === undefined) return { title: '', text: '' }
    const data = templateData(factsOf(newest, {}, origin))
    const channel = CHANNEL_TYPES[type] ?? CHANNEL_TYPES.dingtalk
    const harmless = (value: string): string => channel?.escape(value) ?? value
    return { title: renderTemplate(template.title, data, harmless), text: renderTemplate(template.body, data, harmless) }
  }
}

/** Options with `***` replaced by what was saved under their name; nothing where nothing was. */
function withoutStars(spec: ChannelSpec, known: Readonly<Record<string, string>>): ChannelSpec {
  const options = Object.entries(spec.options).map(([name, value]) => [name, value === '***' ? (known[name] ?? '') : value])
  return { ...spec, options: Object.fromEntries(options) as Record<string, string> }
}

/** @throws AlertError PW-AL-001 with every fault of the text, or where there is no rule in it. */
export async function soundRules(text: string): Promise<readonly RuleDocument[]> {
  const { documents } = await soundSetup(text, {})
  if (documents.length === 0) throw faulty([], 'There is no rule in the text.')
  return documents
}

async function soundSetup(text: string, options: SetupOptions): Promise<SetupDocuments> {
  const setup = await ruleDocuments(text, options)
  const { documents, channels, templates, faults } = setup
  if (faults.length > 0) throw faulty(faults, `The rules have ${faults.length} faults.`)
  if (documents.length + channels.length + templates.length === 0) throw faulty([], 'There is no rule in the text.')
  return setup
}

function faulty(faults: readonly TextFault[], what: string): AlertError {
  const todo = 'Correct them there; docs/reference/alerts.md has every key.'
  return new AlertError('PW-AL-001', { what, why: faultLines(faults), todo }, faults)
}

export function firstRule(documents: readonly RuleDocument[], id = ''): Rule {
  const [first] = documents
  if (first === undefined) throw nothingNamed('rule', id)
  return first.rule
}

function testMessage(origin: string): Message {
  const id = randomUUID()
  return {
    ...{
      key: id,
      incident: id,
      title: 'Test / 测试',
      summary: 'podwitness: test message / 测试消息',
      severity: 'report',
      count: 0,
    },
    ...{ ruleId: 'test', ruleName: 'Test / 测试', resolved: false, createdMs: Date.now(), labels: {} },
    text: `podwitness can reach this channel. / 此渠道可用。\n\n[podwitness](${origin}/alerts)`,
    links: [{ title: 'podwitness', url: `${origin}/alerts` }],
  }
}

export function alertReply(row: AlertRow): Alert {
  return {
    ...{ alertId: row.alert_id, ruleId: row.rule_id, ruleName: row.rule_name, severity: row.severity as Alert['severity'] },
    ...{ state: row.state as Alert['state'], group: row.group_key, reason: row.reason, count: Number(row.row_count) },
    ...{ created: isoTime(row.created), updated: isoTime(row.updated), from: isoTime(row.span_from), to: isoTime(row.span_to) },
    rows: (JSON.parse(row.results) as ResultRow[]).map((one) => ({ ...one })),
    ...{ silenced: row.silenced, actor: row.actor, note: row.note },
  }
}

export function deliveryReply(row: AlertDeliveryRow): AlertDelivery {
  return {
    ...{
      deliveryId: row.delivery_id,
      channel: row.channel_id,
      state: row.state as AlertDelivery['state'],
      attempts: row.attempts,
    },
    ...{ status: row.status, answer: row.answer, title: row.title, text: row.body, carrier: row.carrier },
    ...{ created: isoTime(row.created), updated: isoTime(row.updated) },
  }
}

export function silenceReply({ fromMs, toMs, ...rest }: Silence): AlertSilence {
  return { ...rest, matchers: { ...rest.matchers }, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
}
