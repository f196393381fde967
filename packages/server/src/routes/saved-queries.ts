import { removeQueryRoute, savedQueriesRoute, saveQueryRoute } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { SavedQueries } from '../hunt/saved-queries.ts'

/** Whoever has the printed token: the one person this server knows. */
const KEEPER = { name: 'admin', admin: true } as const

/** Mounts the routes of saved queries. */
export function mountSavedQueries(app: FastifyInstance, access: Access, store: Store): void {
  const saved = new SavedQueries(store)
  mount(app, access, savedQueriesRoute, async () => ({ queries: await saved.visible(KEEPER) }))
  mount(app, access, saveQueryRoute, ({ body }) => saved.save(KEEPER, body, Date.now()))
  mount(app, access, removeQueryRoute, async ({ params }) => {
    await saved.remove(KEEPER, params.queryId, Date.now())
    return {}
  })
}
