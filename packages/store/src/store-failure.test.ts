import { ClickHouseError } from '@clickhouse/client'
import { expect, it } from 'vitest'
import { StoreError } from './store-error.ts'
import { storeFailure } from './store-failure.ts'

const call = { what: 'It failed.', otherwise: 'PW-ST-013' } as const
const engine = (code: string) => new ClickHouseError({ message: 'reason\nsecond line', code, type: 'X' })

it.each([
  [engine('243'), 'PW-ST-012', true],
  [engine('241'), 'PW-ST-014', false],
  [engine('497'), 'PW-ST-011', false],
  [engine('62'), 'PW-ST-013', false],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'PW-ST-010', true],
  [new AggregateError([new Error('refused 1'), new Error('refused 2')]), 'PW-ST-010', true],
  [new Error('std::exception. Code: 1001, filesystem error: Not a directory\n(version 26.7.2.1)'), 'PW-ST-013', false],
  [new Error('std::exception. Code: 1001, No space left on device (version 26.7.2.1)'), 'PW-ST-012', true],
  [new Error('The user aborted a request.'), 'PW-ST-015', false],
  ['a string', 'PW-ST-010', true],
])('%s becomes %s', (error, code, retryable) => {
  expect(storeFailure(error, call)).toMatchObject({ code, retryable, what: 'It failed.', cause: error })
})

it('keeps the first line of the reason, and leaves its own errors alone', () => {
  expect(storeFailure(engine('62'), call).message).toBe('It failed. The engine says: reason')
  const own = new StoreError('PW-ST-017', { what: 'closed' })
  expect(storeFailure(own, call)).toBe(own)
})
