import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate of an authority, and its key where it may sign. PEM. */
export interface AuthorityPair {
  readonly certificate: string
  readonly key: string
  readonly fingerprint: string
}

/** The authorities of a folder: one signs, the others are trusted while senders change from one to the next. */
export interface AuthorityFiles {
  readonly current: AuthorityPair
  /** Made known to senders, and not used yet. */
  readonly next: AuthorityPair | undefined
  /** Used before; senders may still have certificates of theirs. */
  readonly former: readonly AuthorityPair[]
}

/** Files of a folder. */
export const authorityPath = (folder: string): string => join(folder, 'authority.pem')
export const nextPath = (folder: string): string => join(folder, 'next.pem')
export const formerFolder = (folder: string): string => join(folder, 'former')

/** SHA-256 of a certificate's DER, hexadecimal. */
function fingerprintOf(certificate: string): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')
}

/** Reads what there is; key and certificate are one file, as two could part ways in a crash. */
export function readAuthorityFiles(folder: string): AuthorityFiles {
  const current = readPair(authorityPath(folder))
  const names = existsSync(formerFolder(folder)) ? readdirSync(formerFolder(folder)).filter((name) => name.endsWith('.crt')) : []
  return {
    current,
    next: existsSync(nextPath(folder)) ? readPair(nextPath(folder)) : undefined,
    former: names
      .map((name) => readPair(join(formerFolder(folder), name)))
      .filter(({ fingerprint }) => fingerprint !== current.fingerprint), // As a crash while changing over leaves it.
  }
}

/** All that are trusted, the one that signs first. */
export function trusted({ current, next, former }: AuthorityFiles): AuthorityPair[] {
  return [current, ...(next === undefined ? [] : [next]), ...former]
}

function readPair(path: string): AuthorityPair {
  const text = readFileSync(path, 'utf8')
  const [certificate = '', key = ''] = [
    /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/,
    /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/,
  ].map((part) => part.exec(text)?.[0] ?? '')
  return { certificate: `${certificate}\n`, key, fingerprint: fingerprintOf(certificate) }
}
