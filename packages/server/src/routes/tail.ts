import { pause, type TailMessage, tailRoute } from '@podwitness/api'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../http/access.ts'
import { disconnectSignal } from '../http/disconnect-signal.ts'
import { mount } from '../http/mount.ts'
import { writeDrained } from '../http/write-drained.ts'
import { TailReader } from '../hunt/tail-reader.ts'
import { ServerError } from '../server-error.ts'

/** Pause between two looks at what arrived. */
const LOOK_MS = 1000
/** A stream ends after this long; who goes on is asked again who it is. */
const LONGEST_MS = 10 * 60_000
/** Streams at once: each of them asks the store every second. */
const MOST_STREAMS = 32

/** Mounts the stream of rows as they arrive. */
export function mountTail(app: FastifyInstance, access: Access): void {
  let streams = 0
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  mount(app, access, tailRoute, async ({ query }, { reply, view }) => {
    if (streams >= MOST_STREAMS) throw busy()
    const startMs = query.cursor === undefined ? Date.now() : Date.parse(query.cursor)
    const reader = await TailReader.open(view, query.query, startMs)
    const gone = AbortSignal.any([disconnectSignal(reply), closing.signal])
    streams++
    reply.hijack()
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }
    reply.raw.writeHead(200, headers as Record<string, string>)
    let last: TailMessage = { cursor: new Date(startMs).toISOString(), columns: [], rows: [], skipped: 0, arrived: 0 }
    try {
      // Said at once, so that who waits knows that it is followed.
      await writeDrained(reply.raw, eventText(last), gone)
      const untilMs = Date.now() + LONGEST_MS
      while (!gone.aborted && Date.now() < untilMs) {
        last = await reader.next(gone)
        await writeDrained(reply.raw, eventText(last), gone)
        await pause(LOOK_MS, gone)
      }
    } catch {
      // The store went away, or the caller: the stream ends, and whoever wants more goes on from the cursor.
    } finally {
      streams--
      reply.raw.end()
    }
    return last
  })
}

const eventText = (message: TailMessage): string => `id: ${message.cursor}\ndata: ${JSON.stringify(message)}\n\n`

function busy(): ServerError {
  return new ServerError('PW-HQ-007', 503, {
    what: 'Too many people follow live already.',
    why: `At most ${MOST_STREAMS} streams run at once.`,
    do: 'Close a page that follows, or ask again later.',
  })
}
