import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { ServerIdentity } from '../../pki/authority.ts'
import { type ForwardScope, serveForward } from './forward-connection.ts'

/** A listener of the forward protocol. */
export interface ForwardServer {
  readonly port: number
  close(): Promise<void>
}

const MAX_CONNECTIONS = 5_000

/**
 * Starts a listener of Fluentd's forward protocol over TCP or TLS.
 *
 * @param identity Certificate for TLS; without it the listener is plain.
 */
export async function startForward(
  listen: { readonly host: string; readonly port: number },
  scope: ForwardScope,
  identity: ServerIdentity | undefined,
): Promise<ForwardServer> {
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveForward(socket, scope)
  }
  const server =
    identity === undefined
      ? createServer(accept)
      : createTlsServer({ key: identity.key, cert: identity.chain, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 }, accept)
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
