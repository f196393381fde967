import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'

/** Why a connection was ended before it was a request, by Node's error code. */
const WHY: Readonly<Record<string, readonly [status: number, reason: string, why: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'Its headers are more than 16 KiB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large', 'Its chunk extensions are more than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'It takes too long to arrive.'],
}
/** The other side went away: nobody is there to be told. */
const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'])

/**
 * Answers what is no request, or one that does not end, and closes its connection.
 *
 * @param code Code of the answer.
 * @param onRefused Is told of each with what it was; its bytes are not kept, they may hold a token.
 */
export function clientErrorHandler<Code extends string>(
  code: Code,
  onRefused: (code: Code, what: string) => void,
): (error: ConnectionError, socket: Socket) => void {
  return (error, socket) => {
    if (GONE.has(error.code) || socket.destroyed) return void socket.destroy()
    const [status, reason, why] = WHY[error.code] ?? [400, 'Bad Request', 'It is no HTTP/1.1.']
    onRefused(code, `${error.code} from ${socket.remoteAddress ?? ''}`)
    const body = JSON.stringify({ code, what: 'The request cannot be read.', why, do: 'Look at what sends it.' })
    if (!socket.writable) return void socket.destroy()
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}

/** How long the other side has to read the answer, milliseconds. */
const LINGER_MS = 1_000
