import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { ConnectionGate, type GateRefusal } from '../limits/connection-gate.ts'
import type { ServerIdentity } from '../pki/authority.ts'

/** A listener for senders that keep a connection open. */
export interface StreamServer {
  readonly port: number
  /** Shows another certificate from now on; connections that are there stay. Nothing where the listener is plain. */
  setIdentity(identity: ServerIdentity): void
  /** Ends the listener and every connection. */
  close(): Promise<void>
}

/** Connections at a time, of all and of one address; how long a TLS handshake may take, milliseconds. */
const LIMITS = { all: 5_000, perAddress: 256 }
const HANDSHAKE_MS = 10_000

/**
 * Listens for connections over TCP or TLS 1.2 and 1.3. Fails where the address is taken.
 *
 * @param listen.port 0 takes any free port.
 * @param identity Certificate for TLS; without it the listener is plain.
 * @param onRefused Is told of connections that are not let in.
 */
export async function listenStream(
  listen: { readonly host: string; readonly port: number },
  identity: ServerIdentity | undefined,
  onConnection: (socket: Socket) => void,
  onRefused: (why: GateRefusal, address: string) => void,
): Promise<StreamServer> {
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    if (socket.destroyed) return // The gate is asked first.
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  }
  const tls = { minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS } as const
  const secure = identity === undefined ? undefined : createTlsServer({ key: identity.key, cert: identity.chain, ...tls }, accept)
  const server = secure ?? createServer(accept)
  new ConnectionGate(LIMITS, onRefused).watch(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    setIdentity: ({ key, chain }) => secure?.setSecureContext({ key, cert: chain, minVersion: 'TLSv1.2' }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
