import { CHANNEL_TYPES, checkTemplate, repairTemplate, type SendOptions, withoutSecrets } from '@podwitness/alert'
import * as api from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { AlertDesk, alertReply, deliveryReply, firstRule, silenceReply, soundRules } from './alert-desk.ts'
import { previewRule } from './preview-rule.ts'

/** How routes that send or link do it. */
export interface MountAlertOptions {
  readonly origin: () => string
  readonly send: Omit<SendOptions, 'nowMs'>
}

const USER = 'admin'
const WEEK_MS = 7 * 86_400_000

/** Mounts the routes of rules, alerts, silences, channels and templates. */
export function mountAlerts(app: FastifyInstance, access: Access, store: Store, options: MountAlertOptions): void {
  const desk = new AlertDesk(store)
  mountRules(app, access, store, desk)
  mountInbox(app, access, desk, store)
  mountSilences(app, access, desk)
  mountChannels(app, access, desk, options)
  mountTemplates(app, access, desk, options)
}

function mountRules(app: FastifyInstance, access: Access, store: Store, desk: AlertDesk): void {
  mount(app, access, api.rulesRoute, async () => ({ rules: await desk.rules() }))
  mount(app, access, api.ruleLintRoute, async ({ body }) => {
    const { documents, faults } = await desk.lint(body.yaml)
    return { rules: documents.map(({ rule }) => rule.id), faults: faults.map((fault) => ({ ...fault })) }
  })
  mount(app, access, api.ruleApplyRoute, async ({ body }) => ({
    saved: await desk.applyRules(body.yaml, Date.now(), body.repair),
  }))
  mount(app, access, api.ruleRemoveRoute, async ({ params }) => {
    await desk.objects.remove('rule', params.ruleId, Date.now())
    return {}
  })
  mount(app, access, api.rulePreviewRoute, async ({ body }) => {
    const rule = firstRule(await soundRules(body.yaml))
    const toMs = body.to === undefined ? Date.now() : Date.parse(body.to)
    return previewRule(store, rule, body.from === undefined ? toMs - WEEK_MS : Date.parse(body.from), toMs)
  })
}

function mountInbox(app: FastifyInstance, access: Access, desk: AlertDesk, store: Store): void {
  mount(app, access, api.alertsRoute, async ({ query }) => {
    const { state = '', rule = '', before = '9999', limit = 100 } = query
    const where = `(empty({state:String}) OR state = {state:String}) AND (empty({rule:String}) OR rule_id = {rule:String})
      AND toString(created) < replaceOne(replaceOne({before:String}, 'T', ' '), 'Z', '')`
    const found = await desk.log.alerts(where, { state, rule, before }, limit)
    const { rows } = await store.reader.query({
      sql: "SELECT countIf(state = 'open'), countIf(state = 'acknowledged'), countIf(state = 'resolved'), countIf(silenced != '') FROM audit.alerts FINAL",
    })
    const [open, acknowledged, resolved, silenced] = (rows[0] ?? []).map(Number)
    const counts = { open: open ?? 0, acknowledged: acknowledged ?? 0, resolved: resolved ?? 0, silenced: silenced ?? 0 }
    return { alerts: found.map(alertReply), counts }
  })
  mount(app, access, api.alertRoute, async ({ params }) => {
    const alert = await desk.alert(params.alertId)
    const deliveries = await desk.log.deliveries('has(alert_ids, {alertId:String})', { alertId: params.alertId }, 1000)
    return { alert: alertReply(alert), deliveries: deliveries.map(deliveryReply) }
  })
  mount(app, access, api.alertAckRoute, ({ params, body }) =>
    desk.setState(params.alertId, 'acknowledged', body.note ?? '', USER),
  )
  mount(app, access, api.alertResolveRoute, ({ params, body }) =>
    desk.setState(params.alertId, 'resolved', body.note ?? '', USER),
  )
}

function mountSilences(app: FastifyInstance, access: Access, desk: AlertDesk): void {
  mount(app, access, api.silencesRoute, async () => ({ silences: (await desk.objects.silences()).map(silenceReply) }))
  mount(app, access, api.silenceRoute, ({ body }) => {
    const fromMs = body.from === undefined ? Date.now() : Date.parse(body.from)
    const { matchers, reason, minutes } = body
    return desk.silence({ matchers, reason, fromMs, toMs: fromMs + minutes * 60_000, by: USER })
  })
  mount(app, access, api.silenceRemoveRoute, async ({ params }) => {
    await desk.objects.remove('silence', params.id, Date.now())
    return {}
  })
}

function mountChannels(app: FastifyInstance, access: Access, desk: AlertDesk, { origin, send }: MountAlertOptions): void {
  mount(app, access, api.channelsRoute, async () => ({
    channels: (await desk.objects.channels()).map(withoutSecrets).map(copied),
    types: Object.values(CHANNEL_TYPES).map(({ type, description, perMinute, options }) => ({
      ...{ type, description, perMinute },
      options: Object.entries(options).map(([name, one]) => ({ name, ...one })),
    })),
  }))
  mount(app, access, api.channelSaveRoute, async ({ body: { replace = false, ...spec } }) =>
    copied(await desk.saveChannel(spec, replace)),
  )
  mount(app, access, api.channelRemoveRoute, async ({ params }) => {
    await desk.removeTold('channel', params.id)
    return {}
  })
  mount(app, access, api.channelTestRoute, async ({ params }) => {
    const { ok, status, answer } = await desk.testChannel(params.id, origin(), send)
    return { ok, status, answer }
  })
}

function mountTemplates(app: FastifyInstance, access: Access, desk: AlertDesk, { origin }: MountAlertOptions): void {
  mount(app, access, api.templatesRoute, async () => ({ templates: (await desk.objects.templates()).map((one) => ({ ...one })) }))
  mount(app, access, api.templateSaveRoute, async ({ body: { repair = false, ...template } }) =>
    desk.saveTemplate(template, repair),
  )
  mount(app, access, api.templateRemoveRoute, async ({ params }) => {
    await desk.removeTold('template', params.id)
    return {}
  })
  mount(app, access, api.templatePreviewRoute, async ({ body }) => {
    const parts = ['title', 'body'] as const
    const faults = parts.flatMap((part) => checkTemplate(body[part]).map((fault) => ({ part, ...fault })))
    const repaired = { title: repairTemplate(body.title), body: repairTemplate(body.body) }
    const sound = parts.every((part) => checkTemplate(repaired[part]).length === 0)
    const rendered = sound
      ? await desk.renderPast(repaired, body.type ?? 'dingtalk', body.alertId, origin())
      : { title: '', text: '' }
    return { faults, repaired, ...rendered }
  })
}

function copied({ options, ...rest }: { id: string; name: string; type: string; options: Readonly<Record<string, string>> }) {
  return { ...rest, options: { ...options } }
}
