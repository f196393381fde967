import { type ChannelType, cutBytes, jsonRequest, option, statusVerdict } from '../channel.ts'
import type { Severity } from '../rule.ts'
import { markdownText } from '../safe-text.ts'

/** A message may have 28 KB. Source: learn.microsoft.com, "Limits and specifications for Microsoft Teams". */
const MAX_TEXT_BYTES = 20_000
const COLOURS: Readonly<Record<Severity, string>> = {
  report: 'accent',
  low: 'default',
  medium: 'warning',
  high: 'attention',
  critical: 'attention',
}

/** A workflow of Teams that posts to a channel when a webhook request is received. */
export const teams: ChannelType = {
  type: 'teams',
  description: 'Microsoft Teams workflow',
  options: { url: option('address of the workflow’s HTTP trigger', { required: true, secret: true }) },
  perMinute: 60,
  escape: markdownText,
  transport: {
    kind: 'http',
    request(options, message) {
      const title = { type: 'TextBlock', text: message.title, weight: 'bolder', size: 'medium', wrap: true }
      const card = {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          { ...title, color: COLOURS[message.severity] },
          { type: 'TextBlock', text: cutBytes(message.text, MAX_TEXT_BYTES), wrap: true },
        ],
        actions: message.links.map(({ title, url }) => ({ type: 'Action.OpenUrl', title, url })),
      }
      const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }
      return jsonRequest(options.url ?? '', { type: 'message', attachments: [attachment] })
    },
    judge: statusVerdict,
  },
}
