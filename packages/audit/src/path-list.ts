import { posix } from 'node:path'
import type { AuditPath } from './audit-event.ts'
import { KEY } from './field-dictionary.ts'
import { fieldNumber, fieldText, findField } from './field-value.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'

/** What relative names of an event start from. */
export interface PathBase {
  readonly cwd: string | undefined
  /** The call names its own directory by a descriptor (openat with other than AT_FDCWD): relative names are unknowable. */
  readonly ownDirectory: boolean
}

/** The PATH records of an event, ordered by `item`. */
export function pathsOf(records: readonly AuditRecord[], base: PathBase): AuditPath[] {
  const paths: AuditPath[] = []
  for (const record of records) if (record.type.number === TYPE.PATH) paths.push(pathOf(record, base, paths.length))
  return paths.sort((a, b) => a.item - b.item)
}

function pathOf(record: AuditRecord, base: PathBase, position: number): AuditPath {
  const item = fieldNumber(record, KEY.item)
  const name = fieldText(record, KEY.name) ?? null
  const resolved = resolvePath(name, base)
  const texts = {
    inode: KEY.inode,
    dev: KEY.dev,
    mode: KEY.mode,
    nametype: findField(record, KEY.nametype) < 0 ? KEY.objtype : KEY.nametype,
  }
  const path: Record<string, string | number | null> = { item: item < 0 ? position : item, name }
  if (resolved !== undefined) path.path = resolved
  for (const [field, id] of Object.entries(texts)) {
    const value = fieldText(record, id)
    if (value !== undefined && value !== null) path[field] = value
  }
  for (const field of ['ouid', 'ogid'] as const) {
    const value = fieldNumber(record, KEY[field])
    if (value >= 0) path[field] = value
  }
  return path as unknown as AuditPath
}

/** Absolute, without `.`, `..` and doubled slashes; undefined where it cannot be known. */
export function resolvePath(name: string | null, { cwd, ownDirectory }: PathBase): string | undefined {
  if (name === null || name === '') return undefined
  if (name.startsWith('/')) return trimSlash(posix.normalize(name.replace(/^\/+/, '/')))
  if (cwd === undefined || !cwd.startsWith('/') || ownDirectory) return undefined
  return trimSlash(posix.normalize(`${cwd}/${name}`.replace(/^\/+/, '/')))
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
