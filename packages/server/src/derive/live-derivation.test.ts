import type { Store } from '@podwitness/store'
import { expect, it } from 'vitest'
import { LiveDerivation } from './live-derivation.ts'

it('settles although something waits that is worked out no more', async () => {
  const derivation = new LiveDerivation({} as Store)
  derivation.noteSpan('c', { fromMs: 0, toMs: 1 })
  await derivation.close()
  expect(await derivation.settle()).toBeUndefined()
  expect(derivation.counters.rounds).toBe(0)
})
