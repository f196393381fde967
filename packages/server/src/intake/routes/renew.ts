import { type Issued, renewRoute } from '@podwitness/api'
import { recordAct } from '../../access/acts.ts'
import type { IssuedCertificate } from '../../pki/authority.ts'
import type { IntakeRoute } from '../intake-route.ts'
import { jsonReader } from '../read-json.ts'

const read = jsonReader(renewRoute.body)

/** A new certificate for the same sender, on the strength of the one it has. */
export const renew: IntakeRoute = {
  method: renewRoute.method,
  path: renewRoute.path,
  handle: async (request, scope): Promise<Issued> => {
    const sender = scope.senders.ofConnection(request.raw) ?? scope.senders.require(request.raw, 'node')
    const { csr } = await read(request, scope)
    const issued = await scope.authority.issue(csr, sender)
    const { cluster, node, senderId, role } = sender
    await recordAct(scope.store, {
      ...{ action: 'certificate-renew', outcome: 'done', user: senderId, role, means: 'certificate' },
      ...{ address: request.ip, agent: '', object: senderId, after: { cluster, node, notAfter: issued.notAfter.toISOString() } },
    })
    return issuedReply(issued)
  },
}

export function issuedReply({ certificate, ca, senderId, notAfter }: IssuedCertificate): Issued {
  return { certificate, ca, agentId: senderId, notAfter: notAfter.toISOString() }
}
