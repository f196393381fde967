import type { FoundSchema } from './found-schema.ts'
import { type WorkspaceTable, withoutWorkspaces } from './other-workspaces.ts'

/** A query with the columns of its plugins put in, and the way back to what the user wrote. */
export class CompletedText {
  /** As the user wrote it. */
  readonly original: string
  /** As it is parsed. */
  readonly text: string
  /** Tables that are named together with their workspace, by where their names stand in `text`. */
  readonly workspaceTables: ReadonlyMap<number, WorkspaceTable>
  readonly #insertions: readonly FoundSchema[]

  /** `blank` characters at the start are not parsed: something that was found stands for them. */
  constructor(original: string, found: readonly FoundSchema[], blank = 0) {
    this.original = original
    this.#insertions = [...found].sort((a, b) => a.at - b.at)
    const given = ' '.repeat(blank) + original.slice(blank)
    let text = ''
    let from = 0
    for (const { at, schema } of this.#insertions) {
      text += given.slice(from, at) + schema
      from = at
    }
    const { text: plain, tables } = withoutWorkspaces(text + given.slice(from))
    this.text = plain
    this.workspaceTables = tables
  }

  /** An offset of the parsed text as one of the user's. */
  place(offset: number): number {
    let shift = 0
    for (const { at, schema } of this.#insertions) {
      if (offset <= at + shift) break
      if (offset < at + shift + schema.length) return at
      shift += schema.length
    }
    return Math.min(Math.max(offset - shift, 0), this.original.length)
  }
}
