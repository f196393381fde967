import type { BundleVerdict, EvidenceBundle } from './bundle.ts'

/**
 * Checks a bundle with nothing but Web Crypto. This function is written into the bundle as its own text, for the page
 * and for the script beside it: so it must not use anything from outside of itself.
 *
 * Hashes: RFC 6962, section 2.1, over netstrings of the event's columns. Signatures: ed25519, RFC 8032.
 */
export async function verifyBundle(bundle: Pick<EvidenceBundle, 'events' | 'entries' | 'publicKey'>): Promise<BundleVerdict> {
  const utf8 = new TextEncoder()
  const sha256 = async (...parts: Uint8Array[]): Promise<Uint8Array> => {
    const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  }
  const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const ofHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const ofBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))

  const importKey = async () => {
    try {
      const der = ofBase64(bundle.publicKey.replace(/-----[^-]+-----|\s/g, ''))
      return await crypto.subtle.importKey('spki', new Uint8Array(der), 'Ed25519', false, ['verify'])
    } catch {
      return undefined // A browser without ed25519.
    }
  }
  const key = await importKey()

  const badEntries: string[] = []
  for (const [name, { seq, written, prev, fact, head, signature }] of Object.entries(bundle.entries)) {
    const fields = Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1))
    const found = await sha256(utf8.encode(JSON.stringify([seq, written, prev, fields])))
    const signed =
      key === undefined ||
      (await crypto.subtle.verify('Ed25519', key, new Uint8Array(ofBase64(signature)), new Uint8Array(found)))
    if (hexOf(found) !== head || !signed) badEntries.push(name)
  }

  const unproven: string[] = []
  for (const event of bundle.events) {
    const { eventId, kind, cluster, node, source, timeMicros, rawEncoding, raw, path } = event
    const columns = [eventId, kind, cluster, node, source, String(timeMicros), rawEncoding, raw].map((text) => utf8.encode(text))
    const netstrings = columns.flatMap((bytes) => [utf8.encode(`${bytes.length}:`), bytes, utf8.encode(',')])
    let hash = await sha256(Uint8Array.of(0), ...netstrings)
    for (const step of path) {
      const other = ofHex(step.hash)
      hash = step.side === 'left' ? await sha256(Uint8Array.of(1), other, hash) : await sha256(Uint8Array.of(1), hash, other)
    }
    const fact = bundle.entries[event.entry]?.fact
    const proven = fact !== undefined && 'root' in fact && fact.root === hexOf(hash) && !badEntries.includes(event.entry)
    if (!proven) unproven.push(eventId)
  }
  return { events: bundle.events.length, unproven, badEntries, signaturesChecked: key !== undefined }
}
