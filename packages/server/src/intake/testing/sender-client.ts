import { createHash, webcrypto } from 'node:crypto'
import { Agent, request } from 'node:https'
import '../../pki/metadata-reflection.ts'
import * as x509 from '@peculiar/x509'

/** Key and certificate of a sender, PEM. */
export interface ClientIdentity {
  readonly key: string
  readonly cert: string
}

export interface ClientAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Record<string, unknown>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A fresh key with a signing request for it. */
export async function signingRequest(): Promise<{ key: string; csr: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=agent', keys, signingAlgorithm: ALGORITHM })
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { key, csr: request.toString('pem') }
}

/** A sender over real TLS. */
export class SenderClient {
  readonly #port: number
  readonly #ca: string
  readonly #agent: Agent
  readonly #identity: ClientIdentity | undefined

  constructor(port: number, ca: string, identity?: ClientIdentity) {
    this.#identity = identity
    this.#port = port
    this.#ca = ca
    this.#agent = new Agent({ keepAlive: true, ca, ...(identity ?? {}) })
  }

  post(path: string, body: Buffer | string, headers: Record<string, string> = {}, method = 'POST'): Promise<ClientAnswer> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method,
          agent: this.#agent,
          headers: { 'content-length': Buffer.byteLength(body), ...headers },
        },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8')
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
            })
          })
        },
      )
      call.on('error', reject)
      call.end(body)
    })
  }

  batch(name: string, lines: readonly (object | string)[]): Promise<ClientAnswer> {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    return this.post('/intake/v1/batches', body, { 'content-type': 'application/x-ndjson', 'x-podwitness-batch': name })
  }

  /** Joins with a token and comes back as a client that has the certificate. */
  async join(token: string, cluster: string, node: string): Promise<SenderClient> {
    const { key, csr } = await signingRequest()
    const { status, body } = await this.post('/intake/v1/join', JSON.stringify({ token, csr, cluster, node }))
    if (status !== 200) throw new Error(`join answered ${status}: ${JSON.stringify(body)}`)
    return new SenderClient(this.#port, this.#ca, { key, cert: String(body.certificate) })
  }

  /** The same sender at another server that has the same authority. */
  at(port: number): SenderClient {
    return new SenderClient(port, this.#ca, this.#identity)
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** SHA-256 of a certificate's DER, as a join token carries it. */
export function fingerprintOf(pem: string): string {
  return createHash('sha256')
    .update(new Uint8Array(new x509.X509Certificate(pem).rawData))
    .digest('hex')
}
