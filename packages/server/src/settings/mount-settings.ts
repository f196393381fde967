import * as api from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import { IdentityMap } from './identity-map.ts'
import { readMasks, testMasks } from './read-masks.ts'
import { type RunningIntake, readSources } from './read-sources.ts'
import { readUsage } from './read-usage.ts'
import { SenderDesk } from './sender-desk.ts'
import { testSource } from './test-source.ts'

/** What settings are about, beside the store. */
export interface SettingsParts {
  /** Data folder, with tokens and certificates of senders. */
  readonly folder?: string
  readonly live?: RunningIntake
}

/** Mounts what the Settings page asks: sources, senders, identities, masks. */
export function mountSettings(app: FastifyInstance, access: Access, store: Store, { folder, live }: SettingsParts): void {
  mount(app, access, api.sourcesRoute, () => readSources(store, live))
  const senders = new SenderDesk(folder, live !== undefined)
  mount(app, access, api.sourceTestRoute, ({ body }) => testSource(store, body.intake, { live, senders }))
  mount(app, access, api.usageRoute, () => readUsage(store))
  mount(app, access, api.masksRoute, () => readMasks(store.reader))
  mount(app, access, api.maskTestRoute, ({ body }) => testMasks(body.event))
  mount(app, access, api.sendersRoute, () => senders.list())
  mount(app, access, api.tokenCreateRoute, ({ body }) => senders.createToken(body))
  mount(app, access, api.tokenRevokeRoute, ({ params }) => {
    senders.revokeToken(params.id)
    return {}
  })
  mount(app, access, api.senderRevokeRoute, async ({ params }) => {
    await senders.revokeSender(params.id)
    return {}
  })
  const identities = new IdentityMap(store)
  mount(app, access, api.identitiesRoute, async (_input, { view }) => {
    const known = await identities.list()
    return { identities: known, unnamed: await new IdentityMap(view).unnamed(known) }
  })
  mount(app, access, api.identitySaveRoute, async ({ body }, { caller }) => ({
    saved: await identities.save(body.identities, caller.name, Date.now()),
  }))
  mount(app, access, api.identityRemoveRoute, async ({ body }) => {
    await identities.remove(body.account, Date.now())
    return {}
  })
}
