import type { AuditLine } from '@podwitness/api'
import type { AuditDecoder } from '@podwitness/audit'
import type { ContainerRow } from '@podwitness/event'
import type { Parcel } from '../rows/parcel.ts'

/** What reading a batch's lines shares. */
export interface BatchScope {
  readonly parcel: Parcel
  /** Name of the batch with its sender: ids of rows that have none of their own are made from it. */
  readonly key: string
  readonly cluster: string
  readonly node: string
  /** 1-based number of the line at hand. */
  line: number
  /** Of the audit line at hand. */
  boot: string
  via: string
  late: boolean
  place: AuditLine['place']
  /** Its lines in UTF-8, and the text they were made from where it is the same; valid while the line is taken. */
  bytes: Buffer
  text: string | undefined
  /** One decoder for the whole batch; each line is given out before the next is read. */
  readonly decoder: AuditDecoder
  /** Containers that are gone, to be completed with what is known of them. */
  readonly gone: { readonly containerId: string; readonly time: string }[]
  readonly known: Map<string, ContainerRow>
}

/** A line that was not used. */
export interface LineFault {
  readonly code: string
  readonly message: string
}

/** Takes one kind of line, already checked against its schema, into the parcel. Bad input is returned, never thrown. */
export type LineTaker<Line> = (line: Line, scope: BatchScope, bytes: Buffer) => LineFault | null
