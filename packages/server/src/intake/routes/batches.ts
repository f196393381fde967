import {
  BATCH_HEADER,
  BATCH_KEY,
  type BatchReply,
  batchesRoute,
  MAX_INTAKE_BODY_BYTES,
  MAX_INTAKE_UNPACKED_BYTES,
} from '@podwitness/api'
import { addGone } from '../add-gone.ts'
import { IntakeError } from '../intake-error.ts'
import type { IntakeRoute } from '../intake-route.ts'
import { readBatch } from '../read-batch.ts'
import { readBody } from '../read-body.ts'
import { serverLoss } from '../server-loss.ts'

const LIMITS = { sent: MAX_INTAKE_BODY_BYTES, unpacked: MAX_INTAKE_UNPACKED_BYTES }

/** A batch of a node agent; answered when it is durable. */
export const batches: IntakeRoute = {
  method: batchesRoute.method,
  path: batchesRoute.path,
  handle: async (request, scope): Promise<BatchReply> => {
    const { senders, store, writer, rejects, budget } = scope
    const { cluster, node, senderId } = senders.require(request.raw, 'node')
    const name = request.headers[BATCH_HEADER]
    if (typeof name !== 'string' || !BATCH_KEY.test(name)) throw unnamed()
    const arrived = writer.expect()
    const body = await readBody(request.raw, LIMITS, budget).catch((error: unknown) => {
      arrived()
      throw error
    })
    try {
      const batch = readBatch(body.bytes, { key: `${senderId}/${name}`, cluster, node })
      const { parcel, rejected } = batch
      await addGone(store, batch)
      const accepted = parcel.rejected === 0 ? undefined : serverLoss(parcel, rejected)
      if (accepted !== undefined) parcel.losses.push(accepted)
      const submitted = writer.submit(parcel)
      arrived()
      const { duplicate } = await submitted
      if (!duplicate)
        for (const { code, bytes, text } of rejected) rejects.add({ source: 'agent', cluster, node, code, bytes, text })
      return {
        accepted: duplicate ? 0 : batch.lines - parcel.rejected,
        rejected: duplicate ? [] : rejected.map(({ line, code, message }) => ({ line, code, message })),
        rejectedCount: duplicate ? 0 : parcel.rejected,
        duplicate,
      }
    } finally {
      arrived()
      body.release()
    }
  },
}

function unnamed(): IntakeError {
  return new IntakeError('PW-IN-006', 400, {
    what: 'The batch has no name.',
    why: `The header ${BATCH_HEADER} is missing or not of the form <spool id>.<segment>.<offset>.`,
    do: 'Name every batch, and a repeated one the same: without it a repeat would be stored twice.',
  })
}
