import { createHmac, randomUUID } from 'node:crypto'
import { type ChannelType, option, statusVerdict, type Verdict } from '../channel.ts'
import { safeText } from '../safe-text.ts'
import { smsText } from '../sms-text.ts'

const WORDS: Readonly<Record<string, { words: string; retryable?: boolean }>> = {
  'isv.BUSINESS_LIMIT_CONTROL': { words: 'more messages to this number than the account may send; waiting', retryable: true },
  'isv.AMOUNT_NOT_ENOUGH': { words: 'the account has no credit' },
  'isv.SMS_TEMPLATE_ILLEGAL': { words: 'the template code does not exist or is not approved' },
  'isv.SMS_SIGNATURE_ILLEGAL': { words: 'the signature name does not exist or is not approved' },
  'isv.MOBILE_NUMBER_ILLEGAL': { words: 'the number has a wrong form' },
  SignatureDoesNotMatch: { words: 'the access key’s secret is wrong' },
  'InvalidAccessKeyId.NotFound': { words: 'the access key does not exist' },
}

/** Short messages through Alibaba Cloud. Source: its API reference, Dysmsapi 2017-05-25 `SendSms`, RPC signature 1.0. */
export const smsAliyun: ChannelType = {
  type: 'sms-aliyun',
  description: 'SMS through Alibaba Cloud (短信)',
  options: {
    accessKeyId: option('access key', { required: true }),
    accessKeySecret: option('its secret', { required: true, secret: true }),
    to: option('numbers, with commas', { required: true }),
    signName: option('approved signature (签名)', { required: true }),
    templateCode: option('approved template with one variable, content', { required: true }),
    url: option('https://dysmsapi.aliyuncs.com/ unless given'),
  },
  perMinute: 10,
  escape: safeText,
  transport: {
    kind: 'http',
    request(options, message, nowMs) {
      const parameters: Record<string, string> = {
        ...{ AccessKeyId: options.accessKeyId ?? '', Action: 'SendSms', Format: 'JSON', PhoneNumbers: options.to ?? '' },
        ...{ RegionId: 'cn-hangzhou', SignName: options.signName ?? '', SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0' },
        ...{ SignatureNonce: randomUUID(), TemplateCode: options.templateCode ?? '', Version: '2017-05-25', OutId: message.key },
        TemplateParam: JSON.stringify({ content: smsText(message) }),
        Timestamp: new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      }
      const canonical = canonicalText(parameters)
      const sign = createHmac('sha1', `${options.accessKeySecret ?? ''}&`)
        .update(`POST&%2F&${percent(canonical)}`)
        .digest('base64')
      return {
        url: options.url || 'https://dysmsapi.aliyuncs.com/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${canonical}&Signature=${percent(sign)}`,
      }
    },
    judge(status, body): Verdict {
      const [, code = ''] = /"Code"\s*:\s*"([^"]*)"/.exec(body) ?? []
      if (code === 'OK' && status === 200) return { ok: true, retryable: false, status, answer: 'accepted' }
      const known = WORDS[code]
      if (known === undefined) return { ...statusVerdict(status === 200 ? 400 : status, body), status }
      return { ok: false, retryable: known.retryable ?? false, status, answer: `${code}: ${known.words}` }
    },
  },
}

function canonicalText(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${percent(name)}=${percent(parameters[name] ?? '')}`)
    .join('&')
}

/** Percent-encoding of RFC 3986, which `encodeURIComponent` leaves some signs out of. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
