import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NumberSet } from './number-set.ts'

it('holds what a Set holds', () => {
  const values = fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.maxSafeNat(),
    fc.nat().map((n) => n * 0x1_0000_0000),
  )
  fc.assert(
    fc.property(fc.array(values, { maxLength: 3000 }), fc.array(values), (added, asked) => {
      const [ours, theirs] = [new NumberSet(), new Set<number>()]
      for (const value of added.filter((value) => value < Number.MAX_SAFE_INTEGER)) {
        ours.add(value)
        theirs.add(value)
      }
      expect(ours.size).toBe(theirs.size)
      for (const value of [...added, ...asked]) expect(ours.has(value)).toBe(theirs.has(value))
      ours.clear()
      expect([ours.size, added.some((value) => ours.has(value))]).toEqual([0, false])
    }),
    { numRuns: 30 },
  )
})
