import type { FastifyRequest } from 'fastify'
import type { ByteBudget } from './byte-budget.ts'
import type { IntakeParts } from './intake-options.ts'
import type { IntakeSenders } from './intake-senders.ts'

/** What a route of the intake works with. */
export interface IntakeScope extends IntakeParts {
  readonly senders: IntakeSenders
  readonly budget: ByteBudget
}

/** One route of the intake. It reads its own body, and says itself whom it needs. */
export interface IntakeRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: (request: FastifyRequest, scope: IntakeScope) => Promise<object>
}
