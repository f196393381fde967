import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { IntakeError } from './intake-error.ts'
import type { IntakeScope } from './intake-route.ts'
import { readBody } from './read-body.ts'

/** Largest body of a request that is not a batch, bytes. */
const LIMIT = 64 * 1024

/**
 * A reader of small JSON bodies of one shape.
 *
 * @returns A function that throws IntakeError PW-IN-005 where the body has another shape.
 */
export function jsonReader<Schema extends TSchema>(
  schema: Schema,
): (request: FastifyRequest, scope: IntakeScope) => Promise<Static<Schema>> {
  const check = Compile(schema)
  return async (request, { budget }) => {
    const { bytes, release } = await readBody(request.raw, { sent: LIMIT, unpacked: LIMIT }, budget)
    try {
      const json: unknown = JSON.parse(bytes.toString('utf8'))
      if (check.Check(json)) return json as Static<Schema>
      const [error] = check.Errors(json)
      throw wrong(`${error?.instancePath || '/'} ${error?.message ?? 'is wrong'}.`)
    } catch (error) {
      throw error instanceof SyntaxError ? wrong('It is no JSON.') : error
    } finally {
      release()
    }
  }
}

function wrong(why: string): IntakeError {
  return new IntakeError('PW-IN-005', 400, { what: 'The body cannot be read.', why, do: 'See docs/reference/intake.md.' })
}
