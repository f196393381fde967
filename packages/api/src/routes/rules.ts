import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** Weights of an alert: 报告, 低, 中, 高, 严重. */
export const ALERT_SEVERITIES = ['report', 'low', 'medium', 'high', 'critical'] as const

/** A rule as it is listed. `yaml` is the whole of it: file, API and page have one model. */
const ListedRule = Type.Object({
  id: Type.String(),
  name: Type.String(),
  reason: Type.String(),
  severity: closedWord(ALERT_SEVERITIES),
  enabled: Type.Boolean(),
  check: Type.String({ description: '`1m`, a cron pattern, or `stream`.' }),
  lang: closedWord(['sls', 'kql', 'sql'] as const),
  query: Type.String(),
  channels: Type.Array(Type.String()),
  yaml: Type.String(),
  cannotFire: Type.String({ description: 'Why the data cannot make it fire; empty where they can.' }),
  lastRun: Type.Union([Type.String(), Type.Null()]),
  lastError: Type.String(),
  alerts7d: Type.Integer({ description: 'Alerts in the last seven days.' }),
})
export type ListedRule = Static<typeof ListedRule>

export const TextFault = Type.Object({
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
  hint: Type.String(),
})

export const rulesRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/rules',
  summary: 'Every alert rule, whether the data can make it fire, and when it last ran.',
  reply: Type.Object({ rules: Type.Array(ListedRule) }),
} as const satisfies Route

export const ruleLintRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/rules/lint',
  summary: 'What is wrong with rules in YAML; nothing is saved.',
  body: Type.Object({ yaml: Type.String({ maxLength: 500_000 }) }),
  reply: Type.Object({ rules: Type.Array(Type.String()), faults: Type.Array(TextFault) }),
} as const satisfies Route

export const ruleApplyRoute = {
  method: 'POST',
  right: 'change',
  act: 'rule-apply',
  path: '/api/v1/rules',
  summary: 'Saves rules in YAML, new ones and changed ones, with the templates and channels of the same text.',
  body: Type.Object({
    yaml: Type.String({ minLength: 1, maxLength: 500_000 }),
    repair: Type.Optional(Type.Boolean({ description: 'Close blocks of templates that were never closed.' })),
  }),
  reply: Type.Object({ saved: Type.Array(Type.String()) }),
} as const satisfies Route

export const ruleRemoveRoute = {
  method: 'POST',
  right: 'change',
  act: 'rule-remove',
  path: '/api/v1/rules/:ruleId/remove',
  summary: 'Removes a rule; its alerts stay.',
  params: Type.Object({ ruleId: Type.String() }),
  reply: Type.Object({}),
} as const satisfies Route

/** What a rule would have done. */
export const RulePreview = Type.Object({
  from: Type.String(),
  to: Type.String(),
  rows: Type.Integer({ description: 'Rows that would have alerted.' }),
  alerts: Type.Integer(),
  messages: Type.Integer({ description: 'What a channel would have been sent, after grouping and mute.' }),
  groups: Type.Array(Type.Object({ group: Type.String(), rows: Type.Integer(), alerts: Type.Integer() }), {
    description: 'Most frequent first, at most 50.',
  }),
  days: Type.Array(Type.Object({ day: Type.String(), rows: Type.Integer() })),
  samples: Type.Array(Type.Record(Type.String(), Type.Unknown()), { description: 'The first rows, at most 50.' }),
  truncated: Type.Boolean({ description: 'Not everything could be looked at: the numbers are lower bounds.' }),
  windows: Type.Object(
    { all: Type.Integer(), looked: Type.Integer() },
    { description: 'Of a rule about a condition: windows of the history, and how many were looked at within the time there is.' },
  ),
  elapsedMs: Type.Integer(),
})
export type RulePreview = Static<typeof RulePreview>

export const rulePreviewRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/rules/preview',
  summary: 'What a rule would have done over history; nothing is saved.',
  body: Type.Object({
    yaml: Type.String({ minLength: 1, maxLength: 500_000 }),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  reply: RulePreview,
} as const satisfies Route
