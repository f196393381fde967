import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../durable-file.ts'

/** An ed25519 key (RFC 8032) and its name: the first 16 hexadecimal digits of its public part's SHA-256. */
export interface SigningKey {
  readonly id: string
  /** What its signatures are checked with, PEM. */
  readonly publicKeyPem: string
  sign(bytes: Uint8Array): Buffer
}

/** What signatures are checked with. */
export interface PublicKey {
  readonly id: string
  verify(bytes: Uint8Array, signature: Uint8Array): boolean
}

const PRIVATE = 'signing-key.pem'
/** To be kept elsewhere too: a check is worth as much as the key it is made with. */
export const PUBLIC_KEY_FILE = 'signing-key.pub.pem'

/** The key of a ledger's folder; made there when there is none. Only its owner can read it. */
export function loadSigningKey(folder: string): SigningKey {
  const path = join(folder, PRIVATE)
  if (!existsSync(path)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    writeDurably(join(folder, PUBLIC_KEY_FILE), publicKey.export({ type: 'spki', format: 'pem' }))
    writeDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  const key = createPrivateKey(readFileSync(path))
  const publicKey = createPublicKey(key)
  const { id } = publicKeyOf(publicKey)
  const publicKeyPem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  return { id, publicKeyPem, sign: (bytes) => sign(null, bytes, key) }
}

/** A public key out of PEM text. @throws Error where the text is none. */
export function readPublicKey(pem: string | Buffer): PublicKey {
  return publicKeyOf(createPublicKey(pem))
}

function publicKeyOf(key: KeyObject): PublicKey {
  const spki = key.export({ type: 'spki', format: 'der' })
  return {
    id: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    verify: (bytes, signature) => verify(null, bytes, key, signature),
  }
}
