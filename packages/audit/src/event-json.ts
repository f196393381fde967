import type { AuditEvent } from './audit-event.ts'
import { base64Fields } from './base64-fields.ts'
import type { EventReading } from './event-reading.ts'
import { decimal } from './field-value.ts'
import { interpretEvent } from './interpret.ts'
import { recordFields } from './record-fields.ts'
import { TYPE } from './record-type.ts'

/** What the JSON form holds beside the fields themselves. */
export interface JsonOptions {
  /** Adds `interpreted`: numbers in words, as `ausearch -i` says them. */
  readonly interpret?: boolean
  /** Adds `raw`: the lines as received. */
  readonly raw?: boolean
}

const NUMBERS = 'syscall exit pid ppid auid uid gid euid suid fsuid egid sgid fsgid ses'.split(' ')
const TEXTS = ['arch', 'tty', 'comm', 'exe', 'subj']
const PROMOTED = new Set([...NUMBERS, ...TEXTS, 'success', 'key'])

type Fields = Record<string, string | null>

/** Builds the whole object of the event model from an event. */
export function eventJson(event: EventReading, options: JsonOptions): AuditEvent {
  const records: Record<string, Fields[]> = Object.create(null)
  let main: Fields = {}
  for (const record of event.records) {
    const fields = recordFields(record)
    if (record === event.main) main = fields
    const list = records[record.type.name]
    if (list === undefined) records[record.type.name] = [fields]
    else list.push(fields)
  }
  const json: Record<string, unknown> = {
    time: new Date(event.timeMs).toISOString(),
    timeMs: event.timeMs,
    seq: event.seq,
    node: event.node,
    type: event.type,
    recordTypes: event.recordTypes,
    ...promoted(main),
    keys: event.keys,
  }
  addDecoded(event, json)
  json.fields = Object.fromEntries(
    Object.entries(main).filter(([name]) => !PROMOTED.has(name) || !(name in json || name === 'key')),
  )
  json.records = { ...records }
  if (options.interpret === true) json.interpreted = interpretEvent(event)
  const base64 = base64Fields(event)
  if (base64 !== undefined) json.base64 = base64
  json.flags = event.flags
  if (options.raw === true)
    json.raw = event.records.map(({ line, lineStart, lineEnd }) => line.toString('utf8', lineStart, lineEnd))
  return json as unknown as AuditEvent
}

function promoted(main: Fields): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  for (const name of NUMBERS) {
    const text = main[name]
    if (typeof text === 'string') json[name] = name === 'exit' ? (numberOf(text) ?? text) : numberOf(text)
    if (json[name] === undefined) delete json[name]
  }
  for (const name of TEXTS) if (typeof main[name] === 'string') json[name] = main[name]
  if (main.success === 'yes' || main.success === 'no') json.success = main.success === 'yes'
  return json
}

function addDecoded(event: EventReading, json: Record<string, unknown>): void {
  const argv = event.argumentList()?.argv
  if (argv !== undefined) json.argv = argv
  const cwd = event.cwd()
  if (cwd !== undefined) json.cwd = cwd
  if (event.first(TYPE.PATH) !== undefined) json.paths = event.paths()
  const sockaddr = event.sockaddr()
  if (sockaddr !== undefined) json.sockaddr = sockaddr
  const proctitle = event.proctitle()
  if (proctitle !== undefined) json.proctitle = proctitle
  if (event.proctitleCut) json.proctitleCut = true
}

function numberOf(text: string): number | undefined {
  const bytes = Buffer.from(text)
  return decimal(bytes, 0, bytes.length)
}
