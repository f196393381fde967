import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenEvents } from './seen-events.ts'

const at = (seq: number, timeMs = 1_700_000_000_000 + seq, node = ''): { node: string; seq: number; timeMs: number } => ({
  node,
  seq,
  timeMs,
})

it('says of each event once that it is new, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 500 }), (seqs) => {
      const [seen, model] = [new SeenEvents(), new Set<number>()]
      for (const seq of seqs) {
        expect(seen.first(at(seq))).toBe(!model.has(seq))
        model.add(seq)
      }
    }),
  )
})

it('knows an event again that a log brings three million events later', () => {
  const seen = new SeenEvents()
  for (let seq = 1; seq <= 3_000_000; seq++) seen.first(at(seq))
  expect([1, 2, 1024, 1_500_000, 3_000_000].map((seq) => seen.first(at(seq)))).toEqual([false, false, false, false, false])
})

it.each([
  ['another node', at(7, 1000, 'other')],
  ['another time, of another boot', at(7, 2000)],
  ['another time with the same mark', at(7, 1000 + 255)],
  ['another serial', at(7 + 2 ** 31, 1000)],
  ['auditd itself', { ...at(7, 1000), daemon: true }],
])('tells events of one serial apart: %s', (_what, other) => {
  const seen = new SeenEvents()
  expect(seen.first(at(7, 1000))).toBe(true)
  expect([seen.first(other), seen.first(other)]).toEqual([true, false])
})

it('takes no event of a new boot for one of the boot before', () => {
  const seen = new SeenEvents()
  const boots = [0, 1].map((boot) => Array.from({ length: 3000 }, (_, i) => at(i + 1, 1_700_000_000_000 + boot * 60_000 + i * 3)))
  for (const events of boots) expect(events.filter((event) => !seen.first(event))).toEqual([])
  expect(boots[1]?.filter((event) => seen.first(event))).toEqual([])
})
