import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { answerErrors } from '../http/error-answer.ts'
import { limitRequests } from '../http/limit-requests.ts'
import { networkOf } from './network-of.ts'
import { RateLimit } from './rate-limit.ts'
import { RefusalCounts } from './refusal-counts.ts'

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001::5', '2001:db8:1:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('counts %s as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

it('lets a burst through, then the rate, and says how long to wait', () => {
  const limit = new RateLimit({ perSecond: 0.5, burst: 2 })
  expect([0, 0, 0, 1_999, 2_001, 2_001].map((nowMs) => limit.take('a', nowMs))).toEqual([0, 0, 2, 1, 0, 2])
  expect(limit.take('b', 0)).toBe(0)
  // A clock that is set back gives nothing away.
  expect(limit.take('a', 0)).toBe(2)
})

it('answers 429 with Retry-After and counts it, by address and by token', async () => {
  const refused = new RefusalCounts()
  const app = Fastify({ trustProxy: true })
  answerErrors(
    app,
    () => {},
    (code) => refused.add(code),
  )
  limitRequests(app, { perSecond: 0.1, burst: 2 })
  app.get('/', () => 'x')
  const ask = async (address: string, token: string) => {
    const { statusCode, headers } = await app.inject({
      url: '/',
      headers: { 'x-forwarded-for': address, authorization: `Bearer ${token}` },
    })
    return [statusCode, headers['retry-after']]
  }
  expect([await ask('192.0.2.1', 'a'), await ask('192.0.2.2', 'a'), await ask('192.0.2.3', 'a')]).toEqual([
    [200, undefined],
    [200, undefined],
    [429, '10'],
  ])
  expect([await ask('192.0.2.1', 'b'), await ask('192.0.2.1', 'c')]).toEqual([
    [200, undefined],
    [429, '10'],
  ])
  expect(refused.list()).toEqual([{ code: 'PW-AP-006', count: 2 }])
  await app.close()
})
