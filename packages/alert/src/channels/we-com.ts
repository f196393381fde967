import { type ChannelType, cutBytes, jsonRequest, option } from '../channel.ts'
import { markdownText } from '../safe-text.ts'
import { codeVerdict } from '../vendor-codes.ts'

/** Source: developer.work.weixin.qq.com, "Group robot": 4096 bytes of Markdown, 20 messages a minute. */
const MAX_TEXT_BYTES = 4096
const CODES = {
  '93000': { words: 'the robot does not exist; copy its URL again' },
  '45009': { words: 'more than 20 messages a minute; waiting', retryable: true },
  '40058': { words: 'the message is longer than the vendor takes' },
  '-1': { words: 'the vendor is busy', retryable: true },
} as const

/** A group robot of WeCom. */
export const weCom: ChannelType = {
  type: 'wecom',
  description: 'WeCom group robot (企业微信)',
  options: { url: option('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…', { required: true, secret: true }) },
  perMinute: 18,
  escape: markdownText,
  transport: {
    kind: 'http',
    request: (options, message) =>
      jsonRequest(options.url ?? '', {
        msgtype: 'markdown',
        markdown: { content: cutBytes(`### ${message.title}\n${message.text}`, MAX_TEXT_BYTES) },
      }),
    judge: (status, body) => codeVerdict(status, body, { code: 'errcode', message: 'errmsg' }, CODES),
  },
}
