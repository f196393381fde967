import { type Issued, joinRoute } from '@podwitness/api'
import { recordAct } from '../../access/acts.ts'
import { IntakeError } from '../intake-error.ts'
import type { IntakeRoute } from '../intake-route.ts'
import { jsonReader } from '../read-json.ts'
import { issuedReply } from './renew.ts'

const read = jsonReader(joinRoute.body)

/** A one-time token buys one node certificate. The token is spent first: a request that fails after it needs another. */
export const join: IntakeRoute = {
  method: joinRoute.method,
  path: joinRoute.path,
  handle: async (request, scope): Promise<Issued> => {
    const { authority, tokens, senders, store } = scope
    senders.refuseIfBusy(request.ip)
    const { token, csr, cluster, node } = await read(request, scope)
    const offered = tokens.check(token, 'join')
    if (offered !== null && offered.cluster !== '' && offered.cluster !== cluster) throw notValid()
    // A wrong signing request is found before the token is spent for it.
    const issued = offered === null ? null : await authority.issue(csr, { role: 'node', cluster, node })
    if (issued === null || tokens.spend(token) === null) {
      senders.noteFailure(request.ip)
      throw notValid()
    }
    await recordAct(store, {
      ...{
        action: 'certificate-issue',
        outcome: 'done',
        user: `join token ${offered?.id ?? ''}`,
        role: 'node',
        means: 'join token',
      },
      ...{
        address: request.ip,
        agent: '',
        object: issued.senderId,
        after: { cluster, node, notAfter: issued.notAfter.toISOString() },
      },
    })
    return issuedReply(issued)
  },
}

function notValid(): IntakeError {
  return new IntakeError('PW-IN-003', 403, {
    what: 'The join token is not valid.',
    why: 'It was never made here, is used up, has expired, was revoked, or is for another cluster.',
    do: 'Make one with `podwitness tokens create`.',
  })
}
