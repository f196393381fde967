import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { ServerIdentity } from '../pki/authority.ts'

/** A listener for senders that keep a connection open. */
export interface StreamServer {
  readonly port: number
  /** Ends the listener and every connection. */
  close(): Promise<void>
}

/** Connections at a time, and how long a TLS handshake may take, milliseconds. */
const MAX_CONNECTIONS = 5_000
const HANDSHAKE_MS = 10_000

/**
 * Listens for connections over TCP or TLS 1.2 and 1.3. Fails where the address is taken.
 *
 * @param listen.port 0 takes any free port.
 * @param identity Certificate for TLS; without it the listener is plain.
 */
export async function listenStream(
  listen: { readonly host: string; readonly port: number },
  identity: ServerIdentity | undefined,
  onConnection: (socket: Socket) => void,
): Promise<StreamServer> {
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  }
  const tls = { minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS } as const
  const server =
    identity === undefined ? createServer(accept) : createTlsServer({ key: identity.key, cert: identity.chain, ...tls }, accept)
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
