import { apiserverRoute } from '@podwitness/api'
import type { FastifyRequest } from 'fastify'
import type { IntakeRoute, IntakeScope } from '../intake-route.ts'
import { forbidden } from '../intake-senders.ts'
import { readBody } from '../read-body.ts'
import { readEventList } from '../read-event-list.ts'
import { serverLoss } from '../server-loss.ts'

/** `--audit-webhook-batch-max-size` times the size of an event; events over `--audit-webhook-truncate-max-event-size` are cut by the apiserver. */
const LIMITS = { sent: 32 * 1024 * 1024, unpacked: 64 * 1024 * 1024 }

/** An EventList of a kube-apiserver; answered when it is durable. */
export const apiserver: IntakeRoute = {
  method: apiserverRoute.method,
  path: apiserverRoute.path,
  handle: async (request, scope) => {
    const cluster = clusterOf(request, scope)
    const { writer, rejects, budget } = scope
    const body = await readBody(request.raw, LIMITS, budget)
    try {
      const { parcel, rejected } = readEventList(body.bytes, cluster, 'apiserver-webhook')
      if (parcel.rejected > 0) parcel.losses.push(serverLoss(parcel, rejected))
      for (const one of rejected) rejects.add({ source: 'apiserver', cluster, node: '', ...one })
      await writer.submit(parcel)
      return { accepted: parcel.events.length, rejected: parcel.rejected }
    } finally {
      body.release()
    }
  },
}

/** The cluster of the address, if certificate or token is for it. */
function clusterOf(request: FastifyRequest, { senders }: IntakeScope): string {
  const { cluster } = request.params as { cluster: string }
  const token = senders.bearer(request.raw, 'apiserver')
  const owner = token ?? senders.require(request.raw, 'apiserver')
  if (owner.cluster !== cluster) throw forbidden()
  return cluster
}
