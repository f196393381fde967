import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '@podwitness/store'
import { makeAuthority } from './authority.ts'
import { authorityPath, formerFolder, nextPath, readAuthorityFiles } from './authority-files.ts'
import { IssuedAccount, type NotedFact } from './issued-account.ts'
import { PkiError } from './pki-error.ts'
import { writePrivate } from './write-private.ts'

/** How far a change of the authority is. */
export interface AuthorityState {
  /** Fingerprints. */
  readonly current: string
  readonly next: string | null
  readonly former: readonly string[]
  /** Senders with a valid certificate that do not know the next authority yet. */
  readonly unaware: readonly NotedFact[]
  /** Senders whose valid certificate is of a former authority. */
  readonly behind: readonly NotedFact[]
}

/** Reads how far a change is. The folder has an authority. */
export function authorityState(folder: string): AuthorityState {
  const { current, next, former } = readAuthorityFiles(folder)
  const valid = new IssuedAccount(join(folder, 'issued')).list().filter(({ notAfter }) => Date.parse(notAfter) > Date.now())
  const formerPrints = former.map(({ fingerprint }) => fingerprint)
  return {
    current: current.fingerprint,
    next: next?.fingerprint ?? null,
    former: formerPrints,
    unaware: next === undefined ? [] : valid.filter(({ trusts = [] }) => !trusts.includes(next.fingerprint)),
    behind: former.length === 0 ? [] : valid.filter(({ trusts = [] }) => trusts[0] !== current.fingerprint),
  }
}

/** Makes the next authority; the server tells senders of it, and they renew to know both. Does nothing where there is one. */
export async function announceAuthority(folder: string): Promise<void> {
  if (!existsSync(nextPath(folder))) writePrivate(nextPath(folder), await makeAuthority(), { fresh: true })
}

/**
 * Signs with the next authority from now on; the one before stays trusted.
 *
 * @throws PkiError PW-PK-005 where none was announced, or senders do not know it yet and it is not forced.
 */
export function switchAuthority(folder: string, force: boolean): void {
  const { next, unaware } = authorityState(folder)
  if (next === null) throw notYet('No next authority was announced.', 'Run `podwitness authority announce` first.')
  if (unaware.length > 0 && !force) throw notYet(`${named(unaware)} would no longer know this server.`, WAIT)
  const { current } = readAuthorityFiles(folder)
  mkdirSync(formerFolder(folder), { recursive: true, mode: 0o700 })
  writePrivate(join(formerFolder(folder), `${current.fingerprint}.crt`), current.certificate)
  renameSync(nextPath(folder), authorityPath(folder)) // At once: the key before this is gone with it.
  syncFolder(folder)
}

/**
 * Trusts former authorities no longer.
 *
 * @throws PkiError PW-PK-005 where senders still have certificates of theirs and it is not forced.
 */
export function retireAuthority(folder: string, force: boolean): void {
  const { behind } = authorityState(folder)
  if (behind.length > 0 && !force) throw notYet(`${named(behind)} could no longer send.`, WAIT)
  if (!existsSync(formerFolder(folder))) return
  for (const name of readdirSync(formerFolder(folder))) rmSync(join(formerFolder(folder), name))
  syncFolder(formerFolder(folder))
}

const WAIT =
  'Wait: senders that are up renew by themselves within a minute. Where one is gone for good, go on with --force; it has to join again.'

function named(facts: readonly NotedFact[]): string {
  const names = facts.slice(0, 5).map(({ cluster, node }) => `${cluster}/${node || 'API server'}`)
  return `${names.join(', ')}${facts.length > 5 ? ` and ${facts.length - 5} more` : ''}`
}

function notYet(why: string, todo: string): PkiError {
  return new PkiError('PW-PK-005', { what: 'The authority is not changed yet.', why, do: todo })
}
