/** Lines on their way out. */
export interface OutgoingBatch {
  /** The same lines always have the same name. */
  readonly id: string
  readonly lines: readonly Buffer[]
}

/** What became of a batch. */
export type SendResult =
  | { readonly kind: 'done'; readonly rejected: number; readonly duplicate: boolean }
  /** Too many bytes at once. */
  | { readonly kind: 'tooLarge' }
  /** Nothing wrong with the batch: try again. */
  | { readonly kind: 'later'; readonly why: string; readonly waitMs: number }
  /** The receiver will never take it. */
  | { readonly kind: 'refused'; readonly why: string }

/** Where lines go. */
export interface Output {
  readonly name: string
  /** Sends a batch; `done` only when the receiver has it for good. Never rejects. */
  send(batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult>
  close(): Promise<void>
}
