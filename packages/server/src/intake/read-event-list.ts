import { isRecord, listItems, readKubeEvent } from '@podwitness/kube'
import { kubeRow } from '../rows/kube-row.ts'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'
import { IntakeError } from './intake-error.ts'
import { jsonFault } from './json-bounds.ts'

/** Memory an event takes beside its bytes, roughly. */
const EVENT_OVERHEAD_BYTES = 1024
/** Events of one list at most; kube-apiserver sends 400 unless configured (`--audit-webhook-batch-max-size`). */
const MAX_ITEMS = 50_000
/** Rejected items of which the beginning is kept. */
const KEPT_REJECTS = 100

/** An EventList as read. */
export interface ReadEventList {
  readonly parcel: Parcel
  readonly rejected: { readonly code: string; readonly bytes: number; readonly text: string }[]
}

/**
 * Reads an audit.k8s.io EventList; the bytes of each event are kept as they came.
 *
 * @throws IntakeError PW-IN-005 where the body is no EventList at all.
 */
export function readEventList(body: Buffer, cluster: string, source: string): ReadEventList {
  const fault = jsonFault(body)
  if (fault !== undefined) throw tooMuch(fault)
  const list = parse(body)
  if (!isRecord(list) || !Array.isArray(list.items)) throw noList()
  if (list.items.length > MAX_ITEMS) throw tooMuch('too_many_events')
  const spans = listItems(body)
  // Items that are no objects have no span; then each span is read for itself.
  const items: unknown[] =
    spans.length === list.items.length ? list.items : spans.map(([begin, end]) => parse(body.subarray(begin, end)))
  const parcel = emptyParcel({ key: '', cluster, node: '' })
  const rejected: ReadEventList['rejected'] = []
  parcel.rejected += list.items.length - items.length
  items.forEach((item, at) => {
    const [begin, end] = spans[at] ?? [0, 0]
    const bytes = body.subarray(begin, end)
    parcel.bytes += bytes.length + EVENT_OVERHEAD_BYTES
    const event = readKubeEvent(item)
    if (!('code' in event)) {
      parcel.events.push(kubeRow(event, bytes, cluster, source))
      return
    }
    parcel.rejected++
    if (rejected.length < KEPT_REJECTS)
      rejected.push({ code: event.code, bytes: bytes.length, text: bytes.subarray(0, 1024).toString('utf8') })
  })
  return { parcel, rejected }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function noList(): IntakeError {
  return new IntakeError('PW-IN-005', 400, {
    what: 'The body cannot be read.',
    why: 'It is no audit.k8s.io/v1 EventList in JSON.',
    do: 'Point only the audit webhook of a kube-apiserver here (--audit-webhook-config-file).',
  })
}

function tooMuch(fault: string): IntakeError {
  return new IntakeError('PW-IN-004', 413, {
    what: 'The body is too large.',
    why: `Its JSON is refused as ${fault}.`,
    do: 'Lower --audit-webhook-batch-max-size.',
  })
}
