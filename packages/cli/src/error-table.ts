import { accessErrors } from './errors/access-errors.ts'
import { agentErrors } from './errors/agent-errors.ts'
import { alertErrors } from './errors/alert-errors.ts'
import { apiErrors } from './errors/api-errors.ts'
import { backupErrors } from './errors/backup-errors.ts'
import { commandLineErrors } from './errors/command-line-errors.ts'
import { decodeErrors } from './errors/decode-errors.ts'
import type { ErrorEntries } from './errors/error-entry.ts'
import { eventsErrors } from './errors/events-errors.ts'
import { huntErrors } from './errors/hunt-errors.ts'
import { importErrors } from './errors/import-errors.ts'
import { intakeErrors } from './errors/intake-errors.ts'
import { ledgerErrors } from './errors/ledger-errors.ts'
import { nodeErrors } from './errors/node-errors.ts'
import { oidcErrors } from './errors/oidc-errors.ts'
import { pageErrors } from './errors/page-errors.ts'
import { policyErrors } from './errors/policy-errors.ts'
import { queryErrors } from './errors/query-errors.ts'
import { serverErrors } from './errors/server-errors.ts'
import { sessionsErrors } from './errors/sessions-errors.ts'
import { settingsErrors } from './errors/settings-errors.ts'
import { spoolErrors } from './errors/spool-errors.ts'
import { storeErrors } from './errors/store-errors.ts'

export type { ErrorEntry } from './errors/error-entry.ts'

/** Every code of every package, by area and in order. A test holds it against the sources. */
export const errorTable: ErrorEntries = {
  ...agentErrors,
  ...alertErrors,
  ...apiErrors,
  ...accessErrors,
  ...commandLineErrors,
  ...decodeErrors,
  ...eventsErrors,
  ...huntErrors,
  ...importErrors,
  ...intakeErrors,
  ...ledgerErrors,
  ...policyErrors,
  ...nodeErrors,
  ...oidcErrors,
  ...queryErrors,
  ...sessionsErrors,
  ...settingsErrors,
  ...spoolErrors,
  ...storeErrors,
  ...backupErrors,
  ...serverErrors,
  ...pageErrors,
}
