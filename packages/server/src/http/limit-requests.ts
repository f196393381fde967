import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { networkOf } from '../limits/network-of.ts'
import { type Rate, RateLimit } from '../limits/rate-limit.ts'
import { ServerError } from '../server-error.ts'

/** What one address may ask for: a page asks some twenty things when it is opened, a dashboard some hundred. */
const REQUEST_RATE: Rate = { perSecond: 200, burst: 2_000 }

/**
 * Keeps one address, and one token, from having the server to themselves. Runs before anything else is looked at.
 *
 * @throws ServerError PW-AP-006 from the hook, with the time to wait.
 */
export function limitRequests(app: FastifyInstance, rate: Rate = REQUEST_RATE): void {
  const limit = new RateLimit(rate)
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    const token = authorization === undefined ? undefined : createHash('sha256').update(authorization).digest('base64')
    const nowMs = Date.now()
    const waitSeconds = limit.take(networkOf(request.ip), nowMs) || (token === undefined ? 0 : limit.take(token, nowMs))
    if (waitSeconds === 0) return
    throw new ServerError(
      'PW-AP-006',
      429,
      {
        what: 'Too many requests of this address or token.',
        why: `It may ask ${rate.perSecond} times a second in the long run.`,
        do: `Ask again in ${waitSeconds} s.`,
      },
      { retryAfterSeconds: waitSeconds },
    )
  })
}
