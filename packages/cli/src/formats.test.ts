import type { ListedSession, SessionCommandDetail } from '@podwitness/api'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { progressLine } from './import-progress.ts'
import { formatAnswer } from './query-formats.ts'
import { sessionTable, whoText } from './session-table.ts'
import { inTreeOrder } from './session-transcript.ts'
import { durationText } from './text/clock-text.ts'
import { painter } from './text/colours.ts'
import { displayWidth, fitText } from './text/display-width.ts'
import { countText, sizeText } from './text/size-text.ts'
import { visibleText } from './text/visible-text.ts'

/** Any character that is no half of a pair; `unit: 'binary'` is the same and takes seconds to make its table. */
const CHARACTER = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

const answer = {
  columns: [
    { name: 'name', type: 'String' },
    { name: 'n', type: 'UInt64' },
    { name: 'all', type: 'Array(String)' },
  ],
  rows: [
    ['a "b", c\nd', '12', ['x', 'y']],
    ['\u001b[2J', null, []],
  ],
  stats: { rows: 2, scannedRows: 2, scannedBytes: 2, elapsedMs: 1, truncated: false },
}

it.each([
  ['csv', 'name,n,all\n"a ""b"", c\nd",12,"[""x"",""y""]"\n\u001b[2J,,[]\n'],
  ['ndjson', '{"name":"a \\"b\\", c\\nd","n":"12","all":["x","y"]}\n{"name":"\\u001b[2J","n":null,"all":[]}\n'],
  ['table', 'name            n  all\na "b", c\\x0ad  12  ["x","y"]\n\\x1b[2J            []\n'],
  ['json', `${JSON.stringify(answer)}\n`],
] as const)('an answer as %s', (format, text) => {
  expect(formatAnswer(answer, format)).toBe(text)
})

test('no text reaches a screen with a control or direction character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: CHARACTER }),
      (text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u.test(visibleText(text)),
    ),
  )
})

test('fitted text takes exactly its columns', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '容', '器', 'é', '…', ' ') })
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, columns) => displayWidth(fitText(text, columns)) === columns),
  )
})

const session: ListedSession = {
  traceId: '0123456789abcdef0123456789abcdef',
  entry: 'portforward',
  confidence: 'ambiguous',
  reasons: [],
  user: null,
  groups: [],
  sourceIp: '',
  userAgent: '',
  candidates: ['system:serviceaccount:a-long-namespace:robot', 'bob'].map((user) => ({ user, auditId: 'x', reasons: [] })),
  auditIds: [],
  cluster: 'c',
  node: 'n',
  namespace: 'a-very-long-namespace',
  pod: 'a-very-long-pod-name-799666d79b-kh9xv',
  podUid: '',
  container: '',
  containerId: '',
  image: '',
  tty: false,
  command: [],
  outcome: 'started',
  status: 101,
  start: '2026-11-21T02:54:29.123456Z',
  end: '2026-11-21T14:54:29.123456Z',
  commandCount: 12_345,
  risk: 'critical',
  riskReason: '',
}

test('the table of sessions fits 100 columns whatever it holds', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 60 })
  const sessions = fc.record({ user: word, namespace: word, pod: word }).map((values) => ({ ...session, ...values }))
  fc.assert(
    fc.property(fc.array(sessions, { maxLength: 5 }), (rows) =>
      sessionTable([session, ...rows], true, painter(false)).every((line) => displayWidth(line) <= 100),
    ),
    { numRuns: 50 },
  )
})

it.each([
  [{ user: 'alice' }, 'alice'],
  [{ user: 'alice', impersonatedUser: 'root' }, 'alice as root'],
  [{}, '? system:serviceaccount:a-long-namespace:robot or bob'],
  [{ candidates: [] }, '? nobody named'],
])('%j is shown as %s', (values, text) => {
  expect(whoText({ ...session, ...values })).toBe(text)
})

const command = (eventId: string, parentEventId: string) => ({ eventId, parentEventId }) as SessionCommandDetail

it.each([
  [
    'children behind their parent',
    [
      ['a', ''],
      ['b', 'a'],
      ['c', ''],
      ['d', 'a'],
      ['e', 'b'],
    ],
    'a0 b1 e2 d1 c0',
  ],
  [
    'a parent outside the session is none',
    [
      ['a', 'elsewhere'],
      ['b', 'a'],
    ],
    'a0 b1',
  ],
  [
    'its own parent',
    [
      ['a', 'a'],
      ['b', 'a'],
    ],
    'a0 b1',
  ],
  [
    'a parent that comes later',
    [
      ['b', 'a'],
      ['a', ''],
    ],
    'a0 b1',
  ],
] as const)('tree order: %s', (_what, pairs, order) => {
  const ordered = inTreeOrder(pairs.map(([id, parent]) => command(id, parent)))
  expect(ordered.map(({ command: { eventId }, depth }) => `${eventId}${depth}`).join(' ')).toBe(order)
})

test('a circle of parents loses no command', () => {
  const circle = [command('a', 'b'), command('b', 'a'), command('c', '')]
  expect(
    inTreeOrder(circle)
      .map(({ command: { eventId } }) => eventId)
      .sort(),
  ).toEqual(['a', 'b', 'c'])
})

it('words for numbers', () => {
  expect([countText(0), countText(1234), countText(1_234_567)]).toEqual(['0', '1 234', '1 234 567'])
  expect([sizeText(0), sizeText(999), sizeText(1_234_567)]).toEqual(['0 B', '999 B', '1.2 MB'])
  expect([400, 93_000, 720_000, 11_160_000, 8 * 86_400_000, Number.NaN].map(durationText)).toEqual([
    '0.4 s',
    '93 s',
    '12 min',
    '3.1 h',
    '8 d',
    '-',
  ])
})

it('progress says how far it is', () => {
  const progress = { path: '/x/audit.log', phase: 'import', doneBytes: 5e6, totalBytes: 1e7, lines: 10, events: 4321 } as const
  const line = progressLine({ ...progress, duplicates: 0, rejects: 2, ratePerSecond: 5000, etaSeconds: 3.2 })
  expect(line).toBe(
    'import  ██████████░░░░░░░░░░  50 %  5.0 MB of 10.0 MB  4 321 events  5 000/s  4 s to go  2 rejected  audit.log',
  )
})
