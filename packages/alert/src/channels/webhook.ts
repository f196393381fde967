import { createHmac } from 'node:crypto'
import { Environment } from 'minijinja-js'
import { type ChannelType, type Message, option, statusVerdict } from '../channel.ts'
import { safeText } from '../safe-text.ts'
import { withoutDollars } from '../templates/content-template.ts'

const FUEL = 50_000

/**
 * Any HTTP endpoint. The body is signed: `x-podwitness-signature: sha256=` and the HMAC-SHA256 in hexadecimal over
 * `<x-podwitness-timestamp>.<body>`; `idempotency-key` is the same for every attempt.
 */
export const webhook: ChannelType = {
  type: 'webhook',
  description: 'custom webhook: JSON, signed',
  options: {
    url: option('address that takes a POST', { required: true, secret: true }),
    secret: option('key of the signature', { secret: true }),
    body: option('template of the body; the message as JSON unless given. Use {{ text|tojson }} inside JSON'),
    contentType: option('application/json unless given'),
  },
  perMinute: 600,
  escape: safeText,
  transport: {
    kind: 'http',
    request(options, message, nowMs) {
      const body = bodyOf(options.body ?? '', message)
      const timestamp = String(Math.floor(nowMs / 1000))
      const secret = options.secret ?? ''
      const sign = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
      const headers = {
        'content-type': options.contentType || 'application/json; charset=utf-8',
        'idempotency-key': message.key,
        'x-podwitness-timestamp': timestamp,
        ...(secret === '' ? {} : { 'x-podwitness-signature': `sha256=${sign}` }),
      }
      return { url: options.url ?? '', headers, body }
    },
    judge: statusVerdict,
  },
}

function bodyOf(template: string, message: Message): string {
  if (template === '') return JSON.stringify(message)
  const environment = new Environment()
  try {
    environment.undefinedBehavior = 'chainable'
    environment.fuel = FUEL
    return environment.renderStr(withoutDollars(template), {
      ...message,
      alert_name: message.ruleName,
      alert_time: new Date(message.createdMs).toISOString(),
    })
  } finally {
    environment.free()
  }
}
