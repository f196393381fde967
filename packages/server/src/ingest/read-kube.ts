import { isLegacyLine, isRecord, listItems, readKubeEvent, readKubeLine } from '@podwitness/kube'
import { kubeRow } from '../rows/kube-row.ts'
import { type Line, readLines } from './line-reader.ts'
import { readWhole } from './read-whole.ts'
import type { FormatReader, ImportSink } from './sink.ts'

/** Longest line of JSON taken, bytes. One webhook batch is at most 10 MiB by default (kube-apiserver, --audit-webhook-batch-max-size and event truncation). */
const MAX_LINE_BYTES = 64 * 1024 * 1024

/** The log back end: one event a line, in JSON or in its legacy text. */
export const readKubeLog: FormatReader = (_file, bytes, sink) =>
  eachLine(bytes, sink, (line) => addEvent(line.bytes, line.number, sink, 'apiserver-log'))

/** EventLists, one a line or one document over many lines. */
export const readKubeList: FormatReader = async (file, bytes, sink) => {
  let whole = false
  await eachLine(bytes, sink, (line) => {
    if (whole) return
    if (line.number === 1 && !parses(line.bytes)) whole = true
    else addList(line.bytes, line.number, sink, 'apiserver-webhook')
  })
  if (!whole) return
  const document = await readWhole(file)
  addList(document, 1, sink, 'apiserver-webhook')
  await sink.advance(1)
}

/** What a webhook receiver wrote down: one request a line, with the EventList as its body. */
export const readKubeWebhook: FormatReader = (_file, bytes, sink) =>
  eachLine(bytes, sink, (line) => addList(line.bytes, line.number, sink, 'apiserver-webhook'))

async function eachLine(bytes: AsyncIterable<Buffer>, sink: ImportSink, take: (line: Line) => void): Promise<void> {
  for await (const lines of readLines(bytes, MAX_LINE_BYTES)) {
    for (const line of lines) {
      if (line.bytes.length < line.length - 1) reject(sink, line, 'line_too_long')
      else if (line.bytes.length > 0) take(line)
    }
    await sink.advance(lines.length)
  }
}

function addEvent(bytes: Buffer, number: number, sink: ImportSink, source: string): void {
  const line = { number, bytes, length: bytes.length }
  const event = readEvent(bytes)
  if ('code' in event) reject(sink, line, event.code)
  else sink.event(kubeRow(event, bytes, sink.cluster, source))
}

function readEvent(bytes: Buffer): ReturnType<typeof readKubeEvent> | { readonly code: 'bad_json' } {
  if (isLegacyLine(bytes.toString('latin1', 0, 64))) return readKubeLine(bytes.toString('utf8'))
  const json = parse(bytes)
  return json === undefined ? { code: 'bad_json' } : readKubeEvent(json)
}

function addList(bytes: Buffer, number: number, sink: ImportSink, source: string): void {
  const line = { number, bytes, length: bytes.length }
  const json = parse(bytes)
  const list = isRecord(json) && isRecord(json.body) ? json.body : json
  if (json === undefined) reject(sink, line, 'bad_json')
  else if (!isRecord(list) || !Array.isArray(list.items)) reject(sink, line, 'not_an_event_list')
  else for (const [begin, end] of listItems(bytes)) addEvent(bytes.subarray(begin, end), number, sink, source)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function parses(bytes: Buffer): boolean {
  return parse(bytes) !== undefined
}

function reject(sink: ImportSink, line: Line, code: string): void {
  sink.rejects.add({ line: line.number, code, bytes: line.length, text: line.bytes.subarray(0, 1024).toString('utf8') })
}
