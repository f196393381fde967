import type { Header } from './parse-header.ts'
import type { AuditRecord } from './record.ts'

/** An event that is being put together. */
export class PendingEvent {
  node: string | null = null
  timeMs = 0
  seq = 0
  records: AuditRecord[] = []
  late = false
  /** Bytes of input before its first record. */
  openedAt = 0
  bytes = 0
  lastLine = 0
  wallMs = 0
  ended = false
  hasSyscall = false
  hasTitle = false
  onlyAlone = true
  capped = false
  /** The next open event whose `openKey` is the same. */
  other: PendingEvent | undefined

  /** Begins the event of a record. What was here before is forgotten. */
  begin(header: Header, openedAt: number, late: boolean): void {
    this.node = header.node
    this.timeMs = header.timeMs
    this.seq = header.seq
    this.openedAt = openedAt
    this.late = late
    this.bytes = 0
    this.lastLine = 0
    this.wallMs = 0
    this.ended = false
    this.hasSyscall = false
    this.hasTitle = false
    this.onlyAlone = true
    this.capped = false
    this.other = undefined
  }

  /** Its records look complete: only a late neighbour could add to it. */
  get settled(): boolean {
    return this.onlyAlone || (this.hasSyscall && this.hasTitle)
  }
}
