import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { QUERY_LANGUAGES } from './query.ts'
import { TextFault } from './rules.ts'

/** How an answer is looked at; what is absent is as the page has it without a choice. */
const View = Type.Object({
  columns: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 500, description: 'Shown, in this order.' })),
  chart: Type.Optional(Type.String({ maxLength: 32, description: 'Kind of chart.' })),
  range: Type.Optional(Type.String({ maxLength: 16, description: 'The last so long: `24h`, `7d`; or `all`.' })),
})

const Content = {
  name: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
  description: Type.String({ maxLength: 2000, default: '' }),
  lang: closedWord(QUERY_LANGUAGES),
  query: Type.String({ minLength: 1, maxLength: 65_536 }),
  shared: Type.Boolean({ default: false, description: 'Whether everybody who may query sees it; else its owner alone.' }),
  view: Type.Optional(View),
}

export const SavedQuery = Type.Object({
  id: Type.String(),
  ...Content,
  owner: Type.String(),
  mine: Type.Boolean({ description: 'Whether the caller may change it.' }),
  changed: Type.String({ description: 'ISO 8601.' }),
})
export type SavedQuery = Static<typeof SavedQuery>

/** One's own queries and those that are shared, by name. */
export const savedQueriesRoute = {
  method: 'GET',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries',
  summary: 'Saved queries: one’s own and those that are shared, by name.',
  reply: Type.Object({ queries: Type.Array(SavedQuery) }),
} as const satisfies Route

/** Saves a query. 409 PW-HQ-002 where one of its owner's has the name, 403 PW-HQ-003 for somebody else's. */
export const saveQueryRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries',
  summary: 'Save a query, or with `id` change one.',
  body: Type.Object({ id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })), ...Content }),
  reply: SavedQuery,
} as const satisfies Route

/** Removes a query. 404 PW-HQ-001 where there is none, 403 PW-HQ-003 for somebody else's. */
export const removeQueryRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries/:queryId/remove',
  summary: 'Remove a saved query.',
  params: Type.Object({ queryId: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: Type.Object({}),
} as const satisfies Route

/** One's own queries, or one that is visible, as YAML. */
export const savedQueriesTextRoute = {
  method: 'GET',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries/text',
  summary: 'Saved queries as YAML, a document each: the one of an id, or every one of one’s own.',
  query: Type.Object({ id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) }),
  reply: Type.Object({ yaml: Type.String() }),
} as const satisfies Route

export const lintQueriesRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries/lint',
  summary: 'What is wrong with saved queries in YAML, inside the queries too; nothing is saved.',
  body: Type.Object({ yaml: Type.String({ maxLength: 500_000 }) }),
  reply: Type.Object({ names: Type.Array(Type.String()), faults: Type.Array(TextFault) }),
} as const satisfies Route

/** Saves queries of a text. 400 PW-HQ-011 where anything in it is wrong: nothing is saved then. */
export const applyQueriesRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/queries/apply',
  summary: 'Save queries in YAML: one takes the place of one’s own of its name.',
  body: Type.Object({ yaml: Type.String({ minLength: 1, maxLength: 500_000 }) }),
  reply: Type.Object({ saved: Type.Array(Type.String()) }),
} as const satisfies Route
