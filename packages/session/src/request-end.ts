import type { ContainerOperation } from './observation.ts'

/** Latest moment at which a request can have been over, milliseconds by the API server's clock; 0 while it is not over. */
export function lastMomentOf({ completedMs, withinMs = 0 }: Pick<ContainerOperation, 'completedMs' | 'withinMs'>): number {
  return completedMs === 0 ? 0 : completedMs + withinMs
}
