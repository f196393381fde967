/**
 * One Linux audit event, decoded: what `podwitness decode` prints, one JSON object a line.
 * Field names are the kernel's. A field that no record carried is absent, never invented.
 */
export interface AuditEvent {
  /** ISO 8601, UTC, milliseconds. The kernel logs no finer (kernel/audit.c, audit_log_start). */
  readonly time: string
  readonly timeMs: number
  /** Serial of the event; records that share node, time and serial belong together. */
  readonly seq: number
  readonly node: string | null
  /** Name of the record that names the event: SYSCALL where there is one, else the first record's. */
  readonly type: string
  /** Types in order of arrival, repeats kept. */
  readonly recordTypes: readonly string[]
  /** Number as logged, e.g. `59`; the name comes with `interpreted`. */
  readonly syscall?: number
  /** Hexadecimal token as logged, e.g. `c000003e`. */
  readonly arch?: string
  readonly success?: boolean
  /** Return value of the system call. A string where it exceeds 2^53. */
  readonly exit?: number | string
  readonly pid?: number
  readonly ppid?: number
  readonly auid?: number
  readonly uid?: number
  readonly gid?: number
  readonly euid?: number
  readonly suid?: number
  readonly fsuid?: number
  readonly egid?: number
  readonly sgid?: number
  readonly fsgid?: number
  readonly ses?: number
  readonly tty?: string
  readonly comm?: string
  readonly exe?: string
  readonly subj?: string
  readonly keys: readonly string[]
  /** Arguments of EXECVE, whole: chunks joined, hex decoded. `null` marks one the kernel did not log. */
  readonly argv?: readonly (string | null)[]
  readonly cwd?: string
  readonly paths?: readonly AuditPath[]
  readonly sockaddr?: AuditSockaddr
  /** Cut by the kernel at 128 bytes; NULs become blanks. */
  readonly proctitle?: string
  /** Present and true where the title has the 128 bytes that the kernel logs at most: more may have followed. */
  readonly proctitleCut?: true
  /** Every other field of the naming record, decoded by the dictionary; `null` for `(null)`. */
  readonly fields: Readonly<Record<string, string | null>>
  /** Every record, decoded, by type, in order. A name that comes again is `name#2`, loose words are `text`. */
  readonly records: Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>
  readonly interpreted?: Readonly<Record<string, string>>
  /** Values whose bytes are no UTF-8, whole, in base64, by their place: `argv[1]`, `paths[0].name`, `cwd`, … */
  readonly base64?: Readonly<Record<string, string>>
  readonly flags: AuditFlags
  /** The lines as received, on request. */
  readonly raw?: readonly string[]
}

/** One PATH record. */
export interface AuditPath {
  readonly item: number
  /** As logged; `null` for `(null)`. */
  readonly name: string | null
  /** Absolute and normalised, made from CWD and name; absent where it cannot be known. */
  readonly path?: string
  readonly inode?: string
  readonly dev?: string
  readonly mode?: string
  readonly ouid?: number
  readonly ogid?: number
  readonly nametype?: string
}

/** Decoded SOCKADDR. */
export interface AuditSockaddr {
  readonly family: string
  readonly addr?: string
  readonly port?: number
  readonly path?: string
}

/** What is wrong with an event, each true only where it is so. */
export interface AuditFlags {
  readonly truncated?: boolean
  readonly malformed?: boolean
  /** Flushed without EOE and with records known to be missing. */
  readonly incomplete?: boolean
  /** Arrived after its event had been given out. */
  readonly late?: boolean
}
