import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The server's side of the handshake with a shared key. Source: Fluentd Forward Protocol Specification v1,
 * "Handshake messages": HELO, PING, PONG.
 */
export class SharedKeyHandshake {
  readonly #key: string
  readonly #nonce = randomBytes(16)
  readonly #name: string

  /** @param name This server's name, as the sender is told it. */
  constructor(key: string, name: string) {
    this.#key = key
    this.#name = name
  }

  /** The first message, to the sender. */
  get helo(): unknown {
    return ['HELO', { nonce: this.#nonce, auth: '', keepalive: true }]
  }

  /** Judges the sender's answer. @returns Whether it may send, and what to answer it. */
  judge(ping: unknown): { readonly isKnown: boolean; readonly pong: unknown } {
    const [word, host, salt, digest] = Array.isArray(ping) ? (ping as unknown[]) : []
    const isPing = word === 'PING' && typeof host === 'string' && isBytes(salt) && typeof digest === 'string'
    if (!isPing) return { isKnown: false, pong: ['PONG', false, 'a PING was expected', '', ''] }
    const isKnown = isSame(digest, this.#digest(salt, host))
    if (!isKnown) return { isKnown, pong: ['PONG', false, 'shared key mismatch', '', ''] }
    return { isKnown, pong: ['PONG', true, '', this.#name, this.#digest(salt, this.#name)] }
  }

  #digest(salt: Uint8Array | string, host: string): string {
    return createHash('sha512').update(salt).update(host).update(this.#nonce).update(this.#key).digest('hex')
  }
}

function isBytes(value: unknown): value is Uint8Array | string {
  return value instanceof Uint8Array || typeof value === 'string'
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
