import type { ContainerRow } from '@podwitness/event'
import { storeTime } from '@podwitness/event'
import { isRecord } from '@podwitness/kube'
import { containerRow, sampleRows } from '../rows/container-row.ts'
import { readLines } from './line-reader.ts'
import type { FormatReader, ImportSink } from './sink.ts'

const MAX_LINE_BYTES = 16 * 1024 * 1024

/**
 * What a node agent knows of containers: `container` lines (CRI labels, cgroup, first process),
 * `sample` lines (cgroup members at a moment) and `gone` lines.
 */
export const readContainers: FormatReader = async (_file, bytes, sink) => {
  const known = new Map<string, ContainerRow>()
  for await (const lines of readLines(bytes, MAX_LINE_BYTES)) {
    for (const line of lines) {
      if (line.length === 0) continue
      const code = line.bytes.length < line.length - 1 ? 'line_too_long' : take(line.bytes, sink, known)
      if (code !== null)
        sink.rejects.add({ line: line.number, code, bytes: line.length, text: line.bytes.subarray(0, 1024).toString('utf8') })
    }
    await sink.advance(lines.length)
  }
}

function take(bytes: Buffer, sink: ImportSink, known: Map<string, ContainerRow>): string | null {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch {
    return 'bad_json'
  }
  if (!isRecord(json) || typeof json.t !== 'number') return 'not_a_container_line'
  const timeMs = json.t * 1000
  if (json.kind === 'container' && typeof json.id === 'string') {
    const row = containerRow(json, timeMs, sink)
    known.set(json.id, row)
    sink.container(row)
  } else if (json.kind === 'gone' && typeof json.id === 'string') {
    const row = known.get(json.id)
    if (row !== undefined) sink.container({ ...row, gone: storeTime(timeMs), version: '1' })
  } else if (json.kind === 'sample' && isRecord(json.cgroups)) {
    for (const row of sampleRows(json.cgroups, timeMs, sink)) sink.sample(row)
  } else return 'not_a_container_line'
  return null
}
