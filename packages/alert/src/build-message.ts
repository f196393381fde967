import type { ChannelType, Message } from './channel.ts'
import { columnValue, type ResultRow, valueText } from './judge-rows.ts'
import { SEVERITY_WORDS, type Severity } from './rule.ts'
import { safeText } from './safe-text.ts'
import type { ContentTemplate } from './templates/content-template.ts'
import { renderTemplate, type TemplateData } from './templates/render.ts'

/** An alert as a message is made of it. */
export interface AlertFacts {
  readonly alertId: string
  readonly ruleId: string
  readonly ruleName: string
  readonly severity: Severity
  readonly reason: string
  readonly group: string
  readonly count: number
  readonly createdMs: number
  readonly rows: readonly ResultRow[]
  readonly labels: Readonly<Record<string, string>>
  readonly resolved: boolean
  /** Origin of the page, without a slash at the end. */
  readonly origin: string
}

/** Columns that a message without a template shows, in this order, under these words. */
const SHOWN: readonly (readonly [string, readonly string[]])[] = [
  ['时间/time', ['time', 'Time', 'start']],
  ['账号/account', ['k8s.user.aliuid', 'k8s.user.username', 'user', 'account']],
  ['命名空间/namespace', ['k8s.pod.namespace', 'ns', 'namespace']],
  ['Pod', ['k8s.pod.name', 'pod']],
  ['容器/container', ['k8s.container.name', 'kubeobject.operation.podexecoptions.container', 'container']],
  ['节点/node', ['host.nodename', 'node']],
  ['目录/directory', ['process.cwd', 'cwd']],
  ['命令/command', ['process.cmdline', 'cmdline', 'kubeobject.operation.podexecoptions.commandstr', 'command']],
  ['说明/details', ['details', 'message']],
]

/**
 * The message of an alert for one kind of channel.
 *
 * @throws AlertError PW-AL-002 where the template is wrong.
 */
export function buildMessage(facts: AlertFacts, type: ChannelType, template: ContentTemplate | undefined, key: string): Message {
  const data = templateData(facts)
  const harmless = (value: string): string => type.escape(value)
  const word = facts.resolved ? '已恢复/resolved' : SEVERITY_WORDS[facts.severity]
  const title = template === undefined ? `[${word}] ${safeText(facts.ruleName)}` : renderTemplate(template.title, data, safeText)
  const text = template === undefined ? defaultText(facts, data, harmless) : renderTemplate(template.body, data, harmless)
  return {
    key,
    incident: facts.alertId,
    title: title.replace(/\s+/g, ' ').trim().slice(0, 200),
    text: facts.resolved && template !== undefined ? `已恢复 / resolved\n\n${text}` : text,
    summary: summaryOf(facts),
    severity: facts.severity,
    ruleId: facts.ruleId,
    ruleName: facts.ruleName,
    count: facts.count,
    resolved: facts.resolved,
    createdMs: facts.createdMs,
    links: [
      { title: '详情', url: data.queryUrl },
      { title: '设置', url: data.alertUrl },
    ],
    labels: facts.labels,
  }
}

export function templateData(facts: AlertFacts): TemplateData {
  return {
    ...{ alertName: facts.ruleName, alertTime: timeText(facts.createdMs), severity: SEVERITY_WORDS[facts.severity] },
    queryUrl: `${facts.origin}/alerts/${encodeURIComponent(facts.alertId)}`,
    alertUrl: `${facts.origin}/rules/${encodeURIComponent(facts.ruleId)}`,
    ...{ alertId: facts.alertId, ruleId: facts.ruleId, reason: facts.reason, project: 'podwitness' },
    ...{ count: facts.count, rows: facts.rows, labels: facts.labels },
  }
}

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function defaultText(facts: AlertFacts, data: TemplateData, harmless: (value: string) => string): string {
  const row = facts.rows[0] ?? {}
  const lines = SHOWN.flatMap(([title, columns]) => {
    const value = columns.map((column) => valueText(columnValue(row, column))).find((text) => text !== '')
    return value === undefined ? [] : [`- ${title}:${harmless(value)}`]
  })
  return [
    harmless(facts.reason),
    '',
    `- 触发时间/fired:${data.alertTime}`,
    `- 次数/count:${facts.count}${facts.group === '' ? '' : ` · ${harmless(facts.group)}`}`,
    ...(lines.length > 0 ? lines : rowLines(row, harmless)),
    '',
    `[详情](${data.queryUrl}) [设置](${data.alertUrl})`,
  ].join('\n')
}

function rowLines(row: ResultRow, harmless: (value: string) => string): string[] {
  const entries = Object.entries(row).slice(0, 12)
  return entries.map(([name, value]) => `- ${harmless(name)}:${harmless(valueText(value))}`)
}

/** One line: what, who, where, how often. */
function summaryOf(facts: AlertFacts): string {
  const row = facts.rows[0] ?? {}
  const pick = (...names: string[]): string =>
    names.map((name) => valueText(columnValue(row, name))).find((one) => one !== '') ?? ''
  const who = pick('k8s.user.username', 'user')
  const pod = [pick('k8s.pod.namespace', 'ns', 'namespace'), pick('k8s.pod.name', 'pod')].filter((one) => one !== '').join('/')
  const what = pick('process.name', 'name', 'details')
  const word = facts.resolved ? '已恢复' : SEVERITY_WORDS[facts.severity]
  const parts = [`[${word}]${facts.ruleName}`, who, pod, what, `×${facts.count}`].filter((one) => one !== '')
  return safeText(parts.join(' '))
}

/** The message that stands for many which the channel's rate did not let through. */
export function digestMessage(messages: readonly Message[], key: string, origin: string): Message {
  const first = messages[0]
  const byRule = new Map<string, { messages: number; events: number }>()
  for (const { ruleName, count } of messages) {
    const sum = byRule.get(ruleName) ?? { messages: 0, events: 0 }
    byRule.set(ruleName, { messages: sum.messages + 1, events: sum.events + count })
  }
  const lines = [...byRule].map(([name, sum]) => `- ${safeText(name)}:${sum.messages} 条告警/alerts, ${sum.events} 次/events`)
  const events = messages.reduce((sum, { count }) => sum + count, 0)
  const title = `汇总/digest: ${messages.length} 条告警/alerts, ${events} 次/events`
  return {
    ...{ key, incident: key, title, summary: title, ruleId: 'digest', ruleName: '汇总/digest', count: events, resolved: false },
    text: [
      title,
      '',
      ...lines.slice(0, 30),
      ...(lines.length > 30 ? [`… +${lines.length - 30}`] : []),
      '',
      `[详情](${origin}/alerts)`,
    ].join('\n'),
    severity: first?.severity ?? 'medium',
    createdMs: Math.max(...messages.map(({ createdMs }) => createdMs)),
    links: [{ title: '详情', url: `${origin}/alerts` }],
    labels: {},
  }
}
