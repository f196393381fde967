import type { JsonBytes } from './json-bytes.ts'
import type { AuditRecord } from './record.ts'
import { FIELD, RecordScan } from './record-scan.ts'

/** Numbers that a record takes in `RecordsJson.spans`: its first field, behind its last one, where its JSON begins and ends. */
export const SPAN = 4
/** Records more than this go the long way, which is linear where this one is not. */
const MAX_RECORDS = 64
/** More room for fields than this is given back. */
const MAX_KEPT = 1 << 18

/** The records of one event, written as JSON behind each other and read once. */
export class RecordsJson {
  readonly spans = new Int32Array(MAX_RECORDS * SPAN)
  #scan = new RecordScan()
  /** `DAMAGE` of all records. */
  damage = 0

  /** Fields of all records, see `FIELD`. */
  get fields(): Int32Array {
    return this.#scan.fields
  }

  /**
   * Appends the JSON of the records' fields to `out`.
   *
   * @returns false where one of them is not of common form.
   */
  write(out: JsonBytes, records: readonly AuditRecord[]): boolean {
    if (records.length > MAX_RECORDS) return false
    if (this.#scan.fields.length > MAX_KEPT) this.#scan = new RecordScan()
    const { spans } = this
    const scan = this.#scan
    scan.used = 0
    this.damage = 0
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as AuditRecord
      this.damage |= record.damage
      spans[i * SPAN] = scan.used
      spans[i * SPAN + 2] = out.length
      if (!scan.scan(record, out)) return false
      spans[i * SPAN + 1] = scan.used
      spans[i * SPAN + 3] = out.length
    }
    return true
  }

  /** Place of the first field of record `index` with this key, −1 where it has none. */
  find(index: number, id: number): number {
    const { fields, spans } = this
    const end = spans[index * SPAN + 1] as number
    for (let i = spans[index * SPAN] as number; i < end; i += FIELD) if (fields[i] === id) return i
    return -1
  }
}
