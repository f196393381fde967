import type { FastifyReply } from 'fastify'

/** Aborts when the client goes away before it has its answer: nobody waits for the query any more. */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
