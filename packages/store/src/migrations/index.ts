import type { Migration } from '../migration.ts'
import { accessTables } from './access.ts'
import { alertTables } from './alerts.ts'
import { wordsInAnyCase } from './any-case.ts'
import { intake } from './intake.ts'
import { keeping } from './keeping.ts'
import { savedQueries } from './saved-queries.ts'
import { tables } from './tables.ts'
import { views } from './views.ts'

/** In order; a released one is never changed, what follows it gets the next number. */
export const migrations: readonly Migration[] = [
  tables,
  views,
  intake,
  alertTables,
  accessTables,
  keeping,
  savedQueries,
  wordsInAnyCase,
]
