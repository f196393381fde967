import { readFileSync } from 'node:fs'

/** The part of a lock file that is read. Source: npm documentation, package-lock.json, version 3. */
interface LockFile {
  readonly packages: Readonly<Record<string, { version?: string; license?: string; dev?: boolean; link?: boolean }>>
}

/** Name, version and licence of every package of others that is shipped, by name. Those for development alone are left out. */
export function thirdPartyPackages(lockFile: URL): [name: string, version: string, licence: string][] {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile
  const found = new Map<string, [string, string, string]>()
  for (const [path, { version = '', license = '', dev = false, link = false }] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1) ?? ''
    if (path.includes('node_modules/') && !dev && !link) found.set(`${name} ${version}`, [name, version, license])
  }
  return [...found.values()].sort(([a], [b]) => a.localeCompare(b))
}
