import { AgentError } from '../agent-error.ts'
import { answerText, IntakeClient } from '../intake-client.ts'
import { requestCertificate } from './certificate-request.ts'
import { fingerprintsOf, type Identity, identityOf } from './identity.ts'
import { fingerprintOf, pinnedCa } from './pinned-server.ts'

export interface JoinOptions {
  readonly url: URL
  readonly serverName?: string
  readonly token: string
  readonly cluster: string
  readonly node: string
}

/**
 * Exchanges a join token for a certificate. The token works once; it is sent only to the server whose CA it names.
 *
 * @throws AgentError where the server is another one, refuses the token, or cannot be reached.
 */
export async function join({ url, serverName, token, cluster, node }: JoinOptions): Promise<Identity> {
  const fingerprint = fingerprintOf(token)
  if (fingerprint === undefined) throw refused('It has no fingerprint of a CA in it: it was cut when it was copied.')
  const ca = await pinnedCa(url, fingerprint)
  const { key, csr } = requestCertificate(node)
  const client = new IntakeClient({ url, ca, ...(serverName === undefined ? {} : { serverName }) })
  try {
    const body = Buffer.from(JSON.stringify({ token, csr, cluster, node }))
    const answer = await client.post('/intake/v1/join', body, { headers: JSON_HEADERS }).catch((cause: Error) => {
      throw unreachable(url, cause)
    })
    if (answer.status >= 500 || answer.status === 429) throw unreachable(url, new Error(answerText(answer)))
    const identity =
      answer.status === 200 ? identityOf(answer.body, key, { nowMs: Date.now(), serverMs: answer.dateMs }) : undefined
    if (identity === undefined) throw refused(answerText(answer))
    return fingerprintsOf(identity.ca).includes(fingerprint) ? identity : { ...identity, ca }
  } finally {
    client.close()
  }
}

/** Asks for the next certificate, for a new key; a text says why the server did not give one. */
export async function renew(client: IntakeClient, node: string): Promise<Identity | string> {
  const { key, csr } = requestCertificate(node)
  const answer = await client
    .post('/intake/v1/renew', Buffer.from(JSON.stringify({ csr })), { headers: JSON_HEADERS })
    .catch((error: Error) => error.message)
  if (typeof answer === 'string') return answer
  return (
    (answer.status === 200 ? identityOf(answer.body, key, { nowMs: Date.now(), serverMs: answer.dateMs }) : undefined) ??
    answerText(answer)
  )
}

const JSON_HEADERS = { 'content-type': 'application/json' }

function refused(why: string): AgentError {
  return new AgentError('PW-AG-004', {
    what: 'The join token was refused.',
    why,
    do: 'Make a new token on the server; each works once and for a limited time.',
  })
}

function unreachable(url: URL, cause: Error): AgentError {
  return new AgentError(
    'PW-AG-007',
    { what: `The server ${url.host} cannot be reached.`, why: cause.message, do: 'Check address, port, network and clock.' },
    { cause },
  )
}
