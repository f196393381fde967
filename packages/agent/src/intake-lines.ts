const NEWLINE = Buffer.from('\n')

/** Where records can get lost, as the server counts them. */
type LossHop = 'kernel' | 'sequence' | 'auditd' | 'parser' | 'filter' | 'spool'

/** A loss: what is missing, where, and since when. */
export interface LossLine {
  readonly boot: string
  readonly hop: LossHop
  readonly sinceMs: number
  readonly untilMs: number
  /** null where it cannot be known. */
  readonly count: number | null
  readonly reason: string
  /** The same for a loss that is told again after a crash, which then counts once. */
  readonly id?: string
}

/** What is known of a process that audit did not see start. */
export interface ProcessLine {
  readonly boot: string
  readonly timeMs: number
  readonly pid: number
  readonly ppid: number
  /** Clock ticks since boot: tells a pid's owners apart. */
  readonly startTicks: number
  readonly exe: string
  readonly argv: readonly string[]
  readonly cgroup: string
  readonly containerId: string
  readonly loginuid: number
  readonly auditSession: number
}

/** RFC 3339 in UTC with microseconds. */
export function lineTime(timeMs: number): string {
  const whole = Math.floor(timeMs)
  const micros = Math.round((timeMs - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(Math.min(micros, 999)).padStart(3, '0')}Z`
}

/** The records of an audit line, ended by a line end; undefined where the line is another one. */
export function recordsOf(line: Buffer): Buffer | undefined {
  const { kind, raw, raw64 } = JSON.parse(line.toString('utf8')) as { kind?: string; raw?: string; raw64?: string }
  if (kind !== 'audit') return undefined
  return Buffer.concat([raw === undefined ? Buffer.from(raw64 ?? '', 'base64') : Buffer.from(raw), NEWLINE])
}

export function containerLine(timeMs: number, container: Readonly<Record<string, unknown>>): Buffer {
  return json({ kind: 'container', time: lineTime(timeMs), container })
}

export function podsLine(timeMs: number, list: unknown): Buffer {
  return json({ kind: 'pods', time: lineTime(timeMs), list })
}

export function processLine({ timeMs, ...process }: ProcessLine): Buffer {
  return json({ kind: 'process', time: lineTime(timeMs), ...process })
}

export function lossLine({ sinceMs, untilMs, ...loss }: LossLine): Buffer {
  return json({ kind: 'loss', ...loss, since: lineTime(sinceMs), until: lineTime(untilMs) })
}

export interface HeartbeatLine {
  readonly boot: string
  readonly timeMs: number
  readonly counters: Readonly<Record<string, number>>
  readonly facts: Readonly<Record<string, string>>
}

export function heartbeatLine({ timeMs, ...heartbeat }: HeartbeatLine): Buffer {
  return json({ kind: 'heartbeat', time: lineTime(timeMs), ...heartbeat })
}

/** Something the agent found out by itself. */
export function findingLine(timeMs: number, rule: string, text: string): Buffer {
  return json({ kind: 'finding', time: lineTime(timeMs), rule, text })
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
