import type { Server, Socket } from 'node:net'
import { networkOf } from './network-of.ts'

/** Connections a listener holds. */
export interface ConnectionLimits {
  readonly all: number
  /** From one address, without those that have proven whose they are. */
  readonly perAddress: number
}

/** Why a connection was not let in, or ended. */
export type GateRefusal = 'too_many_connections' | 'too_many_from_address' | 'tls_handshake'

/**
 * Keeps one address from taking every connection of a listener. Who proves to be known by certificate or token is not
 * counted any more: many nodes may stand behind one address.
 */
export class ConnectionGate {
  limits: ConnectionLimits
  readonly #onRefused: (why: GateRefusal, address: string) => void
  readonly #unproven = new Map<string, number>()
  /** Network of each connection that has not proven anything, by its far end. */
  readonly #ends = new Map<string, string>()
  #server: Server | undefined

  /** @param onRefused Is told of each; the address is the far end's. */
  constructor(limits: ConnectionLimits, onRefused: (why: GateRefusal, address: string) => void) {
    this.limits = limits
    this.#onRefused = onRefused
  }

  /** Takes care of a listener: of TCP, or of TLS and HTTPS on it. */
  watch(server: Server): void {
    this.#server = server
    server.maxConnections = this.limits.all
    server.on('drop', (data?: { remoteAddress?: string }) => this.#onRefused('too_many_connections', data?.remoteAddress ?? ''))
    server.prependListener('connection', (socket: Socket) => this.#admit(socket))
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // Who goes away by itself is no refusal; a probe of the port does.
      if (error.code !== 'ECONNRESET') this.#onRefused('tls_handshake', socket.remoteAddress ?? '')
    })
  }

  /** Changes the limits; connections that are there stay. */
  setLimits(limits: ConnectionLimits): void {
    this.limits = limits
    if (this.#server !== undefined) this.#server.maxConnections = limits.all
  }

  /** The connection is of a known sender. */
  prove(socket: { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined }): void {
    this.#forget(endOf(socket))
  }

  #admit(socket: Socket): void {
    const { remoteAddress: address = '' } = socket
    const network = networkOf(address)
    const count = this.#unproven.get(network) ?? 0
    if (count >= this.limits.perAddress) {
      this.#onRefused('too_many_from_address', address)
      socket.destroy()
      return
    }
    const end = endOf(socket)
    this.#unproven.set(network, count + 1)
    this.#ends.set(end, network)
    socket.once('close', () => this.#forget(end))
  }

  #forget(end: string): void {
    const network = this.#ends.get(end)
    if (network === undefined) return
    this.#ends.delete(end)
    const left = (this.#unproven.get(network) ?? 1) - 1
    if (left > 0) this.#unproven.set(network, left)
    else this.#unproven.delete(network)
  }
}

function endOf({
  remoteAddress = '',
  remotePort = 0,
}: {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}): string {
  return `${remoteAddress} ${remotePort}`
}
