import { randomUUID } from 'node:crypto'
import { AuditDecoder } from '@podwitness/audit'
import { storeTime } from '@podwitness/event'
import { auditRow } from '../../rows/audit-row.ts'
import { emptyParcel, type Parcel, type ParcelResult, parcelSize } from '../../rows/parcel.ts'
import { rawColumns } from '../../rows/raw-columns.ts'
import type { RejectsRoom } from '../rejects-room.ts'
import { serverLoss } from '../server-loss.ts'
import { parseSyslog, SEVERITIES } from './parse-syslog.ts'

/** Least severity that is taken, by facility; what is not named is refused. */
export type SyslogGrid = Readonly<Record<string, string>>

/** What the portal of cloud providers and the tutorials for auditd agree on. */
export const DEFAULT_GRID: SyslogGrid = { authpriv: 'info' }

/** Messages and bytes stored in one go, and the longest one waits for company, milliseconds. */
const BATCH_MESSAGES = 2_000
const BATCH_MS = 200
/** Memory that messages of one collector may hold; what comes over it is lost, and counted, bytes. */
const MAX_HELD_BYTES = 32 * 1024 * 1024
/** The same for messages that are not complete, of all connections of one collector. */
const MAX_REST_BYTES = 32 * 1024 * 1024
const OVERHEAD_BYTES = 1024

/**
 * Takes syslog messages, keeps those that the grid lets in, and puts audit records among them together again. Nobody
 * acknowledges syslog: what cannot be stored is counted in the loss ledger.
 */
export class SyslogCollector {
  readonly #cluster: string
  readonly #grid: SyslogGrid
  readonly #submit: (parcel: Parcel) => Promise<ParcelResult>
  readonly #rejects: RejectsRoom
  readonly #source: string
  readonly #decoder: AuditDecoder
  readonly #timer: NodeJS.Timeout
  #parcel: Parcel
  #heldBytes = 0
  #restBytes = 0
  #lost = 0
  #stored: Promise<unknown> = Promise.resolve()

  constructor(options: {
    readonly cluster: string
    readonly grid: SyslogGrid
    /** `syslog-udp`, `syslog-tcp`, `syslog-tls`. */
    readonly source: string
    readonly submit: (parcel: Parcel) => Promise<ParcelResult>
    readonly rejects: RejectsRoom
  }) {
    this.#cluster = options.cluster
    this.#grid = options.grid
    this.#source = options.source
    this.#submit = options.submit
    this.#rejects = options.rejects
    this.#parcel = this.#fresh()
    const from = { cluster: this.#cluster, node: '' }
    this.#decoder = new AuditDecoder({ onEvent: (event) => this.#parcel.events.push(auditRow(event, from, this.#source)) })
    this.#timer = setInterval(() => {
      this.#decoder.tick(Date.now())
      this.flush()
    }, BATCH_MS)
  }

  /** Whether a stream should wait before it brings more. */
  get full(): boolean {
    return this.#heldBytes > MAX_HELD_BYTES / 2
  }

  /** Takes one message without its framing. @param nowMs Arrival, milliseconds since the epoch. */
  take(bytes: Buffer, nowMs: number): void {
    const message = parseSyslog(bytes.toString('utf8'), nowMs)
    if ('code' in message) {
      this.refuse(message.code, bytes)
      return
    }
    const least = this.#grid[message.facility]
    if (least === undefined || message.severityCode > SEVERITIES.indexOf(least as (typeof SEVERITIES)[number])) {
      this.#rejects.count('syslog', `not_wanted:${message.facility}.${message.severity}`, 1)
      return
    }
    if (this.#heldBytes > MAX_HELD_BYTES) {
      this.#lost++
      return
    }
    this.#heldBytes += bytes.length + OVERHEAD_BYTES
    this.#parcel.bytes += bytes.length + OVERHEAD_BYTES
    if (message.text.includes('msg=audit(')) {
      this.#decoder.push(bytes)
      this.#decoder.push(Buffer.from('\n'))
    } else this.#add(message, bytes)
    if (parcelSize(this.#parcel) >= BATCH_MESSAGES) this.flush()
  }

  /** Counts and keeps what is no message, or a connection that was not let in. @param bytes What it was. */
  refuse(code: string, bytes: Buffer): void {
    const text = bytes.subarray(0, 1024).toString('utf8')
    this.#rejects.add({ source: 'syslog', cluster: this.#cluster, node: '', code, bytes: bytes.length, text })
  }

  /** Counts messages of which only the beginning was taken. */
  noteCut(messages: number): void {
    if (messages > 0) this.#rejects.count('syslog', 'message_cut', messages)
  }

  /** Charges bytes that connections hold of messages that are not complete. @returns Whether there is room for them. */
  holdRest(bytes: number): boolean {
    if (bytes > 0 && this.#restBytes + bytes > MAX_REST_BYTES) return false
    this.#restBytes += bytes
    return true
  }

  /** Stores what has been collected. */
  flush(): void {
    const parcel = this.#parcel
    if (this.#lost > 0) {
      parcel.losses.push(serverLoss({ ...parcel, key: randomUUID(), rejected: this.#lost }, [{ code: 'syslog overflow' }]))
      this.#lost = 0
    }
    if (parcelSize(parcel) === 0) return
    this.#parcel = this.#fresh()
    const stored = this.#submit(parcel)
      .catch(() => {
        this.#lost += parcelSize(parcel)
      })
      .finally(() => {
        this.#heldBytes -= parcel.bytes
      })
    this.#stored = Promise.all([this.#stored, stored])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#decoder.end()
    this.flush()
    await this.#stored
  }

  #add(
    { facility, severity, timeMs, host, app, pid, text }: Exclude<ReturnType<typeof parseSyslog>, { code: string }>,
    bytes: Buffer,
  ): void {
    const raw = rawColumns(bytes)
    this.#parcel.events.push({
      time: storeTime(timeMs),
      event_id: randomUUID(),
      kind: 'Syslog',
      action: facility,
      level: severity,
      cluster: this.#cluster,
      node: host,
      source: this.#source,
      name: app,
      pid: Number(pid) || 0,
      message: text,
      raw: raw.raw,
      labels: { ...raw.labels, facility, severity },
    })
  }

  #fresh(): Parcel {
    return emptyParcel({ key: '', cluster: this.#cluster, node: '' })
  }
}
