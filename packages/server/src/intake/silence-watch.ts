import { uuidOf } from '@podwitness/kube'
import { findingEvent } from '../rows/finding-event.ts'
import { emptyParcel, type Parcel } from '../rows/parcel.ts'

/** Agents give a sign of life every 15 s; this long without any is silence, milliseconds. */
const NODE_SILENT_MS = 120_000
/** Even an idle API server logs its own leases every few seconds; a policy may leave those out, milliseconds. */
const API_SILENT_MS = 600_000
/** Senders remembered. */
const MAX_SENDERS = 20_000

interface Voice {
  readonly cluster: string
  /** Empty for the API log of a cluster. */
  readonly node: string
  lastMs: number
  silent: boolean
}

/** Notices when a node or an API log that used to send says nothing any more. No clock of its own. */
export class SilenceWatch {
  readonly #voices = new Map<string, Voice>()

  /** @param nowMs Arrival, milliseconds since the epoch. */
  note(parcel: Parcel, nowMs: number): void {
    if (parcel.node !== '') this.heard(parcel.cluster, parcel.node, nowMs)
    if (parcel.events.some(({ kind }) => kind === 'KubeAudit')) this.heard(parcel.cluster, '', nowMs)
  }

  /** Notes that a node (or, with an empty name, an API log) was heard at a moment. */
  heard(cluster: string, node: string, atMs: number): void {
    const key = `${cluster}/${node}`
    const voice = this.#voices.get(key)
    if (voice !== undefined) {
      voice.lastMs = Math.max(voice.lastMs, atMs)
      voice.silent = false
    } else if (this.#voices.size < MAX_SENDERS) this.#voices.set(key, { cluster, node, lastMs: atMs, silent: false })
  }

  /** Takes over when a sender was heard last by any server: all of them then say the same of a silence. */
  heardByAny(cluster: string, node: string, atMs: number): void {
    this.heard(cluster, node, atMs)
    const voice = this.#voices.get(`${cluster}/${node}`)
    if (voice !== undefined) voice.lastMs = atMs
  }

  /** When each sender was heard last. */
  voices(): readonly Readonly<Voice>[] {
    return [...this.#voices.values()]
  }

  /** Findings about silence that began since the last look, a parcel for each cluster. */
  look(nowMs: number): Parcel[] {
    const parcels = new Map<string, Parcel>()
    for (const voice of this.#voices.values()) {
      const { cluster, node, lastMs } = voice
      const limitMs = node === '' ? API_SILENT_MS : NODE_SILENT_MS
      if (voice.silent || nowMs - lastMs <= limitMs) continue
      voice.silent = true
      const parcel = parcels.get(cluster) ?? emptyParcel({ key: '', cluster, node: '' })
      parcel.events.push(silence(voice))
      parcels.set(cluster, parcel)
    }
    return [...parcels.values()]
  }
}

function silence({ cluster, node, lastMs }: Voice): Parcel['events'][number] {
  const api = node === ''
  const who = api ? `The API server's log of cluster ${cluster}` : `Node ${node} of cluster ${cluster}`
  return findingEvent({
    id: uuidOf('finding', 'silence', cluster, node, String(lastMs)),
    timeMs: lastMs,
    rule: api ? 'api-log-silent' : 'node-silent',
    text: `${who} has sent nothing since ${new Date(lastMs).toISOString()}: what happens there is not known.`,
    cluster,
    node,
    source: 'server',
  })
}
