import type { Arguments } from './argv.ts'
import type { AuditFlags, AuditPath, AuditSockaddr } from './audit-event.ts'
import type { AuditRecord } from './record.ts'
import type { RecordType } from './record-type.ts'

/** What ended an event: the kernel's EOE, a rule about its record types, time, a bound, or the end of input. */
export type Completion = 'eoe' | 'types' | 'timeout' | 'bound' | 'end'

/** Identity and state of an event as the coalescer hands it over. */
export interface EventParts {
  readonly node: string | null
  readonly timeMs: number
  readonly seq: number
  readonly records: readonly AuditRecord[]
  readonly completion: Completion
  /** Came after its event had been given out: amends that one, is no event of its own. */
  readonly late: boolean
  /** Records were dropped at the byte cap. */
  readonly capped: boolean
}

/**
 * What can be read of one decoded event. The forms an event is shown in (flags, JSON, words) are made from this, so they
 * need not know the class that decodes it.
 */
export interface EventReading extends EventParts {
  /** The record that names the event: SYSCALL where there is one, else the first. */
  readonly main: AuditRecord
  readonly type: string
  readonly recordTypes: readonly string[]
  /** System call number as logged, −1 where the event has none. */
  readonly syscall: number
  readonly hasSyscall: boolean
  /** Hexadecimal token, e.g. `c000003e`; empty where there is none. */
  readonly arch: string
  readonly keys: readonly string[]
  readonly flags: AuditFlags
  /** Whether the title has the most bytes that the kernel logs: more may have followed. */
  readonly proctitleCut: boolean
  /** Arguments of EXECVE with `null` for missing ones; undefined where the event has no EXECVE record. */
  argumentList(): Arguments | undefined
  /** The arguments as bytes, for those that are no UTF-8. */
  argumentBytes(): readonly (Buffer | null)[] | undefined
  cwd(): string | undefined
  paths(): readonly AuditPath[]
  sockaddr(): AuditSockaddr | undefined
  /** Command line as the process shows it: cut by the kernel at 128 bytes, NULs as blanks. */
  proctitle(): string | undefined
  /** First record of a type. */
  first(type: RecordType['number']): AuditRecord | undefined
}
