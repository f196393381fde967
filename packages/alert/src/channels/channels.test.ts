import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { type Taken, vendorFake } from '../../testdata/vendor-fake.ts'
import { type AlertFacts, buildMessage } from '../build-message.ts'
import type { Message } from '../channel.ts'
import { checkChannel, withoutSecrets } from '../read-channel.ts'
import { sendMessage } from '../send-message.ts'
import { checkTarget, isForbidden } from '../target-guard.ts'
import { CHANNEL_TYPES } from './index.ts'

const NOW = Date.parse('2026-11-21T02:15:00Z')
const HOSTILE = 'rm -rf / <!channel> [x](http://evil/?a="b") @all'
const FACTS: AlertFacts = {
  ...{
    alertId: 'a1',
    ruleId: 'r1',
    ruleName: '风险程序',
    severity: 'medium',
    reason: 'because',
    group: '',
    count: 2,
    createdMs: NOW,
  },
  ...{ labels: { team: 'sec' }, resolved: false, origin: 'https://pw' },
  rows: [{ 'k8s.user.username': 'alice', 'k8s.pod.namespace': 'prod', 'k8s.pod.name': 'web', 'process.cmdline': HOSTILE }],
}

function messageFor(type: string, facts: Partial<AlertFacts> = {}): Message {
  const channel = CHANNEL_TYPES[type]
  if (channel === undefined) throw new Error(type)
  return buildMessage({ ...FACTS, ...facts }, channel, undefined, 'key-1')
}

interface Case {
  readonly type: string
  readonly options: (url: string) => Record<string, string>
  /** What is wrong with what was sent, by the vendor's contract; undefined where it is right. */
  readonly wrong: (taken: Taken) => string | undefined
  readonly accepts: { status: number; body: string }
  readonly refuses: { status: number; body: string }
  readonly words: string
}

const json = (taken: Taken) => JSON.parse(taken.body) as Readonly<Record<string, unknown>>
const text = (value: unknown) => JSON.stringify(value)

const CASES: readonly Case[] = [
  {
    type: 'dingtalk',
    options: (url) => ({ url: `${url}/robot/send?access_token=t`, secret: 'SECabc', keyword: 'PODWITNESS' }),
    wrong(taken) {
      const query = new URL(taken.path, 'http://h').searchParams
      const sign = createHmac('sha256', 'SECabc')
        .update(`${query.get('timestamp')}\nSECabc`)
        .digest('base64')
      if (query.get('sign') !== sign || query.get('access_token') !== 't') return 'sign not match'
      if (!taken.body.includes('PODWITNESS')) return 'keywords not in content'
      return Buffer.byteLength(taken.body) > 20_000 ? 'too long' : undefined
    },
    accepts: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
    refuses: { status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' },
    words: '310000: signature, keyword or address mismatch; check the 加签 secret, the keyword and the clock (sign not match)',
  },
  {
    type: 'feishu',
    options: (url) => ({ url: `${url}/open-apis/bot/v2/hook/x`, secret: 's3' }),
    wrong(taken) {
      const { timestamp, sign, msg_type } = json(taken)
      const wanted = createHmac('sha256', `${timestamp}\ns3`).update('').digest('base64')
      return sign === wanted && msg_type === 'interactive' && Buffer.byteLength(taken.body) <= 20_480
        ? undefined
        : 'sign match fail'
    },
    accepts: { status: 200, body: '{"code":0,"msg":"success","data":{}}' },
    refuses: { status: 200, body: '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}' },
    words: '19021: signature mismatch',
  },
  {
    type: 'wecom',
    options: (url) => ({ url: `${url}/cgi-bin/webhook/send?key=k` }),
    wrong: (taken) => (Buffer.byteLength((json(taken).markdown as { content: string }).content) <= 4096 ? undefined : 'too long'),
    accepts: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
    refuses: { status: 200, body: '{"errcode":45009,"errmsg":"api freq out of limit"}' },
    words: '45009: more than 20 messages a minute',
  },
  {
    type: 'slack',
    options: (url) => ({ url: `${url}/services/T/B/x` }),
    wrong: (taken) => (/<!channel>|<http:\/\/evil/.test(taken.body) ? 'invalid_payload' : undefined),
    accepts: { status: 200, body: 'ok' },
    refuses: { status: 404, body: 'no_service' },
    words: 'no_service: the webhook was removed',
  },
  {
    type: 'teams',
    options: (url) => ({ url: `${url}/workflows/x?sig=y` }),
    wrong: (taken) => (text(json(taken).attachments).includes('"type":"AdaptiveCard"') ? undefined : 'bad card'),
    accepts: { status: 202, body: '' },
    refuses: { status: 429, body: 'throttled' },
    words: 'HTTP 429: throttled',
  },
  {
    type: 'sms-aliyun',
    options: (url) => ({
      url: `${url}/`,
      accessKeyId: 'ak',
      accessKeySecret: 'sk',
      to: '13800000000',
      signName: '审计',
      templateCode: 'SMS_1',
    }),
    wrong(taken) {
      const [canonical = '', signature = ''] = taken.body.split('&Signature=')
      const encoded = encodeURIComponent(canonical).replace(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      )
      const sign = createHmac('sha1', 'sk&').update(`POST&%2F&${encoded}`).digest('base64')
      const content = JSON.parse(new URLSearchParams(canonical).get('TemplateParam') ?? '{}').content as string
      return decodeURIComponent(signature) === sign && content.length <= 70 ? undefined : 'SignatureDoesNotMatch'
    },
    accepts: { status: 200, body: '{"Code":"OK","Message":"OK","BizId":"1"}' },
    refuses: { status: 200, body: '{"Code":"isv.AMOUNT_NOT_ENOUGH","Message":"账户余额不足"}' },
    words: 'isv.AMOUNT_NOT_ENOUGH: the account has no credit',
  },
  {
    type: 'sms-twilio',
    options: (url) => ({ url, accountSid: 'AC1', authToken: 'tok', from: '+1', to: '+2' }),
    wrong(taken) {
      const right = taken.headers.authorization === `Basic ${Buffer.from('AC1:tok').toString('base64')}`
      return right &&
        taken.path === '/2010-04-01/Accounts/AC1/Messages.json' &&
        new URLSearchParams(taken.body).get('To') === '+2'
        ? undefined
        : 'wrong'
    },
    accepts: { status: 201, body: '{"sid":"SM1"}' },
    refuses: { status: 401, body: '{"code":20003,"message":"Authenticate"}' },
    words: '20003: the account or its token is wrong',
  },
  {
    type: 'pagerduty',
    options: (url) => ({ url: `${url}/v2/enqueue`, routingKey: 'rk' }),
    wrong(taken) {
      const { routing_key, event_action, dedup_key, payload } = json(taken)
      const sound = routing_key === 'rk' && event_action === 'trigger' && dedup_key === 'a1'
      return sound && (payload as { severity: string }).severity === 'warning' ? undefined : 'invalid event'
    },
    accepts: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"a1"}' },
    refuses: { status: 400, body: '{"status":"invalid event","message":"Event object is invalid"}' },
    words: 'the event is invalid; check the integration key',
  },
  {
    type: 'alertmanager',
    options: (url) => ({ url }),
    wrong(taken) {
      const [alert] = JSON.parse(taken.body) as { labels: Record<string, string>; startsAt: string }[]
      return taken.path === '/api/v2/alerts' && alert?.labels.alertname === '风险程序' && alert.startsAt !== ''
        ? undefined
        : 'bad'
    },
    accepts: { status: 200, body: '' },
    refuses: { status: 503, body: 'no' },
    words: 'HTTP 503: no',
  },
  {
    type: 'webhook',
    options: (url) => ({ url: `${url}/hook`, secret: 'whs', body: '{"who": {{ summary|tojson }}, "name": "${alert_name}"}' }),
    wrong(taken) {
      const sign = createHmac('sha256', 'whs').update(`${taken.headers['x-podwitness-timestamp']}.${taken.body}`).digest('hex')
      return taken.headers['x-podwitness-signature'] === `sha256=${sign}` &&
        json(taken).name === '风险程序' &&
        taken.headers['idempotency-key'] === 'key-1'
        ? undefined
        : 'bad signature'
    },
    accepts: { status: 204, body: '' },
    refuses: { status: 500, body: 'down' },
    words: 'HTTP 500: down',
  },
]

describe.each(CASES)('$type', ({ type, options, wrong, accepts, refuses, words }) => {
  it('keeps the vendor’s contract, and tells a refusal in words', async () => {
    let answer = accepts
    const fake = await vendorFake(() => answer)
    const spec = checkChannel({ id: 'c', name: 'c', type, options: options(fake.url) })
    const send = { nowMs: NOW, allowTargets: [fake.host], env: {} }
    const first = await sendMessage(spec, messageFor(type), send)
    answer = refuses
    const second = await sendMessage(spec, messageFor(type), send)
    await fake.close()
    const [taken] = fake.taken
    expect(taken === undefined ? 'nothing came' : wrong(taken)).toBe(undefined)
    expect(first).toMatchObject({ ok: true })
    expect(second).toMatchObject({ ok: false, answer: expect.stringContaining(words) })
    expect(decodeURIComponent(taken?.body ?? '')).not.toContain('http://evil')
  })

  it('takes a message of any size', () => {
    const rows = [{ 'process.cmdline': `审计${'x'.repeat(1_000_000)}`, 'k8s.user.username': 'u'.repeat(5000) }]
    const { transport } = CHANNEL_TYPES[type] ?? {}
    const message = { ...messageFor(type, { rows }), text: '审'.repeat(30_000) }
    const request = transport?.kind === 'http' ? transport.request(options('http://h'), message, NOW) : undefined
    const limit = { wecom: 4400, dingtalk: 20_000, feishu: 20_480, teams: 28_000 }[type] ?? 512_000
    expect(Buffer.byteLength(request?.body ?? '')).toBeLessThanOrEqual(limit)
  })
})

describe('mail, with a real server', () => {
  async function mailServer(secure: boolean) {
    const mails: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: secure ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          mails.push(Buffer.concat(chunks).toString('utf8'))
          done()
        })
      },
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.server.address() as AddressInfo
    return { mails, port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
  }
  const spec = (port: number, security: string) => ({
    ...{ id: 'm', name: 'm', type: 'email' },
    options: { host: '127.0.0.1', port: String(port), security, from: 'pw@example.org', to: 'ops@example.org' },
  })

  it('arrives as text and HTML, hostile text harmless', async () => {
    const server = await mailServer(false)
    const send = { nowMs: NOW, allowTargets: ['127.0.0.1'], env: {} }
    const verdict = await sendMessage(spec(server.port, 'none'), messageFor('email'), send)
    await server.close()
    expect(verdict).toMatchObject({ ok: true })
    const [mail = ''] = server.mails
    const parts = mail.replace(/=\r\n/g, '')
    expect(mail).toMatch(/^List-ID: /m)
    expect(parts).toContain('text/plain')
    expect(parts).toContain('&lt;!channel&gt;')
    expect(parts).not.toMatch(/http:\/\/evil/)
  })

  it('does not speak in the clear unless told, and does not trust any certificate', async () => {
    const [clear, own] = [await mailServer(false), await mailServer(true)]
    const send = { nowMs: NOW, allowTargets: ['127.0.0.1'], env: {} }
    const verdicts = [
      await sendMessage(spec(clear.port, 'starttls'), messageFor('email'), send),
      await sendMessage(spec(own.port, 'starttls'), messageFor('email'), send),
    ]
    await Promise.all([clear.close(), own.close()])
    expect(verdicts.map(({ ok }) => ok)).toEqual([false, false])
    expect([...clear.mails, ...own.mails]).toEqual([])
  })
})

describe('targets', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '0.0.0.0',
    '169.254.169.254',
    '100.100.100.200',
    '::ffff:127.0.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::127.0.0.1',
  ])('%s is forbidden', (address) => expect(isForbidden(address)).toBe(true))
  it.each(['10.0.0.5', '192.168.1.1', '8.8.8.8', '2001:db8::1'])('%s is not', (address) =>
    expect(isForbidden(address)).toBe(false),
  )

  it.each([
    'http://localhost:1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://[::ffff:7f00:1]/',
    'http://2130706433/',
    'file:///etc/passwd',
  ])('refuses %s however it is written', async (url) => {
    await expect(checkTarget(url, [])).rejects.toMatchObject({ code: 'PW-AL-004' })
  })

  it('does not follow a vendor that leads elsewhere', async () => {
    const fake = await vendorFake(() => ({ status: 302, body: 'http://169.254.169.254/' }))
    const spec = { id: 'w', name: 'w', type: 'webhook', options: { url: fake.url } }
    expect(await sendMessage(spec, messageFor('webhook'), { nowMs: NOW, allowTargets: [fake.host], env: {} })).toMatchObject({
      ok: false,
      status: 302,
    })
    expect(await sendMessage(spec, messageFor('webhook'), { nowMs: NOW, allowTargets: [], env: {} })).toMatchObject({
      ok: false,
      answer: expect.stringContaining('PW-AL-004'),
    })
    await fake.close()
    expect(fake.taken).toHaveLength(1)
  })
})

it('names every fault of a set-up, and shows no secret', () => {
  expect(() => checkChannel({ id: 'x y', name: '', type: 'dingtak', options: {} })).toThrow(
    expect.objectContaining({ code: 'PW-AL-003', why: expect.stringContaining('Did you mean dingtalk?') }),
  )
  expect(() => checkChannel({ id: 'x', name: '', type: 'dingtalk', options: { ulr: '' } })).toThrow(
    expect.objectContaining({ why: expect.stringMatching(/Did you mean url\?.*needs url/) }),
  )
  const spec = { id: 'x', name: '', type: 'webhook', options: { url: 'https://h/token', secret: 's', contentType: 'a/b' } }
  expect(withoutSecrets(spec).options).toEqual({ url: '***', secret: '***', contentType: 'a/b' })
})
