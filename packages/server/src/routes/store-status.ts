import { storeStatusRoute } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import type { DiskLimits } from '../keeping/disk-guard.ts'
import { readStoreStatus } from '../keeping/store-status.ts'

/** GET /api/v1/store: how full the store is. */
export function mountStoreStatus(app: FastifyInstance, access: Access, store: Store, limits: DiskLimits): void {
  mount(app, access, storeStatusRoute, async () => {
    const status = await readStoreStatus(store, limits)
    return { ...status, streams: [...status.streams] }
  })
}
