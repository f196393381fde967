import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { AgentError } from '../agent-error.ts'

const TIMEOUT_MS = 15_000

/** SHA-256 of the CA's certificate as the join token carries it, 64 hexadecimal digits. */
export function fingerprintOf(token: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/.exec(token)?.[0]
}

/**
 * Asks a server for its CA and checks it against the fingerprint, before anything secret is said.
 *
 * @returns The CA's certificate, PEM; what comes next is checked against it as usual.
 * @throws AgentError where the server shows another CA or cannot be reached.
 */
export async function pinnedCa(url: URL, fingerprint: string): Promise<string> {
  const chain = await chainOf(url)
  const ca = chain.find((certificate) => certificate.fingerprint256.replaceAll(':', '').toLowerCase() === fingerprint)
  if (ca !== undefined) return ca.toString()
  throw new AgentError('PW-AG-003', {
    what: `${url.host} is not the server that the join token names.`,
    why:
      chain.length > 1
        ? 'The CA it shows has another fingerprint.'
        : 'It shows no CA, so that its certificate cannot be checked; something in between may end the connection.',
    do: 'Check the address; make a new token on the server if its CA was replaced. The token was not sent.',
  })
}

function chainOf(url: URL): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const port = Number(url.port || 443)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // Only looks at the certificates: nothing is sent before one of them has the fingerprint.
    const socket = connect({ host, port, minVersion: 'TLSv1.2', rejectUnauthorized: false, timeout: TIMEOUT_MS }, () => {
      const chain: X509Certificate[] = []
      let at = socket.getPeerCertificate(true)
      while (at?.raw !== undefined && chain.length < 8) {
        chain.push(new X509Certificate(at.raw))
        if (at.issuerCertificate === at) break
        at = at.issuerCertificate
      }
      socket.destroy()
      resolve(chain)
    })
    socket.on('timeout', () => socket.destroy(new Error('no answer in time')))
    socket.on('error', (cause) => {
      reject(
        new AgentError(
          'PW-AG-007',
          {
            what: `The server ${url.host} cannot be reached.`,
            why: cause.message,
            do: 'Check address and network; the agent tries again by itself when it runs as a service.',
          },
          { cause },
        ),
      )
    })
  })
}
