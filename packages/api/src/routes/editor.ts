import { Type } from 'typebox'
import { closedWord } from '../closed-word.ts'
import type { Route } from '../route.ts'
import { OwnTimeWins, QUERY_LANGUAGES } from './query.ts'

/** What may stand at the cursor; the same words as the query package's. */
export const EDITOR_ITEM_KINDS = [
  'keyword',
  'operator',
  'function',
  'aggregate',
  'table',
  'field',
  'variable',
  'type',
  'chart',
  'value',
] as const

const Text = Type.String({ maxLength: 65_536 })
const Position = Type.Integer({ minimum: 0, maximum: 65_536, description: 'Offset of the cursor, in UTF-16 code units.' })
const Offset = Type.Integer({ description: 'Offset in the text, in UTF-16 code units.' })
const lang = closedWord(QUERY_LANGUAGES)

/** What could stand at the cursor, values from the store included. */
export const editorCompleteRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/editor/complete',
  summary: 'What could stand at the cursor of a query; inside a value, the most frequent ones of the store.',
  body: Type.Object({
    lang,
    text: Text,
    position: Position,
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Values are looked for from here …' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: '… to here.' })),
  }),
  reply: Type.Object({
    from: Offset,
    to: Offset,
    items: Type.Array(
      Type.Object({
        label: Type.String(),
        kind: closedWord(EDITOR_ITEM_KINDS),
        before: Type.String({ description: 'Put in before the cursor, in the place of the text from `from` to `to`.' }),
        after: Type.String({ description: 'Put in behind the cursor.' }),
        detail: Type.Optional(Type.String({ description: 'Type or signature.' })),
        count: Type.Optional(Type.Integer({ description: 'Rows with this value.' })),
      }),
    ),
  }),
} as const satisfies Route

/** Words about what stands at a place. */
export const editorHoverRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/editor/hover',
  summary: 'What stands at a place of a query: type, signature, description.',
  body: Type.Object({ lang, text: Text, position: Position }),
  reply: Type.Object({ hover: Type.Union([Type.Object({ from: Offset, to: Offset, text: Type.String() }), Type.Null()]) }),
} as const satisfies Route

/** The function whose arguments are being typed. */
export const editorSignatureRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/editor/signature',
  summary: 'The function in whose brackets the cursor stands, and which argument that is.',
  body: Type.Object({ lang, text: Text, position: Position }),
  reply: Type.Object({
    signature: Type.Union([
      Type.Object({
        from: Offset,
        to: Offset,
        text: Type.String(),
        argument: Type.Integer({ description: 'The argument at the cursor, from 0.' }),
      }),
      Type.Null(),
    ]),
  }),
} as const satisfies Route

/** What is wrong with a query. */
export const editorDiagnoseRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/editor/diagnose',
  summary: 'What is wrong with a query, and where, without running it.',
  body: Type.Object({ lang, text: Text }),
  reply: Type.Object({
    diagnostics: Type.Array(
      Type.Object({
        from: Offset,
        to: Offset,
        severity: closedWord(['error', 'warning'] as const),
        code: Type.String({ description: 'PW-QY-…, or KS… of Kusto’s own binder.' }),
        message: Type.String(),
      }),
    ),
  }),
} as const satisfies Route

/** A query, well written. */
export const editorFormatRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/editor/format',
  summary: 'The same query, well laid out; one with a fault comes back as it is.',
  body: Type.Object({ lang, text: Text }),
  reply: Type.Object({ text: Type.String() }),
} as const satisfies Route

/** How many rows match, by time. */
export const histogramRoute = {
  method: 'POST',
  right: 'query',
  narrows: true,
  path: '/api/v1/query/histogram',
  summary: 'How many rows of the whole time range a query is about, by time; steps that make other rows of them are left out.',
  body: Type.Object({
    lang: closedWord(['sls', 'kql'] as const),
    query: Type.String({ maxLength: 65_536 }),
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    ownTimeWins: OwnTimeWins,
    buckets: Type.Optional(Type.Integer({ minimum: 2, maximum: 500, description: 'At most; 60 where absent.' })),
  }),
  reply: Type.Object({
    stepSeconds: Type.Integer(),
    from: Type.String({
      description: 'ISO 8601; where it begins: as asked, or with the first row where the query sets its own time.',
    }),
    to: Type.String({ description: 'ISO 8601; where it ends.' }),
    total: Type.Integer(),
    buckets: Type.Array(
      Type.Object({ time: Type.String({ description: 'ISO 8601; where the bucket begins.' }), count: Type.Integer() }),
    ),
  }),
} as const satisfies Route
