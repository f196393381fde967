import { createHmac } from 'node:crypto'
import { type ChannelType, cutBytes, jsonRequest, option } from '../channel.ts'
import { markdownText } from '../safe-text.ts'
import { codeVerdict } from '../vendor-codes.ts'

/** Source: open.dingtalk.com, "Custom robot access" (size, rate, signature) and its table of error codes. */
const MAX_TEXT_BYTES = 18_000

const CODES = {
  '310000': { words: 'signature, keyword or address mismatch; check the 加签 secret, the keyword and the clock' },
  '130101': { words: 'more than 20 messages a minute; waiting', retryable: true },
  '300005': { words: 'the robot’s token does not exist; copy its URL again' },
  '400101': { words: 'the access token is missing in the URL' },
  '410100': { words: 'too fast; throttled for ten minutes', retryable: true },
  '-1': { words: 'the vendor is busy', retryable: true },
} as const

/** A custom robot in a DingTalk group. */
export const dingTalk: ChannelType = {
  type: 'dingtalk',
  description: 'DingTalk custom robot (钉钉)',
  options: {
    url: option('https://oapi.dingtalk.com/robot/send?access_token=…', { required: true, secret: true }),
    secret: option('secret of 加签, where the robot has that check', { secret: true }),
    keyword: option('keyword the robot demands; added to the text where it is missing'),
    form: option('markdown (default) or actionCard'),
    at: option('mobile numbers to remind, with commas; none by default (不提醒)'),
  },
  // 20 is the limit; a robot that passes it is silent for ten minutes.
  perMinute: 18,
  escape: markdownText,
  transport: {
    kind: 'http',
    request(options, message, nowMs) {
      const keyword = options.keyword ?? ''
      const full = `${message.title}\n${message.text}`
      const text = keyword === '' || full.includes(keyword) ? message.text : `${message.text}\n\n${keyword}`
      const content = cutBytes(`### ${message.title}\n\n${text}`, MAX_TEXT_BYTES)
      const mobiles = (options.at ?? '').split(',').filter((one) => one !== '')
      const buttons = message.links.map(({ title, url }) => ({ title, actionURL: url }))
      const body =
        options.form === 'actionCard'
          ? { msgtype: 'actionCard', actionCard: { title: message.title, text: content, btnOrientation: '1', btns: buttons } }
          : {
              msgtype: 'markdown',
              markdown: { title: message.title, text: `${content}${mobiles.map((one) => ` @${one}`).join('')}` },
              at: { atMobiles: mobiles, isAtAll: false },
            }
      return jsonRequest(signedUrl(options.url ?? '', options.secret ?? '', nowMs), body)
    },
    judge: (status, body) => codeVerdict(status, body, { code: 'errcode', message: 'errmsg' }, CODES),
  },
}

/** 加签: HMAC-SHA256 over `timestamp\nsecret`, in milliseconds, keyed with the secret. */
function signedUrl(url: string, secret: string, nowMs: number): string {
  if (secret === '') return url
  const sign = createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64')
  const signed = new URL(url)
  signed.searchParams.set('timestamp', String(nowMs))
  signed.searchParams.set('sign', sign)
  return signed.href
}
