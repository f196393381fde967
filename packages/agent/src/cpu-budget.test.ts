import { expect, it } from 'vitest'
import { CpuBudget } from './cpu-budget.ts'

/** A process that always works when it may: 10 ms of the processor in 10 ms. */
function shareOf(cores: number, seconds: number, threads = 1): number {
  let nowMs = 0
  let usedMs = 0
  const budget = new CpuBudget(cores, { nowMs: () => nowMs, usedMs: () => usedMs })
  while (nowMs < seconds * 1000) {
    const dueMs = budget.due()
    nowMs += dueMs > 0 ? Math.min(100, Math.ceil(dueMs)) : 10
    if (dueMs === 0) usedMs += 10 * threads
  }
  return usedMs / nowMs
}

it.each([
  [0.1, 1],
  [0.25, 1],
  [0.5, 2],
  [1.5, 4],
])('holds a busy process to %s cores, with %s threads', (cores, threads) => {
  expect(shareOf(cores, 60, threads)).toBeGreaterThan(cores * 0.95)
  expect(shareOf(cores, 60, threads)).toBeLessThan(cores * 1.05)
})

it('leaves one alone that has no cap, or stays below it', () => {
  expect(shareOf(Number.POSITIVE_INFINITY, 10)).toBe(1)
  expect(shareOf(2, 10)).toBe(1)
})

it('does not save up for hours what was not used, nor pay for ever for one long piece of work', () => {
  let nowMs = 0
  let usedMs = 0
  const budget = new CpuBudget(0.5, { nowMs: () => nowMs, usedMs: () => usedMs })
  nowMs += 3_600_000
  expect(budget.due()).toBe(0)
  usedMs += 1000
  expect(budget.due()).toBeGreaterThan(1500)
  usedMs += 1_000_000
  expect(budget.due()).toBe(5000)
})
