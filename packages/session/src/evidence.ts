import type { EntryRow, PlacementRow, SessionRow } from '@podwitness/event'
import type { CgroupSample, ContainerFact, ContainerOperation, PodFact, ProcessObservation } from './observation.ts'

/** A span of time in which records were lost, both ends included, milliseconds. */
export interface LossSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Everything known of one cluster over a span of time, from whatever sources there were. */
export interface Evidence {
  readonly cluster: string
  /** Linux audit, by node. */
  readonly nodes: ReadonlyMap<string, readonly ProcessObservation[]>
  readonly containers: readonly ContainerFact[]
  readonly pods: readonly PodFact[]
  readonly samples: ReadonlyMap<string, readonly CgroupSample[]>
  readonly operations: readonly ContainerOperation[]
  /** Spans of which records of a node are known to be missing, by node; milliseconds since the epoch by its clock. */
  readonly losses?: ReadonlyMap<string, readonly LossSpan[]>
  /** First and last moment of any API audit event; `null` where there is none at all. */
  readonly apiCoverage: { readonly fromMs: number; readonly toMs: number } | null
}

/** Rows without the version that the store's writer gives them. */
export type SessionDraft = Omit<SessionRow, 'version' | 'is_deleted'>
export type PlacementDraft = Omit<PlacementRow, 'version' | 'is_deleted'>
export type EntryDraft = Omit<EntryRow, 'version' | 'is_deleted'>

/** What the evidence says: who entered, what belongs to whom. A pure function of the evidence. */
export interface Reconstruction {
  readonly sessions: readonly SessionDraft[]
  readonly placements: readonly PlacementDraft[]
  readonly entries: readonly EntryDraft[]
}
