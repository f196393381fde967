import * as contract from '@podwitness/api'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { ServerError } from '../server-error.ts'
import { mount } from './mount.ts'

const routes = Object.entries(contract).flatMap(([name, value]) =>
  name.endsWith('Route') && typeof value === 'object' ? [[name, value as contract.Route] as const] : [],
)
/** Which closed routes of the contract each role is let into, by the right they ask for. */
const ALLOWED: Readonly<Record<contract.Role, readonly contract.Right[]>> = {
  viewer: ['read'],
  hunter: ['read', 'query'],
  auditor: ['read', 'query', 'audit'],
  admin: ['read', 'query', 'audit', 'change'],
}

test.each(contract.ROLES)('every route of the contract answers the role %s as its right says', async (role) => {
  expect(routes.length).toBeGreaterThan(35)
  for (const [name, route] of routes) {
    const app = fastify()
    // Without its schemas: input is looked at only after the right, and is not the point here.
    const { method, path, summary, right, reply, open = false } = route
    mount(app, { check: () => role }, { method, path, summary, right, reply, open }, () => ({}))
    app.setErrorHandler((error, _request, reply) => reply.code(error instanceof ServerError ? error.status : 500).send({}))
    const { statusCode } = await app.inject({ method, url: path.replace(/:\w+/g, 'x') })
    expect([name, statusCode]).toEqual([name, open || ALLOWED[role].includes(right) ? 200 : 403])
    await app.close()
  }
})
