import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { type ChannelType, type Message, option, type Verdict } from '../channel.ts'
import { safeText } from '../safe-text.ts'
import { mailHtml } from './mail-html.ts'

const TIMEOUT_MS = 20_000

/** Mail over SMTP: text and HTML, no remote content, threads by alert. */
export const email: ChannelType = {
  type: 'email',
  description: 'mail over SMTP',
  options: {
    host: option('mail server', { required: true }),
    port: option('587 unless given'),
    security: option('starttls (default: refused without it), tls (from the first byte, port 465), or none'),
    user: option('account'),
    password: option('its password', { secret: true }),
    from: option('sender', { required: true }),
    to: option('recipients, with commas', { required: true }),
    ca: option('certificate authority of the server, PEM'),
  },
  perMinute: 60,
  // Text and HTML come from the same rendered text, which is escaped for HTML when that part is made.
  escape: safeText,
  transport: { kind: 'mail', send },
}

async function send(options: Readonly<Record<string, string>>, message: Message): Promise<Verdict> {
  const transport = createTransport({
    // The address was checked; the name is what the certificate must hold.
    host: options.address || (options.host ?? ''),
    port: Number(options.port || 587),
    secure: options.security === 'tls',
    requireTLS: options.security !== 'tls' && options.security !== 'none',
    ignoreTLS: options.security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...((options.user ?? '') === '' ? {} : { auth: { user: options.user ?? '', pass: options.password ?? '' } }),
    tls: {
      ...(isIP(options.host ?? '') === 0 ? { servername: options.host ?? '' } : {}),
      ...((options.ca ?? '') === '' ? {} : { ca: options.ca ?? '' }),
    },
  })
  try {
    const sent = await transport.sendMail(mailOf(options, message))
    return { ok: true, retryable: false, status: 250, answer: sent.response }
  } catch (error) {
    return refusal(error)
  } finally {
    transport.close()
  }
}

function mailOf(options: Readonly<Record<string, string>>, message: Message): object {
  const domain = (options.from ?? '').split('@')[1]?.replace(/[^\w.-]/g, '') || 'podwitness.invalid'
  return {
    from: options.from,
    to: options.to,
    // A line break in a header would begin another header.
    subject: message.title.replace(/[\r\n]+/g, ' ').slice(0, 200),
    text: message.text,
    html: mailHtml(message),
    messageId: `<${message.key}@${domain}>`,
    references: `<${message.incident}@${domain}>`,
    headers: { 'List-Id': `podwitness alerts <alerts.${domain}>`, 'Auto-Submitted': 'auto-generated' },
  }
}

/** What the server said, or why it could not be asked. Codes of 4xx may pass, those of 5xx do not. Source: RFC 5321, 4.2.1. */
function refusal(error: unknown): Verdict {
  const parts = error instanceof Error ? (error as Error & { responseCode?: number; code?: string }) : undefined
  const status = parts?.responseCode ?? 0
  const words = parts?.code === 'EAUTH' ? 'the server refused account or password' : (parts?.message ?? String(error))
  return { ok: false, retryable: status < 500, status, answer: status === 0 ? words : `${status}: ${words}` }
}
