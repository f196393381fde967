/**
 * What the clocks and the client allow, milliseconds.
 *
 * The kernel stamps records with its coarse clock, up to one tick (4 ms at 250 Hz) early
 * (kernel/audit.c, ktime_get_coarse_real_ts64). The runtime needs some ten milliseconds after the
 * request, rarely a second. A client is at work before its request arrives and after its answer
 * is complete: see `clientWindow`.
 */
export interface PairingLimits {
  readonly earlyMs: number
  readonly latencyMs: number
  readonly lateMs: number
  readonly clientLeadMs: number
  readonly clientTailMs: number
  /** How far apart clocks may be that nothing compares. */
  readonly skewMs: number
  /** How far away an unanswered request for the same raises a doubt where nothing compares the clocks. */
  readonly farMs: number
}

export const PAIRING_LIMITS: PairingLimits = {
  earlyMs: 6,
  latencyMs: 1_500,
  lateMs: 15_000,
  clientLeadMs: 600,
  clientTailMs: 80,
  skewMs: 10_000,
  farMs: 150_000,
}
