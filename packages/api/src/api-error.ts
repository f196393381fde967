import { type Static, Type } from 'typebox'

/** Body of every answer that is not 2xx: what happened, why, and what to do about it. */
export const ApiErrorBody = Type.Object(
  {
    code: Type.String({ pattern: '^PW-[A-Z]{2}-\\d{3}$', description: 'Stable; `podwitness explain CODE` says more.' }),
    what: Type.String(),
    why: Type.String(),
    do: Type.String(),
    line: Type.Optional(Type.Integer({ description: 'Where a query is wrong, from 1.' })),
    column: Type.Optional(Type.Integer({ description: 'From 1, in UTF-16 code units.' })),
  },
  { $id: 'ApiError' },
)
export type ApiErrorBody = Static<typeof ApiErrorBody>

/** Codes that the client itself gives, for answers that no server of ours wrote. */
export const CLIENT_CODES = {
  unreachable: 'PW-AP-001',
  unreadable: 'PW-AP-002',
} as const

/** A request that did not succeed. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly what: string
  readonly why: string
  readonly do: string
  /** Where a query is wrong, both from 1. */
  readonly line: number | undefined
  readonly column: number | undefined
  /** HTTP status; 0 where no answer came. */
  readonly status: number

  constructor(body: ApiErrorBody, status: number, options?: ErrorOptions) {
    super(`${body.code} ${body.what}: ${body.why}`, options)
    this.code = body.code
    this.what = body.what
    this.why = body.why
    this.do = body.do
    this.line = body.line
    this.column = body.column
    this.status = status
  }
}
