import * as api from '@podwitness/api'
import type { FastifyInstance } from 'fastify'
import type { User } from '../access/access-objects.ts'
import type { ApiTokenFact } from '../access/api-tokens.ts'
import type { Caller } from '../access/caller.ts'
import { verifyPassword } from '../access/password.ts'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { ServerError } from '../server-error.ts'

/** Users, API tokens and sign-ins: everybody's own, and for administrators all. */
export function mountAccess(app: FastifyInstance, access: Access): void {
  mountUsers(app, access)
  mountPassword(app, access)
  mountTokens(app, access)
  mountSignIns(app, access)
}

function mountUsers(app: FastifyInstance, access: Access): void {
  const { users, signIns } = access
  mount(app, access, api.usersRoute, async () => {
    const last = await lastSignIns(access)
    return { users: (await users.list()).map((user) => userReply(user, last.get(user.name) ?? '')) }
  })
  mount(app, access, api.userAddRoute, async ({ body }, { caller, note }) => {
    const { name, role, namespaces = null, clusters = null } = body
    note({ object: name, after: { role, namespaces, clusters } })
    return { link: await users.add(name, { role, namespaces, clusters }, caller.name) }
  })
  mount(app, access, api.userChangeRoute, async ({ params, body }, { note }) => {
    const { before, after } = await users.change(params.name, body)
    note({ before: rightsReply(before), after: rightsReply(after) })
    if (after.disabled) await signIns.endAll(params.name)
    return userReply(after, (await lastSignIns(access)).get(params.name) ?? '')
  })
  mount(app, access, api.userResetRoute, async ({ params }) => {
    const link = await users.reset(params.name)
    await signIns.endAll(params.name)
    return { link }
  })
}

function mountPassword(app: FastifyInstance, access: Access): void {
  mount(app, access, api.ownPasswordRoute, async ({ body }, { caller, note }) => {
    note({ object: caller.name, after: {} })
    if (caller.means !== 'session') throw onlyInBrowser()
    const user = await access.users.get(caller.name)
    if (user.password !== '' && !(await verifyPassword(body.current ?? '', user.password))) throw wrongPassword()
    await access.users.setPassword(caller.name, body.password)
    await access.signIns.endAll(caller.name, caller.meansId)
    return {}
  })
}

function mountTokens(app: FastifyInstance, access: Access): void {
  const { tokens } = access
  mount(app, access, api.apiTokensRoute, async (_input, { caller }) => ({
    tokens: (await tokens.list(seesAll(caller) ? undefined : caller.name)).map(tokenReply),
  }))
  mount(app, access, api.apiTokenCreateRoute, async ({ body }, { caller, note }) => {
    note({ after: { ...body, user: caller.name } })
    // A token that makes tokens would outlive its own end.
    if (caller.means !== 'session') throw onlyInBrowser()
    await access.users.get(caller.name)
    const role = api.lesserRole(body.role, caller.role)
    const { text, fact } = await tokens.create({ label: body.label, user: caller.name, role, days: body.days })
    note({ object: fact.id, after: { label: fact.label, role, user: caller.name, expires: fact.expires } })
    return { token: text, fact: tokenReply(fact), accessKeyId: fact.id, accessKeySecret: tokens.signingSecret(fact.id) }
  })
  mount(app, access, api.apiTokenRevokeRoute, async ({ params }, { caller, note }) => {
    const token = await tokens.get(params.id)
    if (token.user !== caller.name && !api.roleMay(caller.role, 'change')) throw notYours()
    note({ before: { label: token.label, user: token.user, role: token.role } })
    await tokens.revoke(params.id)
    return {}
  })
}

function mountSignIns(app: FastifyInstance, access: Access): void {
  const { objects, signIns } = access
  mount(app, access, api.signInsRoute, async (_input, { caller }) => {
    const now = new Date().toISOString()
    const found = [...(await objects.all(0))['sign-in']].flatMap(([id, one]) =>
      (one.user === caller.name || seesAll(caller)) && one.ends > now ? [{ id, ...one, own: id === caller.meansId }] : [],
    )
    return { signIns: found.sort((a, b) => (a.seen < b.seen ? 1 : -1)) }
  })
  mount(app, access, api.signInEndRoute, async ({ params }, { caller, note }) => {
    const one = (await objects.all(0))['sign-in'].get(params.id)
    if (one === undefined || (one.user !== caller.name && !api.roleMay(caller.role, 'change'))) throw notYours()
    note({ object: one.user, before: { user: one.user, address: one.address, created: one.created } })
    await objects.remove('sign-in', params.id)
    return {}
  })
  mount(app, access, api.signOutEverywhereRoute, async (_input, { caller, note }) => {
    note({ object: caller.name })
    return { ended: await signIns.endAll(caller.name) }
  })
}

const seesAll = (caller: Caller): boolean => api.roleMay(caller.role, 'audit')

async function lastSignIns({ objects }: Access): Promise<Map<string, string>> {
  const last = new Map<string, string>()
  for (const { user, seen } of (await objects.all(0))['sign-in'].values()) if (seen > (last.get(user) ?? '')) last.set(user, seen)
  return last
}

function userReply(user: User, lastSignIn: string): api.AccessUser {
  const { name, source, created, createdBy } = user
  return {
    ...{ name, ...rightsReply(user), rights: api.rightsOf(user.role), source, created, createdBy, lastSignIn },
    hasPassword: user.password !== '',
  }
}

function rightsReply({ role, namespaces, clusters, disabled }: User) {
  return {
    ...{ role, disabled },
    namespaces: namespaces === null ? null : [...namespaces],
    clusters: clusters === null ? null : [...clusters],
  }
}

function tokenReply({ id, label, user, role, created, expires, state, use }: ApiTokenFact): api.ApiToken {
  return {
    ...{ id, label, user, role, rights: api.rightsOf(role), created, expires, state },
    ...{ lastUsed: use?.time ?? '', lastAddress: use?.address ?? '' },
  }
}

function notYours(): ServerError {
  return new ServerError('PW-AU-008', 404, {
    what: 'There is no such token or sign-in of yours.',
    why: 'It was never made, is over, or belongs to somebody else.',
    do: 'Look at the list.',
  })
}

function wrongPassword(): ServerError {
  return new ServerError('PW-AU-002', 403, {
    what: 'The current password is not right.',
    why: 'A password is only changed by who knows it.',
    do: 'Try again, or ask an administrator for a new link.',
  })
}

function onlyInBrowser(): ServerError {
  return new ServerError('PW-AU-017', 403, {
    what: 'This is done by somebody who is signed in.',
    why: 'The request comes with a token, and tokens neither make tokens nor set passwords.',
    do: 'Sign in with a browser, or use `podwitness users` and `podwitness tokens` beside the data folder.',
  })
}
