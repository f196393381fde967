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
  return paths.length > 1 ? paths.sort((a, b) => a.item - b.item) : paths
}

function pathOf(record: AuditRecord, base: PathBase, position: number): AuditPath {
  const item = fieldNumber(record, KEY.item)
  const name = fieldText(record, KEY.name) ?? null
  const resolved = resolvePath(name, base)
  const path: { -readonly [K in keyof AuditPath]: AuditPath[K] } = { item: item < 0 ? position : item, name }
  if (resolved !== undefined) path.path = resolved
  const inode = fieldText(record, KEY.inode)
  if (typeof inode === 'string') path.inode = inode
  const dev = fieldText(record, KEY.dev)
  if (typeof dev === 'string') path.dev = dev
  const mode = fieldText(record, KEY.mode)
  if (typeof mode === 'string') path.mode = mode
  const nametype = fieldText(record, findField(record, KEY.nametype) < 0 ? KEY.objtype : KEY.nametype)
  if (typeof nametype === 'string') path.nametype = nametype
  const ouid = fieldNumber(record, KEY.ouid)
  if (ouid >= 0) path.ouid = ouid
  const ogid = fieldNumber(record, KEY.ogid)
  if (ogid >= 0) path.ogid = ogid
  return path
}

/** Absolute, without `.`, `..` and doubled slashes; undefined where it cannot be known. */
export function resolvePath(name: string | null, { cwd, ownDirectory }: PathBase): string | undefined {
  if (name === null || name === '') return undefined
  if (name.startsWith('/') && !name.includes('//') && !name.includes('/.') && !(name.endsWith('/') && name !== '/')) return name
  if (name.startsWith('/')) return trimSlash(posix.normalize(name.replace(/^\/+/, '/')))
  if (cwd === undefined || !cwd.startsWith('/') || ownDirectory) return undefined
  return trimSlash(posix.normalize(`${cwd}/${name}`.replace(/^\/+/, '/')))
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
