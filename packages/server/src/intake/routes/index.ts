import type { IntakeRoute } from '../intake-route.ts'
import { apiserver } from './apiserver.ts'
import { batches } from './batches.ts'
import { join } from './join.ts'
import { logs, otlpLogs } from './logs.ts'
import { renew } from './renew.ts'

/** Every route of the intake listener. */
export const INTAKE_HANDLERS: readonly IntakeRoute[] = [join, renew, batches, apiserver, logs, otlpLogs]
