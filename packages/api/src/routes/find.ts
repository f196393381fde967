import { type Static, Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'

/** What a name or an id may be of. */
export const FOUND_KINDS = ['session', 'event', 'alert', 'account', 'pod'] as const

export const Found = Type.Object({
  kind: closedWord(FOUND_KINDS),
  id: Type.String({ description: 'Trace id, event id, alert id, account or pod name.' }),
  namespace: Type.String({ description: 'Of a pod; empty otherwise.' }),
  detail: Type.String({ description: 'What tells it from others: an account, a command line, a person, a rule.' }),
  time: Type.Union([Type.String(), Type.Null()], {
    description: 'ISO 8601: when it was, or was last; null where that is not known.',
  }),
  sessions: Type.Integer({ description: 'Sessions of an account or a pod; of other kinds 0.' }),
})
export type Found = Static<typeof Found>

/** What a text names: ids whole or by their beginning, accounts and pods by any part of their name. */
export const findRoute = {
  method: 'GET',
  right: 'read',
  narrows: true,
  path: '/api/v1/find',
  summary: 'What a text names: sessions, events, alerts, accounts (by the person behind them too) and pods.',
  query: Type.Object({ text: Type.String({ minLength: 2, maxLength: 512 }) }),
  reply: Type.Object({
    found: Type.Array(Found, { description: 'Exact ids first; at most 5 of a kind.' }),
  }),
} as const satisfies Route
