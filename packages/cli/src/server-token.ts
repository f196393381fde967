import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** At least 128 bits of randomness, in hexadecimal digits. */
const TOKEN = /^[0-9a-f]{32,}$/

/** The token of the server on a data folder: made once, kept in a file that only its owner can read. */
export function serverToken(folder: string): { token: string; path: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'token')
  const known = read(path)
  if (TOKEN.test(known)) return { token: known, path }
  const token = randomBytes(24).toString('hex')
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
  return { token, path }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
