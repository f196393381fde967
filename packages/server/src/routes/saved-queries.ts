import {
  applyQueriesRoute,
  lintQueriesRoute,
  removeQueryRoute,
  roleMay,
  savedQueriesRoute,
  savedQueriesTextRoute,
  saveQueryRoute,
  sharedLinkRoute,
  shareLinkRoute,
} from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { SavedQueries } from '../hunt/saved-queries.ts'
import { queriesText, readQueriesText } from '../hunt/saved-queries-text.ts'
import { SharedLinks } from '../hunt/shared-links.ts'
import { SavedFunctions } from '../query/saved-functions.ts'

/** Mounts the routes of saved queries and short links. */
export function mountSavedQueries(app: FastifyInstance, access: Access, store: Store): void {
  const saved = new SavedQueries(store)
  mount(app, access, savedQueriesRoute, async (_input, { caller }) => ({ queries: await saved.visible(keeper(caller)) }))
  mount(app, access, saveQueryRoute, ({ body }, { caller }) => saved.save(keeper(caller), body, Date.now()))
  mount(app, access, removeQueryRoute, async ({ params }, { caller }) => {
    await saved.remove(keeper(caller), params.queryId, Date.now())
    return {}
  })
  mount(app, access, savedQueriesTextRoute, async ({ query: { id } }, { caller }) => {
    const visible = await saved.visible(keeper(caller))
    return { yaml: queriesText(visible.filter((one) => (id === undefined ? one.owner === caller.name : one.id === id))) }
  })
  mount(app, access, lintQueriesRoute, async ({ body }, { view }) => {
    const { queries, faults } = await readQueriesText(body.yaml, await new SavedFunctions(view).all())
    return { names: queries.map(({ name }) => name), faults: [...faults] }
  })
  mount(app, access, applyQueriesRoute, async ({ body }, { caller, view }) => {
    const { queries, faults } = await readQueriesText(body.yaml, await new SavedFunctions(view).all())
    return { saved: await saved.saveAll(keeper(caller), queries, faults, Date.now()) }
  })
  const links = new SharedLinks(store)
  mount(app, access, shareLinkRoute, async ({ body }, { caller }) => ({ id: await links.share(body, caller.name, Date.now()) }))
  mount(app, access, sharedLinkRoute, ({ params }) => links.get(params.linkId))
}

const keeper = ({ name, role }: Caller) => ({ name, admin: roleMay(role, 'change') })
