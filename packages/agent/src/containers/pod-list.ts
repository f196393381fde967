import { readFile, stat } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { PodListConfig } from '../agent-config.ts'

const LARGEST_BYTES = 64 * 1024 * 1024
const TIMEOUT_MS = 10_000
const REFUSALS: Readonly<Record<number, string>> = {
  401: ': it does not know the token (of a kubelet, --authentication-token-webhook may be off)',
  403: ': the service account may not list pods (of a kubelet, it takes nodes/proxy or nodes/pods)',
}

/**
 * The pods of this node, from kubelet (`GET /pods`), from the API server, or from a file with a PodList.
 *
 * @throws What went wrong, as an Error with a sentence.
 */
export async function listPods(config: PodListConfig): Promise<readonly unknown[]> {
  const text = config.file === '' ? await ask(config) : await readBounded(config.file)
  const list: unknown = JSON.parse(text)
  const items = typeof list === 'object' && list !== null && 'items' in list ? list.items : undefined
  if (!Array.isArray(items)) throw new Error('the answer is no list of pods')
  return items
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > LARGEST_BYTES) throw new Error(`${path} is larger than ${LARGEST_BYTES} bytes`)
  return readFile(path, 'utf8')
}

/**
 * Both servers give the same list. The token is read at each call: the cluster replaces it every hour. The certificate is checked
 * against `ca` where one is given; kubelets sign theirs themselves unless they are told otherwise, so without one it is not.
 * Source: kubernetes.io, Kubelet authentication/authorization; `nodes/proxy` (from 1.33 also `nodes/pods`) is what it takes.
 */
async function ask({ url, path, tokenFile, ca, checkName }: PodListConfig): Promise<string> {
  const token = tokenFile === '' ? '' : (await readFile(tokenFile, 'utf8')).trim()
  const trust =
    ca === ''
      ? { rejectUnauthorized: false }
      : { ca: await readFile(ca), ...(checkName ? {} : { checkServerIdentity: () => undefined }) }
  const target = new URL(path, url)
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const asked = request(target, { headers, timeout: TIMEOUT_MS, ...(target.protocol === 'https:' ? trust : {}) }, (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST_BYTES) asked.destroy(new Error(`the answer is larger than ${LARGEST_BYTES} bytes`))
        else chunks.push(chunk)
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
        else
          reject(
            new Error(
              `${checkName ? 'the API server' : 'kubelet'} answered ${answer.statusCode}${REFUSALS[answer.statusCode ?? 0] ?? ''}`,
            ),
          )
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    asked.on('error', reject)
    asked.end()
  })
}
