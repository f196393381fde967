import { describe, expect, it } from 'vitest'
import { entriesOf, one, wrongNames } from '../testdata/placed.ts'

/** Traces as clusters leave them that are set up in other ways than the recorded one. */

describe('clocks that are far apart', () => {
  it.each([-120_000, -61_000, 61_000, 120_000])(
    'names by order where many entries tell that the node is off by %d ms',
    (skew) => {
      const { scenario, box } = one()
      for (let round = 0; round < 6; round++)
        scenario.exec('carol', box, ['echo', String(round)], 300_000 + round * 20_000, { skew })
      scenario.exec('alice', box, ['date'], 450_000, { skew })
      scenario.exec('bob', box, ['date'], 453_000, { skew })
      expect(wrongNames(scenario)).toBe(0)
      const named = entriesOf(scenario.evidence()).filter(([, , confidence]) => confidence === 'matched')
      expect(named.map(([, user]) => user).sort()).toEqual(['alice', 'bob', ...Array<string>(6).fill('carol')])
    },
  )

  it.each([-120_000, 120_000])('names nobody wrong where two people alternate and the node is off by %d ms', (skew) => {
    const { scenario, box } = one()
    for (let round = 0; round < 12; round++)
      scenario.exec(round % 2 === 0 ? 'alice' : 'bob', box, ['date'], 300_000 + round * 11_000, { skew })
    expect(wrongNames(scenario)).toBe(0)
  })

  it.each([-120_000, 120_000])('says nothing wrong of one entry alone, %d ms off', (skew) => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['id'], 300_000, { skew })
    scenario.request('bob', box, ['id'], 300_000 + skew)
    expect(wrongNames(scenario)).toBe(0)
  })
})

describe('many at once', () => {
  it('names hundreds of simultaneous entries that differ, and none wrong of those that do not', () => {
    const { scenario, box } = one()
    const people = ['alice', 'bob', 'carol', 'dave']
    for (let at = 0; at < 300; at++) {
      const argv = at % 3 === 0 ? ['date'] : ['echo', String(at)]
      scenario.exec(people[at % 4] ?? '', box, argv, 100_000 + at * 2, { latency: 30 + ((at * 37) % 200) })
    }
    expect(wrongNames(scenario)).toBe(0)
    const named = entriesOf(scenario.evidence()).filter(([, , confidence]) => confidence === 'matched')
    expect(named.length).toBeGreaterThanOrEqual(200)
    expect(entriesOf(scenario.evidence()).filter(([entry]) => entry === 'unrecorded')).toEqual([])
  })

  it('says ambiguous, with both, of equal commands by two people in one second', () => {
    const { scenario, box } = one()
    scenario.exec('alice', box, ['date'], 5000, { latency: 300 })
    scenario.exec('bob', box, ['date'], 5200, { latency: 60 })
    expect(entriesOf(scenario.evidence())).toEqual([
      ['exec', '', 'ambiguous'],
      ['exec', '', 'ambiguous'],
    ])
  })
})
