import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allMaximumMatchings } from './matching.ts'

it.each([
  ['one edge', [[0]], 1, [{ partners: [0], always: true }]],
  [
    'two for one',
    [[0], [0]],
    1,
    [
      { partners: [0], always: false },
      { partners: [0], always: false },
    ],
  ],
  [
    'forced by elimination',
    [[0], [0, 1]],
    2,
    [
      { partners: [0], always: true },
      { partners: [1], always: true },
    ],
  ],
  [
    'free to swap',
    [
      [0, 1],
      [0, 1],
    ],
    2,
    [
      { partners: [0, 1], always: true },
      { partners: [0, 1], always: true },
    ],
  ],
  ['nothing', [[]], 1, [{ partners: [], always: false }]],
])('%s', (_name, edges, rights, expected) => {
  expect(allMaximumMatchings(edges, rights)).toEqual(expected)
})

/** All maximum matchings by trying everything. */
function bruteForce(edges: readonly (readonly number[])[]): { partners: Set<number>; always: boolean }[] {
  let best: number[][] = []
  let size = -1
  const walk = (left: number, chosen: number[]): void => {
    if (left === edges.length) {
      const count = chosen.filter((right) => right >= 0).length
      if (count > size) {
        size = count
        best = []
      }
      if (count === size) best.push([...chosen])
      return
    }
    walk(left + 1, [...chosen, -1])
    for (const right of edges[left] ?? []) if (!chosen.includes(right)) walk(left + 1, [...chosen, right])
  }
  walk(0, [])
  return edges.map((_, left) => ({
    partners: new Set(best.map((one) => one[left] ?? -1).filter((right) => right >= 0)),
    always: best.every((one) => (one[left] ?? -1) >= 0),
  }))
}

it('agrees with trying everything', () => {
  const edges = fc.array(fc.uniqueArray(fc.nat(3), { maxLength: 4 }), { maxLength: 4 })
  fc.assert(
    fc.property(edges, (given) => {
      const found = allMaximumMatchings(given, 4)
      bruteForce(given).forEach((expected, left) => {
        if ((given[left] ?? []).length === 0) return
        expect(new Set(found[left]?.partners)).toEqual(expected.partners)
        expect(found[left]?.always).toBe(expected.always)
      })
    }),
  )
})
