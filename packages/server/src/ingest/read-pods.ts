import { isRecord, listItems } from '@podwitness/kube'
import { podRow } from '../rows/pod-row.ts'
import { ImportError } from './import-error.ts'
import { readWhole } from './read-whole.ts'
import type { FormatReader } from './sink.ts'

/** `kubectl get pods -o json`: a list of pod objects, or one. */
export const readPods: FormatReader = async (file, bytes, sink) => {
  for await (const _ of bytes) break // The document is read whole, with its own bound.
  const document = await readWhole(file)
  const json = parse(document, file.path)
  const items =
    isRecord(json) && Array.isArray(json.items) ? spans(document, json.items) : [[json, document.toString('utf8')] as const]
  items.forEach(([item, text], at) => {
    const row = podRow(item, text, sink.cluster)
    if (row === null) {
      sink.rejects.add({ line: at + 1, code: 'not_a_pod', bytes: text.length, text: text.slice(0, 1024) })
      return
    }
    sink.pod(row)
  })
  await sink.advance(items.length)
}

function spans(document: Buffer, items: readonly unknown[]): (readonly [unknown, string])[] {
  const bytes = listItems(document)
  return items.map((item, at) => {
    const [begin, end] = bytes[at] ?? [0, 0]
    return [item, end > 0 ? document.subarray(begin, end).toString('utf8') : JSON.stringify(item)]
  })
}

function parse(document: Buffer, path: string): unknown {
  try {
    return JSON.parse(document.toString('utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ImportError(
      'PW-IM-004',
      { what: `${path} is not valid JSON.`, why, do: 'Write it again with kubectl get pods -A -o json.' },
      { cause },
    )
  }
}
