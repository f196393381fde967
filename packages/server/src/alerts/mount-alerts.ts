import { CHANNEL_TYPES, checkTemplate, repairTemplate, type SendOptions, withoutSecrets } from '@podwitness/alert'
import * as api from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { refuseBoundedSql } from '../query/refuse-bounded-sql.ts'
import { AlertDesk, alertReply, deliveryReply, firstRule, silenceReply, soundRules } from './alert-desk.ts'
import { previewRule } from './preview-rule.ts'

/** How routes that send or link do it. */
export interface MountAlertOptions {
  readonly origin: () => string
  readonly send: Omit<SendOptions, 'nowMs'>
}

const WEEK_MS = 7 * 86_400_000

/** Mounts the routes of rules, alerts, silences, channels and templates. */
export function mountAlerts(app: FastifyInstance, access: Access, store: Store, options: MountAlertOptions): void {
  const desk = new AlertDesk(store)
  mountRules(app, access, desk)
  mountInbox(app, access, desk)
  mountSilences(app, access, desk)
  mountChannels(app, access, desk, options)
  mountTemplates(app, access, desk, options)
}

function mountRules(app: FastifyInstance, access: Access, desk: AlertDesk): void {
  mount(app, access, api.rulesRoute, async (_input, { view }) => ({ rules: await new AlertDesk(view).rules() }))
  mount(app, access, api.ruleLintRoute, async ({ body }) => {
    const { documents, faults } = await desk.lint(body.yaml)
    return { rules: documents.map(({ rule }) => rule.id), faults: faults.map((fault) => ({ ...fault })) }
  })
  mount(app, access, api.ruleApplyRoute, async ({ body }, { note }) => {
    const before = new Map((await desk.objects.rules()).map(({ rule, yaml }) => [rule.id, yaml]))
    const saved = await desk.applyRules(body.yaml, Date.now(), body.repair)
    note({ object: saved.join(', '), before: saved.map((id) => before.get(id) ?? null), after: body.yaml })
    return { saved }
  })
  mount(app, access, api.ruleRemoveRoute, async ({ params }, { note }) => {
    note({ before: (await desk.objects.rules()).find(({ rule }) => rule.id === params.ruleId)?.yaml })
    await desk.objects.remove('rule', params.ruleId, Date.now())
    return {}
  })
  mount(app, access, api.rulePreviewRoute, async ({ body }, { caller, view }) => {
    const rule = firstRule(await soundRules(body.yaml))
    refuseBoundedSql(caller, rule.query.lang)
    const toMs = body.to === undefined ? Date.now() : Date.parse(body.to)
    return previewRule(view, rule, body.from === undefined ? toMs - WEEK_MS : Date.parse(body.from), toMs)
  })
}

function mountInbox(app: FastifyInstance, access: Access, desk: AlertDesk): void {
  mount(app, access, api.alertsRoute, async ({ query }, { view }) => {
    const { state = '', rule = '', before = '9999', limit = 100 } = query
    const where = `(empty({state:String}) OR state = {state:String}) AND (empty({rule:String}) OR rule_id = {rule:String})
      AND toString(created) < replaceOne(replaceOne({before:String}, 'T', ' '), 'Z', '')`
    const found = await new AlertDesk(view).log.alerts(where, { state, rule, before }, limit)
    const { rows } = await view.reader.query({
      sql: "SELECT countIf(state = 'open'), countIf(state = 'acknowledged'), countIf(state = 'resolved'), countIf(silenced != '') FROM audit.alerts FINAL",
    })
    const [open, acknowledged, resolved, silenced] = (rows[0] ?? []).map(Number)
    const counts = { open: open ?? 0, acknowledged: acknowledged ?? 0, resolved: resolved ?? 0, silenced: silenced ?? 0 }
    return { alerts: found.map(alertReply), counts }
  })
  mount(app, access, api.alertRoute, async ({ params }, { view }) => {
    const seen = new AlertDesk(view)
    const alert = await seen.alert(params.alertId)
    const deliveries = await seen.log.deliveries('has(alert_ids, {alertId:String})', { alertId: params.alertId }, 1000)
    return { alert: alertReply(alert), deliveries: deliveries.map(deliveryReply) }
  })
  mount(app, access, api.alertAckRoute, ({ params, body }, { caller }) =>
    desk.setState(params.alertId, 'acknowledged', body.note ?? '', caller.name),
  )
  mount(app, access, api.alertResolveRoute, ({ params, body }, { caller }) =>
    desk.setState(params.alertId, 'resolved', body.note ?? '', caller.name),
  )
}

function mountSilences(app: FastifyInstance, access: Access, desk: AlertDesk): void {
  mount(app, access, api.silencesRoute, async () => ({ silences: (await desk.objects.silences()).map(silenceReply) }))
  mount(app, access, api.silenceRoute, ({ body }, { caller }) => {
    const fromMs = body.from === undefined ? Date.now() : Date.parse(body.from)
    const { matchers, reason, minutes } = body
    return desk.silence({ matchers, reason, fromMs, toMs: fromMs + minutes * 60_000, by: caller.name })
  })
  mount(app, access, api.silenceRemoveRoute, async ({ params }, { note }) => {
    note({ before: (await desk.objects.silences()).find(({ id }) => id === params.id) })
    await desk.objects.remove('silence', params.id, Date.now())
    return {}
  })
}

function mountChannels(app: FastifyInstance, access: Access, desk: AlertDesk, { origin, send }: MountAlertOptions): void {
  const channelNow = async (id: string) => (await desk.objects.channels()).filter((one) => one.id === id).map(withoutSecrets)[0]
  mount(app, access, api.channelsRoute, async () => {
    const taken = await desk.objects.lastTaken()
    return {
      channels: (await desk.objects.channels())
        .map(withoutSecrets)
        .map((one) => ({ ...copied(one), lastTaken: taken.get(one.id) ?? null })),
      types: Object.values(CHANNEL_TYPES).map(({ type, description, perMinute, options }) => ({
        ...{ type, description, perMinute },
        options: Object.entries(options).map(([name, one]) => ({ name, ...one })),
      })),
    }
  })
  mount(app, access, api.channelSaveRoute, async ({ body: { replace = false, ...spec } }, { note }) => {
    note({ object: spec.id, before: await channelNow(spec.id), after: {} })
    const saved = copied(await desk.saveChannel(spec, replace))
    note({ after: saved })
    return saved
  })
  mount(app, access, api.channelRemoveRoute, async ({ params }, { note }) => {
    note({ before: await channelNow(params.id) })
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
  mount(app, access, api.templateSaveRoute, async ({ body: { repair = false, ...template } }, { note }) => {
    note({ object: template.id, before: (await desk.objects.templates()).find(({ id }) => id === template.id) })
    return desk.saveTemplate(template, repair)
  })
  mount(app, access, api.templateRemoveRoute, async ({ params }, { note }) => {
    note({ before: (await desk.objects.templates()).find(({ id }) => id === params.id) })
    await desk.removeTold('template', params.id)
    return {}
  })
  mount(app, access, api.templatePreviewRoute, async ({ body }, { view }) => {
    const parts = ['title', 'body'] as const
    const faults = parts.flatMap((part) => checkTemplate(body[part]).map((fault) => ({ part, ...fault })))
    const repaired = { title: repairTemplate(body.title), body: repairTemplate(body.body) }
    const sound = parts.every((part) => checkTemplate(repaired[part]).length === 0)
    const rendered = sound
      ? await new AlertDesk(view).renderPast(repaired, body.type ?? 'dingtalk', body.alertId, origin())
      : { title: '', text: '' }
    return { faults, repaired, ...rendered }
  })
}

function copied({ options, ...rest }: { id: string; name: string; type: string; options: Readonly<Record<string, string>> }) {
  return { ...rest, options: { ...options } }
}
