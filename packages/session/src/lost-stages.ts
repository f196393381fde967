import type { ContainerOperation } from './observation.ts'

/**
 * Whether stages of requests are missing from the API log. An exec or attach that was answered has a stage when it
 * began and one when it ended (audit.k8s.io, ResponseStarted and ResponseComplete of long-running requests): an end
 * without a beginning, where the policy keeps beginnings, says that events were lost. Then a request without an end
 * need not be going on.
 */
export function stagesAreLost(operations: readonly ContainerOperation[]): boolean {
  const long = operations.filter(({ kind, status }) => (kind === 'exec' || kind === 'attach') && status === SWITCHED)
  return (
    long.some(({ startedMs }) => startedMs > 0) && long.some(({ startedMs, completedMs }) => completedMs > 0 && startedMs === 0)
  )
}

/** The answer to a request that becomes a stream (RFC 9110 §15.2.2, Switching Protocols). */
const SWITCHED = 101
