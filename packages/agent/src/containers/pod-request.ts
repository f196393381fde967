import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { PodListConfig } from '../pod-list-config.ts'

const REFUSALS: Readonly<Record<number, string>> = {
  401: ': it does not know the token (of a kubelet, --authentication-token-webhook may be off)',
  403: ': the service account may not list and watch pods (of a kubelet, it takes nodes/proxy or nodes/pods)',
}

/** An answer that is no list of pods, or no answer. */
export class PodRequestError extends Error {
  override readonly name = 'PodRequestError'
  /** HTTP status; 0 where there was none. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Asks kubelet or the API server, which give the same list. The token is read at each call: the cluster replaces it every hour.
 * The certificate is checked against `ca` where one is given; kubelets sign theirs themselves unless they are told otherwise, so
 * without one it is not. Source: kubernetes.io, Kubelet authentication/authorization; `nodes/proxy` (from 1.33 also `nodes/pods`)
 * is what it takes.
 *
 * @param more `path` with its query; `silenceMs` is how long the other side may say nothing.
 * @returns The answer, its body unread.
 * @throws PodRequestError, or what the network said.
 */
export async function requestPods(
  { url, tokenFile, ca, checkName }: PodListConfig,
  { path, silenceMs, signal }: { readonly path: string; readonly silenceMs: number; readonly signal?: AbortSignal },
): Promise<IncomingMessage> {
  const token = tokenFile === '' ? '' : (await readFile(tokenFile, 'utf8')).trim()
  const trust =
    ca === ''
      ? { rejectUnauthorized: false }
      : { ca: await readFile(ca), ...(checkName ? {} : { checkServerIdentity: () => undefined }) }
  const target = new URL(path, url)
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  const options = {
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    timeout: silenceMs,
    agent: false as const,
    ...(signal === undefined ? {} : { signal }),
    ...(target.protocol === 'https:' ? trust : {}),
  }
  return new Promise((resolve, reject) => {
    const asked = request(target, options, (answer) => {
      const { statusCode = 0 } = answer
      if (statusCode === 200) return resolve(answer)
      answer.resume()
      const who = checkName ? 'the API server' : 'kubelet'
      reject(new PodRequestError(statusCode, `${who} answered ${statusCode}${REFUSALS[statusCode] ?? ''}`))
    })
    asked.on('timeout', () => asked.destroy(new PodRequestError(0, `no answer within ${silenceMs / 1000} s`)))
    asked.on('error', reject)
    asked.end()
  })
}
