import type { Severity } from './rule.ts'

/** Where messages go, as it was set up: a unique identifier, a name, a type, and what the type needs. */
export interface ChannelSpec {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly options: Readonly<Record<string, string>>
}

/** A message that is ready for one channel: values of the data are already harmless in its form. */
export interface Message {
  /** The same for every attempt: who has seen it need not act twice. */
  readonly key: string
  /** The same for everything about one alert, so that a later message can end it. */
  readonly incident: string
  readonly title: string
  readonly text: string
  /** One line without any format. */
  readonly summary: string
  readonly severity: Severity
  readonly ruleId: string
  readonly ruleName: string
  readonly count: number
  readonly resolved: boolean
  readonly createdMs: number
  readonly links: readonly { readonly title: string; readonly url: string }[]
  readonly labels: Readonly<Record<string, string>>
}

/** One HTTP request as a channel's vendor documents it. */
export interface ChannelRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What became of a message. */
export interface Verdict {
  readonly ok: boolean
  /** Whether the same message may be accepted later. */
  readonly retryable: boolean
  /** HTTP status, or 0 where there was none. */
  readonly status: number
  /** The vendor's answer in words, with what to do about it. */
  readonly answer: string
}

export interface ChannelOption {
  readonly required: boolean
  /** Never shown again once saved. */
  readonly secret: boolean
  readonly description: string
}

/** A kind of channel. */
export interface ChannelType {
  readonly type: string
  readonly description: string
  readonly options: Readonly<Record<string, ChannelOption>>
  /** Messages a minute that the vendor takes; what is over goes into a digest. */
  readonly perMinute: number
  /** Makes a value of the data harmless in this channel's form. */
  escape(value: string): string
  /** How it is sent: over HTTP, or as mail. */
  readonly transport: HttpTransport | MailTransport
}

export interface HttpTransport {
  readonly kind: 'http'
  request(options: Readonly<Record<string, string>>, message: Message, nowMs: number): ChannelRequest
  judge(status: number, body: string): Verdict
}

export interface MailTransport {
  readonly kind: 'mail'
  send(options: Readonly<Record<string, string>>, message: Message): Promise<Verdict>
}

export const option = (description: string, more: { required?: boolean; secret?: boolean } = {}): ChannelOption => ({
  required: more.required ?? false,
  secret: more.secret ?? false,
  description,
})

/** JSON in the body of a POST. */
export function jsonRequest(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): ChannelRequest {
  return { url, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) }
}

/** The verdict of a status alone: server faults, timeouts and too many requests may pass. */
export function statusVerdict(status: number, body: string): Verdict {
  const ok = status >= 200 && status < 300
  const retryable = status === 408 || status === 429 || status >= 500
  return { ok, retryable, status, answer: ok ? 'accepted' : `HTTP ${status}: ${body.slice(0, 300)}` }
}

/** Text cut to so many bytes of UTF-8, at a character, with a word about it. */
export function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const note = '\n… (cut)'
  let kept = Buffer.from(text)
    .subarray(0, maxBytes - Buffer.byteLength(note))
    .toString('utf8')
  while (kept.endsWith('\ufffd')) kept = kept.slice(0, -1)
  return `${kept}${note}`
}
