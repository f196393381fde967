import { CONNECTION_LIMITS } from '../intake-app.ts'
import type { IntakeLimits } from '../intake-options.ts'
import type { ServerConfig } from './server-config.ts'

/** How much may come at once after a quiet while: this many seconds' worth. */
const BURST_SECONDS = 10

/** The limits of the configuration; what it does not say is the usual. */
export function limitsOf(intake: ServerConfig['intake']): IntakeLimits {
  const { connections, connectionsPerAddress, requestsPerSecond, strangersPerSecond } = intake?.limits ?? {}
  const rate = (perSecond: number) => ({ perSecond, burst: BURST_SECONDS * perSecond })
  return {
    connections: {
      all: connections ?? CONNECTION_LIMITS.all,
      perAddress: connectionsPerAddress ?? CONNECTION_LIMITS.perAddress,
    },
    ...(requestsPerSecond === undefined ? {} : { sender: rate(requestsPerSecond) }),
    ...(strangersPerSecond === undefined ? {} : { stranger: rate(strangersPerSecond) }),
  }
}
