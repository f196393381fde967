import { type ChannelType, option, statusVerdict, type Verdict } from '../channel.ts'
import { safeText } from '../safe-text.ts'
import { smsText } from '../sms-text.ts'

const WORDS: Readonly<Record<string, string>> = {
  '20003': 'the account or its token is wrong',
  '21211': 'the number to send to has a wrong form',
  '21608': 'a trial account sends to verified numbers only',
  '21610': 'the recipient has unsubscribed',
  '21614': 'the number cannot receive short messages',
  '20429': 'too many requests; waiting',
}

/** Short messages through Twilio. Source: its API reference, Messages resource, 2010-04-01. */
export const smsTwilio: ChannelType = {
  type: 'sms-twilio',
  description: 'SMS through Twilio',
  options: {
    accountSid: option('account', { required: true }),
    authToken: option('its token', { required: true, secret: true }),
    from: option('number to send from', { required: true }),
    to: option('number to send to', { required: true }),
    url: option('https://api.twilio.com unless given'),
  },
  perMinute: 30,
  escape: safeText,
  transport: {
    kind: 'http',
    request(options, message) {
      const account = options.accountSid ?? ''
      const basic = Buffer.from(`${account}:${options.authToken ?? ''}`).toString('base64')
      const form = new URLSearchParams({ To: options.to ?? '', From: options.from ?? '', Body: smsText(message) })
      return {
        url: `${options.url || 'https://api.twilio.com'}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
        body: form.toString(),
      }
    },
    judge(status, body): Verdict {
      const verdict = statusVerdict(status, body)
      const [, code = ''] = /"code"\s*:\s*(\d+)/.exec(body) ?? []
      const words = WORDS[code]
      return verdict.ok || words === undefined ? verdict : { ...verdict, answer: `${code}: ${words}` }
    },
  },
}
