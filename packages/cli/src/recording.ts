import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Files of the bundled recording that the demo takes in; the others repeat the same events or hold the truth for tests. */
const FILES = ['audit.log.gz', 'apiserver-audit.log.gz', 'containers.jsonl.gz', 'pods-start.json.gz', 'pods-end.json.gz'] as const

/** The clone this code is part of; an installed package has no recording beside it. */
const CLONE = fileURLToPath(new URL('../../..', import.meta.url))

/** Paths of the recording's files, or those of them that are missing. */
export function findRecording(root = CLONE): { paths: string[]; missing: string[] } {
  const paths = FILES.map((name) => join(root, 'recordings', 'dev', name))
  return { paths, missing: paths.filter((path) => !existsSync(path)) }
}

/** `.podwitness` in the clone, which git ignores; `null` where this is no clone or it cannot be written. */
export function cloneFolder(root = CLONE): string | null {
  if (!existsSync(join(root, 'recordings', 'dev'))) return null
  try {
    accessSync(root, constants.W_OK)
    return join(root, '.podwitness')
  } catch {
    return null
  }
}
