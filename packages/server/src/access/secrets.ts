import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** SHA-256, hexadecimal: what is kept of a secret of at least 192 random bits. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A new secret of 192 random bits. */
export const newSecret = (): string => randomBytes(24).toString('base64url')

export const newId = (): string => randomBytes(8).toString('hex')

/** Compares texts of any length in the same time. */
export function sameText(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'length-hiding').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/** A secret made from another for one purpose. */
export const derivedSecret = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url')
