/** Weight of an alert, by the names of Alibaba Cloud SLS: 报告, 低, 中, 高, 严重. */
export const SEVERITIES = ['report', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** As people read it, and as the templates of SLS print it. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  report: '报告',
  low: '低',
  medium: '中',
  high: '高',
  critical: '严重',
}

export const RULE_LANGUAGES = ['sls', 'kql', 'sql'] as const

/** What must hold of a query's rows for an alert. */
export type Trigger =
  | { readonly kind: 'hasData' }
  | { readonly kind: 'count'; readonly atLeast: number }
  /** A row whose column compares so; the other rows do not count. */
  | { readonly kind: 'threshold'; readonly column: string; readonly compare: '>' | '>=' | '<' | '<='; readonly value: number }
  | { readonly kind: 'noData' }
  /** The value of a column is another one than at the evaluation before. */
  | { readonly kind: 'change'; readonly column: string }

/** Kinds of evidence that a rule cannot fire without. */
export const DATA_NEEDS = [
  'commands',
  'apiAudit',
  'linuxAudit',
  'sessions',
  'heartbeats',
  'diskMetrics',
  'seccomp',
  'pods',
] as const
export type DataNeed = (typeof DATA_NEEDS)[number]

/** A rule: a question asked of a stream again and again, and whom to tell of the answer. One model for file, API and page. */
export interface Rule {
  readonly id: string
  readonly name: string
  /** Why somebody should care, in words; goes with the alert. */
  readonly reason: string
  readonly query: {
    readonly lang: (typeof RULE_LANGUAGES)[number]
    readonly text: string
    readonly stream: string
    readonly windowMs: number
  }
  /** Fixed interval in milliseconds, a cron pattern, or `stream`: as soon as something arrives. */
  readonly check: { readonly everyMs: number } | { readonly cron: string } | 'stream'
  /** Milliseconds a row waits for late evidence about itself before it may alert. */
  readonly waitMs: number
  readonly trigger: Trigger
  readonly severity: Severity
  /** Columns: one alert for each of their values. Empty: one an evaluation. */
  readonly groupBy: readonly string[]
  /** Milliseconds in which a group that alerted tells nobody again; the inbox still has it. */
  readonly muteMs: number
  readonly labels: Readonly<Record<string, string>>
  /** Rows left out: a row that has all values of one entry. */
  readonly except: readonly Readonly<Record<string, string>>[]
  /** Hours in which channels are told: `HH:MM-HH:MM` in `zone`; undefined for any. */
  readonly hours: { readonly from: number; readonly to: number; readonly zone: string } | undefined
  readonly enabled: boolean
  /** Channels to tell, and the template of the message. */
  readonly notify: readonly { readonly channel: string; readonly template: string | undefined }[]
  /** Told when nobody has acknowledged for so long. */
  readonly escalate: { readonly afterMs: number; readonly channel: string } | undefined
  /** Whether channels are told when it is over. */
  readonly tellResolved: boolean
  readonly needs: readonly DataNeed[]
}
