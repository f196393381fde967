import { createHmac } from 'node:crypto'
import { type ChannelType, cutBytes, jsonRequest, option } from '../channel.ts'
import type { Severity } from '../rule.ts'
import { markdownText } from '../safe-text.ts'
import { codeVerdict } from '../vendor-codes.ts'

const COLOURS: Readonly<Record<Severity, string>> = {
  report: 'blue',
  low: 'wathet',
  medium: 'orange',
  high: 'red',
  critical: 'carmine',
}
/** The whole body may have 20 KB. Source: open.feishu.cn, "Custom bot usage guide". */
const MAX_TEXT_BYTES = 16_000
const CODES = {
  '19021': { words: 'signature mismatch or a clock more than an hour off; check the secret and the clock' },
  '19022': { words: 'this address is not on the robot’s list' },
  '19024': { words: 'the robot’s keyword is not in the message' },
  '11232': { words: 'too many messages; waiting', retryable: true },
  '9499': { words: 'the message has a form the vendor does not take' },
} as const

/** A custom bot in a Feishu or Lark group. */
export const feishu: ChannelType = {
  type: 'feishu',
  description: 'Feishu or Lark custom bot (飞书)',
  options: {
    url: option('https://open.feishu.cn/open-apis/bot/v2/hook/…', { required: true, secret: true }),
    secret: option('secret of the signature check', { secret: true }),
    keyword: option('keyword the bot demands; added to the text where it is missing'),
  },
  perMinute: 90,
  escape: markdownText,
  transport: {
    kind: 'http',
    request(options, message, nowMs) {
      const timestamp = String(Math.floor(nowMs / 1000))
      const secret = options.secret ?? ''
      // The text is the key here and the data are empty: that is how the vendor documents it.
      const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')
      const keyword = options.keyword ?? ''
      const text = `${message.title}${message.text}`.includes(keyword) ? message.text : `${message.text}\n${keyword}`
      return jsonRequest(options.url ?? '', {
        ...(secret === '' ? {} : { timestamp, sign }),
        msg_type: 'interactive',
        card: {
          header: { title: { tag: 'plain_text', content: message.title }, template: COLOURS[message.severity] },
          elements: [{ tag: 'markdown', content: cutBytes(text, MAX_TEXT_BYTES) }],
        },
      })
    },
    judge: (status, body) => codeVerdict(status, body, { code: 'code', message: 'msg' }, CODES),
  },
}
