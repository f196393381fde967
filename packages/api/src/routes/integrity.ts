import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** Something a check found; `docs/reference/evidence.md` says what each code means. */
const IntegrityFinding = Type.Object({
  severity: closedWord(['alarm', 'note'] as const),
  code: Type.String(),
  message: Type.String(),
  chain: Type.Optional(Type.String()),
  seq: Type.Optional(Type.Integer()),
  batch: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  sources: Type.Optional(Type.Array(Type.String())),
})
export type IntegrityFinding = Static<typeof IntegrityFinding>

/** Whether the store still holds what was put into it, as far as it was checked. */
export const Integrity = Type.Object({
  available: Type.Boolean({ description: 'False where this server keeps no ledger.' }),
  running: Type.Boolean(),
  done: Type.Integer({ description: 'Batches compared so far.' }),
  all: Type.Integer(),
  started: Type.String({ description: 'Of the last check; empty where none was made since the server started.' }),
  finished: Type.String(),
  intact: Type.Union([Type.Boolean(), Type.Null()], { description: 'Null until a check has finished.' }),
  rows: Type.Integer(),
  batches: Type.Integer(),
  key: Type.String({ description: 'Id of the key the signatures were checked with.' }),
  chains: Type.Array(Type.Object({ chain: Type.String(), entries: Type.Integer(), head: Type.String() })),
  findings: Type.Array(IntegrityFinding, { description: 'At most 500.' }),
  failure: Type.String({ description: 'Why the check could not be finished; empty otherwise.' }),
})
export type Integrity = Static<typeof Integrity>

/** What the last check found, and how far a running one is. */
export const integrityRoute = {
  method: 'GET',
  right: 'audit',
  path: '/api/v1/integrity',
  summary: 'What the last check of the ledger found, and how far a running one is.',
  reply: Integrity,
} as const satisfies Route

/** Starts a check; one that runs already is not started twice. */
export const integrityCheckRoute = {
  method: 'POST',
  right: 'audit',
  act: 'integrity-check',
  path: '/api/v1/integrity/check',
  summary: 'Starts a check of every link, signature and row; ask GET /api/v1/integrity how far it is.',
  reply: Integrity,
} as const satisfies Route
