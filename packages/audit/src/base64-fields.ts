import { isUtf8 } from 'node:buffer'
import type { EventReading } from './event-reading.ts'
import { KEY } from './field-dictionary.ts'
import { fieldNumber, findField, tokenBytes } from './field-value.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { tokensOf } from './tokenise.ts'

/**
 * The values of an event that are no UTF-8, as base64 (RFC 4648) of their bytes, by their place in the JSON:
 * `argv[1]`, `paths[0].name`, `cwd`, `proctitle`, `comm`, `exe`. Undefined where all of them are text.
 */
export function base64Fields(event: EventReading): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  const add = (place: string, bytes: Buffer | null | undefined) => {
    if (bytes !== null && bytes !== undefined && !isUtf8(bytes)) found[place] = bytes.toString('base64')
  }
  for (const [i, bytes] of (event.argumentBytes() ?? []).entries()) add(`argv[${i}]`, bytes)
  for (const [i, record] of pathRecords(event).entries()) add(`paths[${i}].name`, bytesOf(record, KEY.name))
  add('cwd', bytesOf(event.first(TYPE.CWD), KEY.cwd))
  add('proctitle', bytesOf(event.first(TYPE.PROCTITLE), KEY.proctitle))
  add('comm', bytesOf(event.main, KEY.comm))
  add('exe', bytesOf(event.main, KEY.exe))
  return Object.keys(found).length > 0 ? found : undefined
}

/** In the order of `paths`. */
function pathRecords(event: EventReading): AuditRecord[] {
  const records = event.records.filter((record) => record.type.number === TYPE.PATH)
  const items = records.map((record, position) => {
    const item = fieldNumber(record, KEY.item)
    return { record, item: item < 0 ? position : item }
  })
  return items.sort((a, b) => a.item - b.item).map(({ record }) => record)
}

function bytesOf(record: AuditRecord | undefined, id: number): Buffer | undefined {
  const index = record === undefined ? -1 : findField(record, id)
  return record === undefined || index < 0 ? undefined : tokenBytes(record, tokensOf(record), index)
}
