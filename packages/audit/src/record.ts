import type { RecordType } from './record-type.ts'

/** Bits of `AuditRecord.damage`. */
export const DAMAGE = { truncated: 1, malformed: 2 } as const

/**
 * One audit line, header read, body still bytes. Holds references into the decoder's buffers:
 * the bytes are copied once on the way in and never changed afterwards.
 */
export class AuditRecord {
  type: RecordType
  /** The line as received, framing included. */
  line: Buffer
  lineStart: number
  lineEnd: number
  /** The fields; a different buffer from `line` where the framing had escaped bytes. */
  body: Buffer
  bodyStart: number
  bodyEnd: number
  damage: number
  tokens: Int32Array | undefined

  constructor(type: RecordType, line: Buffer, span: LineSpan) {
    this.type = type
    this.line = line
    this.lineStart = span.lineStart
    this.lineEnd = span.lineEnd
    this.body = span.body
    this.bodyStart = span.bodyStart
    this.bodyEnd = span.bodyEnd
    this.damage = span.damage
    this.tokens = undefined
  }

  /** Makes it another line's record, where the one that it was is no longer needed by anybody. */
  become(type: RecordType, line: Buffer, span: LineSpan): void {
    this.type = type
    this.line = line
    this.lineStart = span.lineStart
    this.lineEnd = span.lineEnd
    this.body = span.body
    this.bodyStart = span.bodyStart
    this.bodyEnd = span.bodyEnd
    this.damage = span.damage
    this.tokens = undefined
  }
}

export interface LineSpan {
  lineStart: number
  lineEnd: number
  body: Buffer
  bodyStart: number
  bodyEnd: number
  damage: number
}
