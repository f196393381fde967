import { expect, test, vi } from 'vitest'
import { afterKey, type KeyBinding } from './key-binding.ts'

const bindings: readonly KeyBinding[] = [
  { keys: 'j', word: 'keyNextRow', act: vi.fn() },
  { keys: 'g s', word: 'toSessions', act: vi.fn() },
  { keys: 'Enter', word: 'keyOpen' },
]

test.each([
  ['', 'j', 'j', ''],
  ['', 'g', undefined, 'g'],
  ['g', 's', 'g s', ''],
  ['g', 'j', 'j', ''], // a key that ends no sequence counts by itself
  ['g', 'x', undefined, ''],
  ['', 'Enter', undefined, ''], // named by help, done by the control
  ['', 's', undefined, ''],
])('after %j, %j does %j', (before, key, does, pending) => {
  const step = afterKey(bindings, before, key)
  expect(step.binding?.keys).toBe(does)
  expect(step.pending).toBe(pending)
})
