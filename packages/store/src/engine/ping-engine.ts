import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'

/** Whether a ClickHouse answers at an address within `timeoutMs`. No account is needed for that. */
export function pingEngine(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? getSecure : getPlain
    const request = get(`${url}/ping`, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode === 200))
      response.once('error', () => resolve(false))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
    request.once('close', () => resolve(false))
  })
}
