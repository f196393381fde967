/** What a command may touch of the process around it: a test gives its own. */
export interface Terminal {
  /**
   * Writes data; resolves when there is room for more, and of 64 KiB and more when all of it is written, so that the
   * caller may use the memory again. Rejects with `PipeClosed` when nobody reads any more.
   */
  write(data: string | Uint8Array): Promise<void>
  /** Writes talk: progress, hints, errors. */
  say(text: string): void
  /** Draws over the line drawn before; an empty text wipes it. Nothing where `live` is false. */
  redraw(text: string): void
  /** Bytes of standard input. */
  input(): AsyncIterable<Uint8Array>
  /** Aborted by the first Ctrl-C or SIGTERM; the second one ends the process. */
  readonly signal: AbortSignal
  /** Calls for each SIGHUP from now on; ends the process otherwise. @returns Ends it. Absent where there are no signals. */
  readonly onHangup?: (listener: () => void) => () => void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether `say` reaches a person's screen. */
  readonly live: boolean
  /** Whether `write` reaches a person's screen. */
  readonly screen: boolean
  /** Width of that screen in columns. */
  readonly columns: number
}

/** Whoever read our output has gone, as `head` does: the end of the work, not an error. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed'
}
