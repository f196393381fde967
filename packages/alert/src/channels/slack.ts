import { type ChannelType, jsonRequest, option, statusVerdict, type Verdict } from '../channel.ts'
import { slackText } from '../safe-text.ts'

/** Source: api.slack.com, "Incoming webhooks" and "Block Kit": header 150, section 3000 characters. */
const MAX_HEADER = 150
const MAX_SECTION = 3000
const MAX_SECTIONS = 10
const WORDS: Readonly<Record<string, string>> = {
  invalid_payload: 'the message has a form Slack does not take',
  no_service: 'the webhook was removed or the app is disabled; make a new one',
  no_team: 'the workspace does not exist',
  channel_not_found: 'the channel was deleted',
  channel_is_archived: 'the channel is archived',
  action_prohibited: 'an administrator forbids this webhook',
  invalid_token: 'the webhook’s token is wrong; copy its URL again',
}

/** An incoming webhook of Slack. */
export const slack: ChannelType = {
  type: 'slack',
  description: 'Slack incoming webhook',
  options: { url: option('https://hooks.slack.com/services/…', { required: true, secret: true }) },
  perMinute: 50,
  escape: slackText,
  transport: {
    kind: 'http',
    request(options, message) {
      const text = message.text.replace(/\[([^\]\n]*)\]\((https?:[^)\s]+)\)/g, '<$2|$1>')
      const sections: object[] = []
      for (let at = 0; at < text.length && sections.length < MAX_SECTIONS; at += MAX_SECTION)
        sections.push({ type: 'section', text: { type: 'mrkdwn', text: text.slice(at, at + MAX_SECTION), verbatim: true } })
      const header = { type: 'header', text: { type: 'plain_text', text: [...message.title].slice(0, MAX_HEADER).join('') } }
      return jsonRequest(options.url ?? '', { text: message.summary, blocks: [header, ...sections] })
    },
    judge(status, body): Verdict {
      const verdict = statusVerdict(status, body)
      const words = WORDS[body.trim()]
      return verdict.ok || words === undefined ? verdict : { ...verdict, answer: `${body.trim()}: ${words}` }
    },
  },
}
