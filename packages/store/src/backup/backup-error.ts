/** Every way a backup can fail, by a code that stays the same. */
export type BackupErrorCode =
  /** The rows are on a server of their own. */
  | 'PW-BK-001'
  /** The engine could not write it. */
  | 'PW-BK-002'
  /** There is none where one was named. */
  | 'PW-BK-003'
  /** It is not what was written. */
  | 'PW-BK-004'
  /** The one it builds on is missing. */
  | 'PW-BK-005'
  /** The folder to restore into is not empty. */
  | 'PW-BK-006'
  /** The engine could not read it back. */
  | 'PW-BK-007'
  /** It cannot be written there. */
  | 'PW-BK-008'
  /** One that was to be removed must stay. */
  | 'PW-BK-009'

/** A backup that could not be made, read or restored. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: BackupErrorCode
  readonly what: string
  readonly why: string
  readonly todo: string

  constructor(code: BackupErrorCode, parts: { what: string; why?: string; todo?: string; cause?: unknown }) {
    const { what, why = '', todo = '', cause } = parts
    super([what, why, todo].filter((text) => text !== '').join(' '), cause === undefined ? undefined : { cause })
    this.code = code
    this.what = what
    this.why = why
    this.todo = todo
  }
}

/** Of a server of its own only itself can write one. */
export function backedUpElsewhere(): BackupError {
  return new BackupError('PW-BK-001', {
    what: 'podwitness makes no backup of a ClickHouse server or cluster.',
    why: 'Its files are on other machines, and it has a backup of its own.',
    todo: 'Run its BACKUP and keep a copy of the data folder, in the order of docs/guides/backup.md.',
  })
}
