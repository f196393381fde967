import { setRetentionRoute, storeStatusRoute } from '@podwitness/api'
import type { Store } from '@podwitness/store'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { mount } from '../http/mount.ts'
import type { DiskLimits } from '../intake/disk-guard.ts'
import { applyRetention, type RetentionDays } from '../keeping/store-keeper.ts'
import { readStoreStatus } from '../keeping/store-status.ts'

/** GET /api/v1/store: how full the store is. POST /api/v1/store/retention: how long what is kept. */
export function mountStoreStatus(app: FastifyInstance, access: Access, store: Store, limits: DiskLimits): void {
  const status = async () => {
    const { streams, ...rest } = await readStoreStatus(store, limits)
    return { ...rest, streams: [...streams] }
  }
  const days = async (): Promise<object> =>
    Object.fromEntries((await readStoreStatus(store, limits)).streams.map((stream) => [stream.stream, stream.days]))
  mount(app, access, storeStatusRoute, status)
  mount(app, access, setRetentionRoute, async ({ body }, { note }) => {
    note({ object: 'retention', before: await days() })
    await applyRetention(store, body as RetentionDays)
    note({ after: await days() })
    return status()
  })
}
