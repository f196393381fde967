import { join } from 'node:path'
import type { DecodedEvent } from '@podwitness/audit'
import { type Bell, FRAME, type FullPolicy, Spool, type SpoolLimits } from '@podwitness/pipeline'

/** Program starts, logins, changes of the audit itself, kills by seccomp: what must not wait behind noise. */
const HIGH_TYPES =
  /^(EXECVE|SECCOMP|CONFIG_CHANGE|DAEMON_.*|USER_(LOGIN|AUTH|ACCT|START|END|CMD|ROLE_CHANGE)|CRED_ACQ|ADD_USER|DEL_USER|LOGIN|ANOM_.*|AVC|KERN_MODULE|INTEGRITY_.*)$/

const MAX_KNOWN_TYPES = 1024

/** A lane of the spool: a line's worth decides which one it takes. */
export type LaneName = 'high' | 'bulk'

export function laneOf({ records }: Pick<DecodedEvent, 'records'>): LaneName {
  for (const { type } of records) if (isHigh(type.name)) return 'high'
  return 'bulk'
}

const known = new Map<string, boolean>()

/** Names are asked for again and again; those of unknown types are without bound. */
function isHigh(type: string): boolean {
  let high = known.get(type)
  if (high === undefined) {
    high = HIGH_TYPES.test(type)
    if (known.size < MAX_KNOWN_TYPES) known.set(type, high)
  }
  return high
}

export interface LaneOptions {
  readonly folder: string
  readonly policy: FullPolicy
  /** For both lanes together. */
  readonly limits: SpoolLimits
  /** Rung when lines have been written to either. */
  readonly written: Bell
}

/** Two spools: a small one for what matters most and one for the rest. Each has half of the room. */
export class Lanes {
  readonly high: Spool
  readonly bulk: Spool

  private constructor(high: Spool, bulk: Spool) {
    this.high = high
    this.bulk = bulk
  }

  static async open({ folder, policy, limits, written }: LaneOptions): Promise<Lanes> {
    const half = { ...limits, maxBytes: Math.floor(limits.maxBytes / 2), maxShare: limits.maxShare / 2 }
    const high = await Spool.open({ folder: join(folder, 'high'), policy, limits: half, written })
    try {
      return new Lanes(high, await Spool.open({ folder: join(folder, 'bulk'), policy, limits: half, written }))
    } catch (error) {
      await high.close()
      throw error
    }
  }

  get spools(): readonly Spool[] {
    return [this.high, this.bulk]
  }

  get unsentBytes(): number {
    return this.high.unsentBytes + this.bulk.unsentBytes
  }

  /** Takes lines that must outlive a full spool. */
  keep(lines: readonly Buffer[]): Promise<void> {
    return this.high.append(lines, FRAME.keep)
  }

  /** Takes a line that may go without being counted: the next one says the same and more. */
  pass(line: Buffer): Promise<void> {
    return this.high.append([line], FRAME.passing)
  }

  async close(): Promise<void> {
    await Promise.all(this.spools.map((spool) => spool.close()))
  }
}
