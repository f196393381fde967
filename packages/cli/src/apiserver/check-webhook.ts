import { request } from 'node:https'
import { parse } from 'yaml'

/** One thing that was looked at. */
export interface CheckResult {
  readonly what: string
  readonly ok: boolean
  /** What was found, and where it is wrong what to do. */
  readonly found: string
}

const TIMEOUT_MS = 10_000
/** Clocks further apart than this make pairing worse, seconds. */
const MAX_SKEW_SECONDS = 5

interface Answer {
  readonly status: number
  readonly text: string
  /** Its Date header. */
  readonly date: string
}

/**
 * Looks for the reason why no events arrive: reads a webhook file as a kube-apiserver would and sends an empty list.
 *
 * @param text The file for `--audit-webhook-config-file`.
 */
export async function checkWebhook(text: string): Promise<CheckResult[]> {
  const target = targetOf(text)
  if ('fault' in target) return [{ what: 'webhook file', ok: false, found: target.fault }]
  const file = { what: 'webhook file', ok: true, found: target.url.href }
  const answer = await post(target)
  if ('fault' in answer) return [file, { what: 'connection', ok: false, found: answer.fault }]
  const connection = { what: 'connection', ok: true, found: 'TLS with the authority of the file' }
  return [file, connection, clockOf(answer.date, Date.now()), rightOf(answer)]
}

/** The address in a webhook file, where it has one. */
export function webhookAddress(text: string): URL | undefined {
  const target = targetOf(text)
  return 'fault' in target ? undefined : target.url
}

/** Clocks that differ put API events and commands beside each other. @param date The answer's Date header. */
function clockOf(date: string, nowMs: number): CheckResult {
  const seconds = Math.round((nowMs - Date.parse(date)) / 1000)
  const ok = !(Math.abs(seconds) > MAX_SKEW_SECONDS)
  const found = Number.isNaN(seconds)
    ? 'the answer has no time'
    : ok
      ? `${Math.abs(seconds)} s apart`
      : `this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the server: synchronise both (chrony, NTP)`
  return { what: 'clock', ok, found }
}

function rightOf({ status, text }: Answer): CheckResult {
  const what = 'right to send'
  if (status === 200 && /"accepted"\s*:/.test(text)) return { what, ok: true, found: 'an empty list was taken' }
  // A load balancer or a proxy in between answers in its own way.
  if (!/"code"\s*:\s*"PW-/.test(text))
    return { what, ok: false, found: `${status}, and the answer is not from podwitness: ${text.slice(0, 100)}` }
  return { what, ok: false, found: `${status} ${text}` }
}

interface Target {
  readonly url: URL
  readonly ca: string
  readonly token: string
}

function targetOf(text: string): Target | { readonly fault: string } {
  try {
    const file = parse(text) as {
      clusters?: { cluster?: { server?: string; 'certificate-authority-data'?: string } }[]
      users?: { user?: { token?: string } }[]
    } | null
    const cluster = file?.clusters?.[0]?.cluster
    const token = file?.users?.[0]?.user?.token
    const ca = cluster?.['certificate-authority-data']
    if (cluster?.server === undefined || ca === undefined || token === undefined)
      return { fault: 'It has no server, certificate-authority-data or token: write it with `podwitness apiserver plan`.' }
    const url = new URL(cluster.server)
    if (url.protocol !== 'https:') return { fault: `Its server is ${url.protocol}//: the intake speaks https only.` }
    const pem = Buffer.from(ca, 'base64').toString('utf8')
    if (!pem.includes('-----BEGIN CERTIFICATE-----'))
      return { fault: 'Its certificate-authority-data is no certificate in PEM, in base64.' }
    return { url, ca: pem, token }
  } catch (error) {
    return { fault: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

function post({ url, ca, token }: Target): Promise<Answer | { fault: string }> {
  const body = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[]}'
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'content-length': body.length }
  return new Promise((resolve) => {
    const call = request(url, { method: 'POST', ca, headers, timeout: TIMEOUT_MS }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(parts).toString('utf8').slice(0, 500),
          date: response.headers.date ?? '',
        }),
      )
    })
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s: is a firewall between them?`)))
    call.on('error', (error) => resolve({ fault: hintOf(error) }))
    call.end(body)
  })
}

function hintOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return `${error.message}: nothing listens there; start \`podwitness serve --intake\`.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${error.message}: the name is not known here.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${error.message}: start the server with --intake-name and this name.`
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `${error.message}: this machine's clock says ${new Date().toISOString()}; where it is right, the server's certificate is not.`
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return `What listens there speaks no TLS; the intake is another port than the page.`
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return `${error.message}: the server has another authority than the file says; write the file anew.`
  return error.message
}
