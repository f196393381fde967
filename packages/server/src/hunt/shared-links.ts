import { createHash } from 'node:crypto'
import type { RouteInput, RouteReply, sharedLinkRoute, shareLinkRoute } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'
import { ServerError } from '../server-error.ts'

const KIND = 'link'
/** Characters of an id: 72 bits of a hash, which nobody meets by chance. */
const ID_CHARACTERS = 12

type Shared = RouteInput<typeof shareLinkRoute>['body']

/** Views under short names. They lie with the other things people set, in a table that queries may not read. */
export class SharedLinks {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** @returns The id. It is made of the view, so that sharing it again makes nothing new. */
  async share({ address, rows, contentHash }: Shared, by: string, nowMs: number): Promise<string> {
    const id = createHash('sha256')
      .update([address, rows ?? '', ...(contentHash === undefined ? [] : [contentHash])].join('\n'))
      .digest('base64url')
      .slice(0, ID_CHARACTERS)
    if ((await this.#find(id)) !== undefined) return id
    const spec = JSON.stringify({ address, rows, contentHash, by })
    const row = { kind: KIND, id, spec, changed: storeTime(nowMs), version: nextVersion(), is_deleted: 0 as const }
    await this.#store.writer.insert('alert_objects', [row], `link|${id}`)
    return id
  }

  /** @throws ServerError PW-HQ-010 where there is none of the id. */
  async get(id: string): Promise<RouteReply<typeof sharedLinkRoute>> {
    const found = await this.#find(id)
    if (found !== undefined) return found
    throw new ServerError('PW-HQ-010', 404, {
      what: `There is no short link ${id}.`,
      why: 'It was never made on this server, or part of it was lost on the way.',
      do: 'Ask who sent it for the long address.',
    })
  }

  async #find(id: string): Promise<RouteReply<typeof sharedLinkRoute> | undefined> {
    const { rows } = await this.#store.reader.query({
      sql: 'SELECT spec, toString(changed) FROM audit.alert_objects FINAL WHERE kind = {kind:String} AND id = {id:String}',
      params: { kind: KIND, id },
    })
    const [spec, changed] = rows[0] ?? []
    if (spec === undefined) return undefined
    const kept = JSON.parse(String(spec)) as Shared & { by: string }
    return { ...kept, made: new Date(timeMsOf(String(changed))).toISOString() }
  }
}
