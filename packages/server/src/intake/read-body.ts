import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { ByteBudget } from './byte-budget.ts'
import { IntakeError } from './intake-error.ts'

const unpack = promisify(gunzip)

/** Bounds of a body, bytes. */
export interface BodyLimits {
  /** As sent. */
  readonly sent: number
  /** Unpacked. */
  readonly unpacked: number
}

/** A body in memory; `release` gives its share of the budget back. */
export interface HeldBody {
  readonly bytes: Buffer
  release(): void
}

/**
 * Reads a request's body whole, plain or gzip, within bounds: a bomb is stopped at the bound, whatever it claims.
 *
 * @throws IntakeError PW-IN-004 over a bound, PW-IN-005 for damaged or unknown compression, PW-IN-007 where all requests hold too much.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits, budget: ByteBudget): Promise<HeldBody> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw damaged(415, `Its content-encoding is ${JSON.stringify(encoding.slice(0, 64))}.`)
  let held = 0
  const hold = (bytes: number): void => {
    budget.take(bytes)
    held += bytes
  }
  const release = (): void => {
    budget.give(held)
    held = 0
  }
  try {
    if (Number(request.headers['content-length'] ?? 0) > limits.sent) throw tooLarge(limits.sent)
    const parts: Buffer[] = []
    let length = 0
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length
      if (length > limits.sent) throw tooLarge(limits.sent)
      hold(part.length)
      parts.push(part)
    }
    const sent = Buffer.concat(parts, length)
    if (encoding === 'identity') return { bytes: sent, release }
    const bytes = await unpacked(sent, limits.unpacked)
    hold(bytes.length)
    return { bytes, release }
  } catch (error) {
    release()
    throw error
  }
}

async function unpacked(sent: Buffer, limit: number): Promise<Buffer> {
  try {
    return await unpack(sent, { maxOutputLength: limit })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw damaged(400, cause instanceof Error ? `gzip says "${cause.message}".` : 'gzip failed.')
  }
}

function tooLarge(limit: number): IntakeError {
  return new IntakeError('PW-IN-004', 413, {
    what: 'The body is too large.',
    why: `It is more than ${limit} bytes.`,
    do: 'Send it in smaller parts.',
  })
}

function damaged(status: number, why: string): IntakeError {
  return new IntakeError('PW-IN-005', status, {
    what: 'The body cannot be read.',
    why,
    do: 'Send it plain or as gzip, in the form docs/reference/intake.md describes.',
  })
}
