import type { Confidence, EntryKind, EntryOutcome, Risk } from './words.ts'

/** An account that may have been the one, with the API event that says so. */
export interface Candidate {
  readonly user: string
  readonly auditId: string
  readonly reasons: readonly string[]
}

/** One program run inside a session: what `sessions --commands` prints. */
export interface SessionCommand {
  readonly eventId: string
  /** `seconds.milliseconds:serial` as in the audit record, e.g. `1795229611.379:181600`. */
  readonly auditSerial: string
  readonly time: string
  readonly argv: readonly string[]
  /** Arguments joined by blanks, quoted where a shell would need it. */
  readonly cmdline: string
  /** The binary that ran, e.g. `/bin/busybox`. */
  readonly exe: string
  /** The name it was invoked by, e.g. `rm`. */
  readonly name: string
  readonly cwd: string
  readonly pid: number
  readonly ppid: number
  readonly uid: number
  /** Return value of execve: 0 where it succeeded. */
  readonly exit: number
  readonly risk: Risk
  readonly riskReason: string
  /** How the command was placed in the session: `lineage`, `terminal`, … in words. */
  readonly placed: string
  readonly onHost: boolean
}

/** One entry into a container: who, where, how, and how sure. The contract of `sessions --json`. */
export interface Session {
  readonly traceId: string
  readonly entry: EntryKind
  readonly confidence: Confidence
  readonly reasons: readonly string[]
  /** The account that authenticated; `null` when nobody is named. */
  readonly user: string | null
  readonly groups: readonly string[]
  /** With `--as`: the account it acted as, … */
  readonly impersonatedUser?: string
  /** … and the one that did so, equal to `user`. */
  readonly impersonatedBy?: string
  readonly sourceIp: string
  readonly userAgent: string
  readonly candidates: readonly Candidate[]
  readonly auditIds: readonly string[]
  readonly cluster: string
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  readonly container: string
  readonly containerId: string
  readonly image: string
  readonly tty: boolean
  /** What was asked for: the API request's command, else the first program's arguments. */
  readonly command: readonly string[]
  readonly outcome: EntryOutcome
  /** HTTP status of the API request, 0 where there is none. */
  readonly status: number
  readonly start: string
  /** Empty while it is not known to have ended. */
  readonly end: string
  readonly commandCount: number
  readonly risk: Risk
  readonly riskReason: string
  readonly commands?: readonly SessionCommand[]
}
