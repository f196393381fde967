import type { AuditFlags } from './audit-event.ts'
import type { EventReading } from './event-reading.ts'
import { DAMAGE } from './record.ts'
import { TYPE } from './record-type.ts'

/** What is known of an event's records when its flags are asked for. */
export interface FlagFacts {
  /** `DAMAGE` of all records together. */
  readonly damage: number
  /** `items` of the SYSCALL record, 0 or less where it announces no PATH record. */
  readonly items: number
  /** Arguments of EXECVE are missing. */
  readonly argumentsIncomplete: boolean
}

/** The flags of an event with nothing wrong. */
export const NO_FLAGS: AuditFlags = Object.freeze({})

/** The flags of an event. */
export function eventFlags(event: EventReading, facts: FlagFacts): AuditFlags {
  const damage = facts.damage | (event.capped ? DAMAGE.truncated : 0)
  const incomplete = isIncomplete(event, facts)
  if (damage === 0 && !incomplete && !event.late) return NO_FLAGS
  const flags: { -readonly [K in keyof AuditFlags]: AuditFlags[K] } = {}
  if (damage & DAMAGE.truncated) flags.truncated = true
  if (damage & DAMAGE.malformed) flags.malformed = true
  if (incomplete) flags.incomplete = true
  if (event.late) flags.late = true
  return flags
}

/** Records announced by other records and not there: PATH by `items`, arguments by `argc` and `aN_len`. */
function isIncomplete({ completion, main, late, records }: EventReading, facts: FlagFacts): boolean {
  if (completion === 'bound' || facts.argumentsIncomplete || main.type.number === TYPE.EOE) return true
  let paths = 0
  for (const record of records) if (record.type.number === TYPE.PATH) paths++
  if (main.type.number !== TYPE.SYSCALL) return !late && paths > 0
  return paths < facts.items
}
