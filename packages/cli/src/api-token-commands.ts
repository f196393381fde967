import { type Role, rightsOf } from '@podwitness/api'
import { AccessObjects, ApiTokens, recordAct, Users } from '@podwitness/server'
import { actOf } from './act-of.ts'
import { type Context, dataFolder } from './context.ts'
import { serverToken } from './server-token.ts'
import { UsageError } from './usage-error.ts'
import { hasData, withStore } from './with-store.ts'

const DAY_MS = 86_400_000

interface Wanted {
  readonly user?: string
  readonly role: Role
  readonly name: string
  /** Milliseconds. */
  readonly ttl?: number
  readonly json?: boolean
}

/** Makes an API token for a user; prints it, and what a client signs with, once. */
export async function createApiToken(context: Context, { user, role, name, ttl, json }: Wanted): Promise<void> {
  if (user === undefined)
    throw new UsageError('PW-CL-001', {
      what: 'The token has no user.',
      why: 'An API token acts for a user and never may more than its user.',
      do: 'Name one with --user; `podwitness users list` has them.',
    })
  const days = ttl === undefined ? undefined : Math.max(1, Math.ceil(ttl / DAY_MS))
  const made = await withStore(context, 'data', async (store) => {
    const objects = new AccessObjects(store)
    await new Users(objects).get(user)
    const tokens = open(context, objects)
    const { text, fact } = await tokens.create({ label: name, user, role, days })
    await recordAct(
      store,
      actOf({ action: 'token-create', object: fact.id, after: { label: name, user, role, expires: fact.expires } }),
    )
    return { token: text, ...fact, rights: rightsOf(role), accessKeyId: fact.id, accessKeySecret: tokens.signingSecret(fact.id) }
  })
  await context.terminal.write(json === true ? `${JSON.stringify(made)}\n` : `${made.token}\n`)
  context.hint(
    `API token ${made.id} of ${user}, may ${made.rights.join(', ')} as far as ${user} may, good until ${made.expires}; it is shown only now`,
  )
  context.hint(`clients that sign (SLS): access key id ${made.accessKeyId}, secret ${made.accessKeySecret}`)
}

/** API tokens for a list of tokens; none where there is no store. */
export async function listApiTokens(context: Context): Promise<{ facts: object[]; rows: string[][] }> {
  if (!hasData(context)) return { facts: [], rows: [] }
  const facts = await withStore(context, 'data', (store) => open(context, new AccessObjects(store)).list())
  return {
    facts: facts.map((fact) => ({ kind: 'api', rights: rightsOf(fact.role), ...fact })),
    rows: facts.map(({ id, user, label, role, state, created, expires }) => [
      ...[id, `api, ${role}`, `user ${user}`, label || '-', state, created.slice(0, 16), expires.slice(0, 16)],
    ]),
  }
}

/** Takes an API token back. Returns whether there was one of this id. */
export async function revokeApiToken(context: Context, id: string): Promise<boolean> {
  if (!hasData(context)) return false
  return withStore(context, 'data', async (store) => {
    const tokens = open(context, new AccessObjects(store))
    if (!(await tokens.list()).some((token) => token.id === id)) return false
    await tokens.revoke(id)
    await recordAct(store, actOf({ action: 'token-revoke', object: id }))
    return true
  })
}

function open(context: Context, objects: AccessObjects): ApiTokens {
  return new ApiTokens(objects, serverToken(dataFolder(context)).token)
}
