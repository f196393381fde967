import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeProblem } from './node-error.ts'

type FileKind = 'rules' | 'plugin' | 'oms'

/** A file that shall be on the node. */
export interface DesiredFile {
  readonly kind: FileKind
  /** Name in the folder of its kind: the key of the ConfigMap. */
  readonly name: string
  readonly text: string
  /** Where it was asked for, for messages. */
  readonly source: string
}

/** All that was asked for. */
export interface DesiredState {
  readonly files: readonly DesiredFile[]
  readonly problems: readonly NodeProblem[]
  /** Equal for equal content. */
  readonly hash: string
}

/** Folders shaped like mounted ConfigMaps; what is not given is not managed. */
export interface DesiredFolders {
  readonly rules?: string
  readonly plugins?: string
  readonly oms?: string
}

/** Names of the folders in `--config`: those of aks-auditd's ConfigMaps and of its mounts. */
const FOLDER_NAMES: Readonly<Record<keyof DesiredFolders, readonly string[]>> = {
  rules: ['auditd-rules', 'audit-rules'],
  plugins: ['audisp-plugins', 'audispd-plugins'],
  oms: ['oms-config'],
}

/** A ConfigMap holds 1 MiB at most. Source: Kubernetes API reference, ConfigMap v1. */
const LARGEST_FILE_BYTES = 1024 * 1024
const MOST_FILES = 1000

/** Finds the folders of the three kinds in one folder. */
export function foldersIn(config: string): DesiredFolders {
  const found = (kind: keyof DesiredFolders) =>
    FOLDER_NAMES[kind].map((name) => join(config, name)).find((path) => existsSync(path))
  const [rules, plugins, oms] = [found('rules'), found('plugins'), found('oms')]
  return {
    ...(rules === undefined ? {} : { rules }),
    ...(plugins === undefined ? {} : { plugins }),
    ...(oms === undefined ? {} : { oms }),
  }
}

/** Every folder that `foldersIn` would find, there or not. */
export function possibleFolders(config: string): string[] {
  return Object.values(FOLDER_NAMES).flatMap((names) => names.map((name) => join(config, name)))
}

/** Reads the folders and adds further files. A folder that cannot be read is a problem, not an empty set. */
export function readDesiredState(folders: DesiredFolders, further: readonly DesiredFile[] = []): DesiredState {
  const problems: NodeProblem[] = []
  const files = new Map<string, DesiredFile>()
  for (const file of further) files.set(`${file.kind}/${file.name}`, file)
  const kinds = { rules: 'rules', plugins: 'plugin', oms: 'oms' } as const
  for (const [folder, kind] of Object.entries(kinds) as [keyof DesiredFolders, FileKind][]) {
    const path = folders[folder]
    if (path === undefined) continue
    for (const file of readFolder(path, kind, problems)) files.set(`${file.kind}/${file.name}`, file)
  }
  return stateOf([...files.values()], problems)
}

/** A desired state out of its files. */
export function stateOf(files: readonly DesiredFile[], problems: readonly NodeProblem[] = []): DesiredState {
  const content = files.map(({ kind, name, text }) => JSON.stringify([kind, name, text])).sort()
  return { files, problems, hash: createHash('sha256').update(content.join('\n')).digest('hex') }
}

/**
 * Files of a folder as kubelet mounts it: names are links into `..data`, itself a link that is swapped when the
 * ConfigMap changes. `..data` is followed once, so that all files are of one version.
 */
function readFolder(path: string, kind: FileKind, problems: NodeProblem[]): DesiredFile[] {
  const refuse = (file: string, message: string) =>
    problems.push({ code: 'PW-ND-007', severity: 'refused', part: kind, file, line: 0, message })
  let version: string
  let names: string[]
  try {
    const data = join(path, '..data')
    version = realpathSync(existsSync(data) ? data : path)
    names = readdirSync(version)
      .filter((name) => !name.startsWith('.'))
      .sort()
  } catch (error) {
    refuse(path, `the folder cannot be read: ${reasonOf(error)}`)
    return []
  }
  if (names.length > MOST_FILES) refuse(path, `the folder has more than ${MOST_FILES} files`)
  return names.slice(0, MOST_FILES).flatMap((name) => {
    const file = { source: join(path, name), at: join(version, name) }
    try {
      const info = statSync(file.at)
      if (!info.isFile()) return []
      if (info.size > LARGEST_FILE_BYTES) {
        refuse(file.source, 'the file is larger than 1 MiB')
        return []
      }
      const text = readFileSync(file.at, 'utf8')
      const unused = unusedName(kind, name)
      if (unused === '') return [{ kind, name, text, source: file.source }]
      problems.push({ code: 'PW-ND-018', severity: 'note', part: kind, file: file.source, line: 0, message: unused })
    } catch (error) {
      if (lstatSync(file.at, { throwIfNoEntry: false }) !== undefined) refuse(file.source, `cannot be read: ${reasonOf(error)}`)
    }
    return []
  })
}

function unusedName(kind: FileKind, name: string): string {
  const ending = kind === 'rules' ? '.rules' : '.conf'
  if (kind === 'oms' && /\.(?:requires|json)$/.test(name)) return ''
  return name.endsWith(ending) ? '' : `its name does not end in ${ending}, so nothing would read it; it is left out`
}

/** The system's word for why something failed. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
