import type { IncomingMessage } from 'node:http'
import type { ByteBudget } from './byte-budget.ts'
import { IntakeError } from './intake-error.ts'
import { unpackWithin } from './unpack-within.ts'

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
    const sent = within(request, limits.sent)
    const bytes = encoding === 'gzip' ? await unpacked(sent, limits.unpacked, hold) : await whole(sent, hold)
    return { bytes, release }
  } catch (error) {
    release()
    throw error
  }
}

/** The parts of a body as they come. The connection stays, so that who sent too much can be told. */
async function* within(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let length = 0
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length
    if (length > limit) throw tooLarge(limit)
    yield part
  }
}

async function whole(sent: AsyncIterable<Buffer>, hold: (bytes: number) => void): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of sent) {
    hold(part.length)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function unpacked(sent: AsyncIterable<Buffer>, limit: number, hold: (bytes: number) => void): Promise<Buffer> {
  let length = 0
  try {
    return await unpackWithin(sent, (bytes) => {
      length += bytes
      if (length > limit) throw tooLarge(limit)
      hold(bytes)
    })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))) throw cause
    throw damaged(400, `gzip says "${cause.message}".`)
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
