import type { RouteInput, RouteReply } from './route.ts'
import type * as alerts from './routes/alerts.ts'
import type * as channels from './routes/channels.ts'
import type * as rules from './routes/rules.ts'

/** Sends a request of the contract. */
export type Send = <Declared>(request: {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}) => Promise<RouteReply<Declared>>

type Body<R> = R extends { readonly body: unknown } ? (RouteInput<R> extends { body: infer B } ? B : never) : never

/** Calls about rules, alerts, silences, channels and templates. */
export function alertCalls(send: Send) {
  const post = <R>(path: string, body?: unknown) => send<R>({ method: 'POST', path, body: body ?? {} })
  const id = encodeURIComponent
  return {
    rules: (signal?: AbortSignal) => send<typeof rules.rulesRoute>({ method: 'GET', path: '/api/v1/rules', signal }),
    lintRules: (body: Body<typeof rules.ruleLintRoute>) => post<typeof rules.ruleLintRoute>('/api/v1/rules/lint', body),
    applyRules: (body: Body<typeof rules.ruleApplyRoute>) => post<typeof rules.ruleApplyRoute>('/api/v1/rules', body),
    previewRule: (body: Body<typeof rules.rulePreviewRoute>, signal?: AbortSignal) =>
      send<typeof rules.rulePreviewRoute>({ method: 'POST', path: '/api/v1/rules/preview', body, signal }),
    removeRule: (ruleId: string) => post<typeof rules.ruleRemoveRoute>(`/api/v1/rules/${id(ruleId)}/remove`),
    alerts: (query: RouteInput<typeof alerts.alertsRoute>['query'], signal?: AbortSignal) =>
      send<typeof alerts.alertsRoute>({ method: 'GET', path: '/api/v1/alerts', query, signal }),
    alert: (alertId: string, signal?: AbortSignal) =>
      send<typeof alerts.alertRoute>({ method: 'GET', path: `/api/v1/alerts/${id(alertId)}`, signal }),
    ackAlert: (alertId: string, body: Body<typeof alerts.alertAckRoute> = {}) =>
      post<typeof alerts.alertAckRoute>(`/api/v1/alerts/${id(alertId)}/ack`, body),
    resolveAlert: (alertId: string, body: Body<typeof alerts.alertResolveRoute> = {}) =>
      post<typeof alerts.alertResolveRoute>(`/api/v1/alerts/${id(alertId)}/resolve`, body),
    silences: (signal?: AbortSignal) => send<typeof alerts.silencesRoute>({ method: 'GET', path: '/api/v1/silences', signal }),
    silence: (body: Body<typeof alerts.silenceRoute>) => post<typeof alerts.silenceRoute>('/api/v1/silences', body),
    removeSilence: (name: string) => post<typeof alerts.silenceRemoveRoute>(`/api/v1/silences/${id(name)}/remove`),
    channels: (signal?: AbortSignal) => send<typeof channels.channelsRoute>({ method: 'GET', path: '/api/v1/channels', signal }),
    saveChannel: (body: Body<typeof channels.channelSaveRoute>) =>
      post<typeof channels.channelSaveRoute>('/api/v1/channels', body),
    removeChannel: (name: string) => post<typeof channels.channelRemoveRoute>(`/api/v1/channels/${id(name)}/remove`),
    testChannel: (name: string) => post<typeof channels.channelTestRoute>(`/api/v1/channels/${id(name)}/test`),
    templates: (signal?: AbortSignal) =>
      send<typeof channels.templatesRoute>({ method: 'GET', path: '/api/v1/templates', signal }),
    saveTemplate: (body: Body<typeof channels.templateSaveRoute>) =>
      post<typeof channels.templateSaveRoute>('/api/v1/templates', body),
    removeTemplate: (name: string) => post<typeof channels.templateRemoveRoute>(`/api/v1/templates/${id(name)}/remove`),
    previewTemplate: (body: Body<typeof channels.templatePreviewRoute>) =>
      post<typeof channels.templatePreviewRoute>('/api/v1/templates/preview', body),
  }
}
