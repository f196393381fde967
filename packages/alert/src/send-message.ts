import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { AlertError } from './alert-error.ts'
import type { ChannelRequest, ChannelSpec, Message, Verdict } from './channel.ts'
import { CHANNEL_TYPES } from './channels/index.ts'
import { checkTarget } from './target-guard.ts'

/** What sending needs from outside. */
export interface SendOptions {
  readonly nowMs: number
  /** Hosts that may be reached although they lead to this machine or a metadata address. */
  readonly allowTargets: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

const TIMEOUT_MS = 15_000
/** Bytes of an answer that are read. */
const MAX_ANSWER = 64 * 1024
/** Only such names may be looked up in the environment: a channel must not be able to send out other secrets. */
const ENV_VALUE = /^env:(PODWITNESS_SECRET_\w+)$/

/** Sends one message. Whatever goes wrong is the verdict; nothing is thrown. */
export async function sendMessage(spec: ChannelSpec, message: Message, options: SendOptions): Promise<Verdict> {
  const type = CHANNEL_TYPES[spec.type]
  if (type === undefined) return failed(`There is no channel type ${spec.type}.`, false)
  try {
    const values = withEnvironment(spec.options, options.env)
    if (type.transport.kind === 'mail') {
      const { host = '', port = '' } = values
      const { addresses } = await checkTarget(`http://${host}:${port || 587}`, options.allowTargets)
      // The mail library is given the address that was checked; the name stays for the certificate.
      return await type.transport.send({ ...values, address: addresses[0]?.address ?? host }, message)
    }
    const request = type.transport.request(values, message, options.nowMs)
    const { status, body } = await post(request, options.allowTargets)
    return type.transport.judge(status, body)
  } catch (error) {
    const words = error instanceof AlertError ? `${error.code} ${error.message} ${error.why}` : reasonOf(error)
    return failed(words, !(error instanceof AlertError))
  }
}

async function post(request: ChannelRequest, allowed: readonly string[]): Promise<{ status: number; body: string }> {
  const { url, addresses } = await checkTarget(request.url, allowed)
  const lookup: LookupFunction = (_host, options, callback) => {
    const [first = { address: '', family: 4 }] = addresses
    if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  }
  const body = Buffer.from(request.body)
  const options: RequestOptions = {
    method: 'POST',
    lookup,
    headers: { 'user-agent': 'podwitness', ...request.headers, 'content-length': body.length },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = send(url, options, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        if (size < MAX_ANSWER) chunks.push(chunk)
        size += chunk.length
        if (size > 16 * MAX_ANSWER) response.destroy()
      })
      response.on('error', reject)
      response.on('close', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Values `env:NAME` replaced by what the environment holds. */
function withEnvironment(options: ChannelSpec['options'], env: SendOptions['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const variable = ENV_VALUE.exec(value)?.[1]
      return [name, variable === undefined ? value : (env[variable] ?? '')]
    }),
  )
}

const failed = (answer: string, retryable: boolean): Verdict => ({ ok: false, retryable, status: 0, answer })

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `No answer within ${TIMEOUT_MS / 1000} seconds.`
  return error.message || error.name
}
