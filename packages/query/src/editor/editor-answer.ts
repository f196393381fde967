import type { SavedFunction } from '../compile-request.ts'

/** What an editor asks about a text. Positions are offsets in UTF-16 code units. */
export type EditorTask = 'complete' | 'hover' | 'signature' | 'diagnose' | 'format' | 'source'

export interface EditorRequest {
  readonly task: EditorTask
  readonly lang: 'sls' | 'kql' | 'sql'
  readonly text: string
  /** Where the cursor is; not needed to diagnose or format. */
  readonly position?: number
  /** Functions that were saved beside the data; KQL only. */
  readonly functions?: readonly SavedFunction[]
}

export const COMPLETION_KINDS = [
  'keyword',
  'operator',
  'function',
  'aggregate',
  'table',
  'field',
  'variable',
  'type',
  'chart',
  'value',
] as const
export type CompletionKind = (typeof COMPLETION_KINDS)[number]

/** One thing that could stand at the cursor. */
export interface Completion {
  readonly label: string
  readonly kind: CompletionKind
  /** What is put in before and after the cursor. */
  readonly before: string
  readonly after: string
  /** Type or signature. */
  readonly detail?: string
}

/** What could stand at the cursor, and which part of the text it would replace. */
export interface CompletionList {
  readonly from: number
  readonly to: number
  readonly items: readonly Completion[]
}

/** Words about what stands at a place. */
export interface Hover {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The function whose arguments are being typed: its name's place, words about it, and which argument it is, from 0. */
export interface Signature extends Hover {
  readonly argument: number
}

export interface Diagnostic {
  readonly from: number
  readonly to: number
  readonly severity: 'error' | 'warning'
  /** Ours (`PW-QY-…`), or of Kusto's binder (`KS…`). */
  readonly code: string
  readonly message: string
}

/** Answers by task; `source` is the part of KQL that only chooses rows, for a histogram. */
export interface EditorAnswers {
  readonly complete: CompletionList
  readonly hover: Hover | null
  readonly signature: Signature | null
  readonly diagnose: readonly Diagnostic[]
  readonly format: string
  readonly source: string
}
export type EditorAnswer = EditorAnswers[EditorTask]

/** Items at most; what is typed next narrows them. */
export const MAX_COMPLETIONS = 500
