import type { FastifyInstance } from 'fastify'

/** How often connections that have become idle are looked for, milliseconds. */
const LOOK_MS = 50

/**
 * While an application stops, ends each connection as soon as its answer is sent. Otherwise one that was busy at the
 * beginning of the end stays open for as long as it may be idle, and the stop waits for it.
 */
export function endIdleConnections(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), LOOK_MS)
  })
  app.addHook('onClose', async () => clearInterval(timer))
}
