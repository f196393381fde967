import type { ContainerRow, EventDraft, HeartbeatRow, LossRow, PodRow, SampleRow } from '@podwitness/event'

/** What one request, connection or file brought, ready to be stored: it is stored whole before it is acknowledged. */
export interface Parcel {
  /** Name under which a repeat is recognised; empty where the sender gives none (events then are known by their ids). */
  readonly key: string
  readonly cluster: string
  /** Empty where it is not of one node. */
  readonly node: string
  readonly events: EventDraft[]
  readonly containers: ContainerRow[]
  readonly pods: PodRow[]
  readonly samples: SampleRow[]
  readonly losses: LossRow[]
  readonly heartbeats: HeartbeatRow[]
  /** Lines or items that were not used. */
  rejected: number
  /** Memory it holds, roughly, bytes. */
  bytes: number
}

export function emptyParcel(from: { readonly key: string; readonly cluster: string; readonly node: string }): Parcel {
  return { ...from, events: [], containers: [], pods: [], samples: [], losses: [], heartbeats: [], rejected: 0, bytes: 0 }
}

/** How many things a parcel holds. */
export function parcelSize({ events, containers, pods, samples, losses, heartbeats }: Parcel): number {
  return events.length + containers.length + pods.length + samples.length + losses.length + heartbeats.length
}

/** What became of a parcel. */
export interface ParcelResult {
  readonly duplicate: boolean
  /** Events that were new. */
  readonly stored: number
}
