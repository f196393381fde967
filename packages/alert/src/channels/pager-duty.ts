import { type ChannelType, jsonRequest, option, statusVerdict, type Verdict } from '../channel.ts'
import type { Severity } from '../rule.ts'
import { safeText } from '../safe-text.ts'

const LEVELS: Readonly<Record<Severity, string>> = {
  report: 'info',
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
}

/** The Events API v2. Source: developer.pagerduty.com, "Send an alert event": summary 1024 characters, body 512 KB. */
export const pagerDuty: ChannelType = {
  type: 'pagerduty',
  description: 'PagerDuty, Events API v2',
  options: {
    routingKey: option('integration key of the service', { required: true, secret: true }),
    url: option('https://events.pagerduty.com/v2/enqueue unless given', { secret: false }),
  },
  perMinute: 100,
  escape: safeText,
  transport: {
    kind: 'http',
    request: (options, message) =>
      jsonRequest(options.url || 'https://events.pagerduty.com/v2/enqueue', {
        routing_key: options.routingKey,
        event_action: message.resolved ? 'resolve' : 'trigger',
        dedup_key: message.incident,
        payload: {
          summary: message.summary.slice(0, 1024),
          source: 'podwitness',
          severity: LEVELS[message.severity],
          timestamp: new Date(message.createdMs).toISOString(),
          component: message.ruleId,
          custom_details: { text: message.text, count: message.count, ...message.labels },
        },
        links: message.links.map(({ title, url }) => ({ href: url, text: title })),
      }),
    judge(status, body): Verdict {
      const verdict = statusVerdict(status, body)
      return status === 400
        ? { ...verdict, answer: `the event is invalid; check the integration key: ${body.slice(0, 300)}` }
        : verdict
    },
  },
}
