import { expect, it } from 'vitest'
import { type Arrivals, arrivingPerDay } from './growth.ts'

const DAY = 86_400
const NOTHING: Arrivals = { fresh: 0, freshSeconds: 0, late: 0, lateFrom: 0, lateTo: 0 }

it.each<[string, Partial<Arrivals>, number]>([
  ['nothing', {}, 0],
  ['a whole day', { fresh: 1000, freshSeconds: DAY }, 1000],
  ['six hours of a young store', { fresh: 1000, freshSeconds: DAY / 4 }, 4000],
  ['the first minute of one, which counts as an hour', { fresh: 10, freshSeconds: 60 }, 240],
  ['an import of some minutes, which count as a day', { late: 1000, lateFrom: 5, lateTo: 185 }, 1000],
  ['an import of a hundred days', { late: 1000, lateFrom: DAY, lateTo: 101 * DAY }, 10],
  ['both', { fresh: 500, freshSeconds: DAY, late: 1000, lateFrom: DAY, lateTo: 101 * DAY }, 510],
])('counts %s', (_what, some, perDay) => {
  expect(arrivingPerDay({ ...NOTHING, ...some })).toBe(perDay)
})
