import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { ALERT_SEVERITIES } from './rules.ts'

export const ALERT_STATES = ['open', 'acknowledged', 'resolved'] as const

/** An alert of the inbox. */
export const Alert = Type.Object({
  alertId: Type.String(),
  ruleId: Type.String(),
  ruleName: Type.String(),
  severity: closedWord(ALERT_SEVERITIES),
  state: closedWord(ALERT_STATES),
  group: Type.String(),
  reason: Type.String(),
  created: Type.String(),
  updated: Type.String(),
  from: Type.String({ description: 'Time of what it is about.' }),
  to: Type.String(),
  count: Type.Integer({ description: 'Rows found; `rows` holds at most 100 of them.' }),
  rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  silenced: Type.String({ description: 'Why no channel was told; empty where one was, or where the rule names none.' }),
  actor: Type.String(),
  note: Type.String(),
})
export type Alert = Static<typeof Alert>

export const alertsRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/alerts',
  summary: 'The inbox: every alert, newest first, whether a channel was told or not.',
  query: Type.Object({
    state: Type.Optional(closedWord(ALERT_STATES)),
    rule: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    before: Type.Optional(Type.String({ format: 'date-time', description: 'Only alerts older than this.' })),
  }),
  reply: Type.Object({
    alerts: Type.Array(Alert),
    counts: Type.Object({
      open: Type.Integer(),
      acknowledged: Type.Integer(),
      resolved: Type.Integer(),
      silenced: Type.Integer(),
    }),
  }),
} as const satisfies Route

const AlertId = Type.Object({ alertId: Type.String() })

/** A message to a channel, and how far it came. */
export const AlertDelivery = Type.Object({
  deliveryId: Type.String(),
  channel: Type.String(),
  state: closedWord(['pending', 'sent', 'failed', 'folded'] as const),
  attempts: Type.Integer(),
  status: Type.Integer(),
  answer: Type.String({ description: 'The vendor’s answer in words.' }),
  title: Type.String(),
  text: Type.String(),
  created: Type.String(),
  updated: Type.String(),
  carrier: Type.String({ description: 'The digest it went with.' }),
})
export type AlertDelivery = Static<typeof AlertDelivery>

export const alertRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/alerts/:alertId',
  summary: 'One alert with its messages.',
  params: AlertId,
  reply: Type.Object({ alert: Alert, deliveries: Type.Array(AlertDelivery) }),
} as const satisfies Route

export const alertAckRoute = {
  method: 'POST',
  right: 'change',
  act: 'alert-acknowledge',
  path: '/api/v1/alerts/:alertId/ack',
  summary: 'Says that somebody looks after an alert.',
  params: AlertId,
  body: Type.Object({ note: Type.Optional(Type.String({ maxLength: 2000 })) }),
  reply: Alert,
} as const satisfies Route

export const alertResolveRoute = {
  method: 'POST',
  right: 'change',
  act: 'alert-resolve',
  path: '/api/v1/alerts/:alertId/resolve',
  summary: 'Says that an alert is over.',
  params: AlertId,
  body: Type.Object({ note: Type.Optional(Type.String({ maxLength: 2000 })) }),
  reply: Alert,
} as const satisfies Route

export const AlertSilence = Type.Object({
  id: Type.String(),
  matchers: Type.Record(Type.String(), Type.String(), {
    description: '`rule`, `severity`, `group`, or a column of the first row; none of them: maintenance of everything.',
  }),
  from: Type.String(),
  to: Type.String(),
  reason: Type.String(),
  by: Type.String(),
})
export type AlertSilence = Static<typeof AlertSilence>

export const silencesRoute = {
  method: 'GET',
  right: 'read',
  path: '/api/v1/silences',
  summary: 'Silences and maintenance, also those that are over.',
  reply: Type.Object({ silences: Type.Array(AlertSilence) }),
} as const satisfies Route

export const silenceRoute = {
  method: 'POST',
  right: 'change',
  act: 'silence-add',
  path: '/api/v1/silences',
  summary: 'Keeps alerts from channels for a time; the inbox still has them.',
  body: Type.Object({
    matchers: Type.Record(Type.String(), Type.String()),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    minutes: Type.Integer({ minimum: 1, maximum: 525_600 }),
    reason: Type.String({ minLength: 1, maxLength: 2000 }),
  }),
  reply: AlertSilence,
} as const satisfies Route

export const silenceRemoveRoute = {
  method: 'POST',
  right: 'change',
  act: 'silence-remove',
  path: '/api/v1/silences/:id/remove',
  summary: 'Ends a silence.',
  params: Type.Object({ id: Type.String() }),
  reply: Type.Object({}),
} as const satisfies Route
