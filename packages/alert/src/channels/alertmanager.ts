import { type ChannelType, jsonRequest, option, statusVerdict } from '../channel.ts'
import { safeText } from '../safe-text.ts'

/** How long an alert counts as firing where nobody says that it is over, milliseconds. */
const LASTS_MS = 3_600_000

/** Prometheus Alertmanager. Source: its OpenAPI, api/v2/openapi.yaml, `postAlerts`. */
export const alertmanager: ChannelType = {
  type: 'alertmanager',
  description: 'Prometheus Alertmanager, API v2',
  options: {
    url: option('http://alertmanager:9093', { required: true }),
    token: option('bearer token', { secret: true }),
  },
  perMinute: 600,
  escape: safeText,
  transport: {
    kind: 'http',
    request(options, message, nowMs) {
      const labels = { alertname: message.ruleName, rule: message.ruleId, severity: message.severity, incident: message.incident }
      const token = options.token ?? ''
      return jsonRequest(
        `${(options.url ?? '').replace(/\/+$/, '')}/api/v2/alerts`,
        [
          {
            labels: { ...message.labels, ...labels },
            annotations: { summary: message.summary, description: message.text },
            startsAt: new Date(message.createdMs).toISOString(),
            endsAt: new Date(message.resolved ? nowMs : nowMs + LASTS_MS).toISOString(),
            ...(message.links[0] === undefined ? {} : { generatorURL: message.links[0].url }),
          },
        ],
        token === '' ? {} : { authorization: `Bearer ${token}` },
      )
    },
    judge: statusVerdict,
  },
}
