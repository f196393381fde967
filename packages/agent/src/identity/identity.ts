import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { writeDurably } from '@podwitness/pipeline'

/** Who this agent is to its server. */
export interface Identity {
  readonly agentId: string
  /** PEM: private key, certificate, and the CA that the server is checked against. */
  readonly key: string
  readonly certificate: string
  readonly ca: string
  /** End of the certificate by this node's clock, milliseconds since the Unix epoch. */
  readonly notAfterMs: number
  /** When it was given, milliseconds since the Unix epoch. */
  readonly sinceMs: number
}

/** Reads a stored identity; undefined where there is none that can be used. */
export async function readIdentity(path: string): Promise<Identity | undefined> {
  try {
    const identity: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isIdentity(identity) ? identity : undefined
  } catch {
    return undefined
  }
}

/** Stores an identity, readable by its owner only. */
export async function writeIdentity(path: string, identity: Identity): Promise<void> {
  await writeDurably(path, JSON.stringify(identity), 0o600)
}

/**
 * What a server answered to a join or renewal, as an identity; undefined where it is not one for this key.
 *
 * @param clocks This node's clock and the server's: the certificate's times are the server's.
 */
export function identityOf(
  answer: unknown,
  key: string,
  { nowMs, serverMs = nowMs }: { readonly nowMs: number; readonly serverMs?: number | undefined },
): Identity | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { certificate, ca, agentId } = answer as Record<string, unknown>
  if (typeof certificate !== 'string' || typeof ca !== 'string' || typeof agentId !== 'string') return undefined
  try {
    const parsed = new X509Certificate(certificate)
    if (!parsed.checkPrivateKey(createPrivateKey(key))) return undefined
    return { agentId, key, certificate, ca, sinceMs: nowMs, notAfterMs: Date.parse(parsed.validTo) + nowMs - serverMs }
  } catch {
    return undefined
  }
}

/** SHA-256 of each certificate in a PEM text, hexadecimal. */
export function fingerprintsOf(pem: string): string[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return certificates.map((text) => createHash('sha256').update(new X509Certificate(text).raw).digest('hex'))
}

/** When to ask for the next certificate: after two thirds of this one's time. */
export function renewAtMs({ sinceMs, notAfterMs }: Identity): number {
  return sinceMs + ((notAfterMs - sinceMs) * 2) / 3
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null) return false
  const { agentId, key, certificate, ca, notAfterMs, sinceMs } = value as Partial<Identity>
  return (
    [agentId, key, certificate, ca].every((part) => typeof part === 'string') &&
    typeof notAfterMs === 'number' &&
    typeof sinceMs === 'number'
  )
}
