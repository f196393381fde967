/** What became of one option of `oms-config`. */
export interface OmsNote {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly option: string
  /** `set`: in force here. `by hand`: ours has it at another place, which the text names. `none`: nothing here does that. */
  readonly verdict: 'set' | 'by hand' | 'needless' | 'none' | 'wrong'
  readonly text: string
}

/** One line for people. */
export function omsNoteText({ file, line, option, verdict, text }: OmsNote): string {
  return `${file}:${line}: ${option}: ${verdict}: ${text}`
}
