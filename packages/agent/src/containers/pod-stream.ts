import { Backoff, pause } from '@podwitness/pipeline'
import type { PodListConfig } from '../pod-list-config.ts'
import { listPods } from './pod-list.ts'
import { PodRequestError, requestPods } from './pod-request.ts'

/** How long a watch is asked for, seconds: the next one brings the token of that hour. API servers end them after 5 to 10 minutes. */
const WATCH_SECONDS = 290
const SILENCE_MS = (WATCH_SECONDS + 30) * 1000
/** A watch that lasted so long and then ended is no failure, though it brought nothing, milliseconds. */
const WORTHY_MS = 10_000
/** Longest line of a watch, bytes; an object in etcd has 1.5 MiB at most. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024
const NEWLINE = 10
const GONE = 410

/** Told what happens to the pods of a node. */
export interface PodNews {
  /** Every pod: at the beginning, and whenever changes may have been missed. */
  all(items: readonly unknown[]): Promise<void>
  changed(item: unknown, deleted: boolean): Promise<void>
  /** Why nothing is heard at the moment; empty when something is again. */
  trouble(text: string): void
}

/**
 * Follows the pods of a node at the API server: a list, then what changes since. Where changes since then are no longer known
 * (410), or watching is refused, the list is read again. Source: kubernetes.io, Kubernetes API concepts, efficient detection of
 * changes, watch bookmarks, 410 Gone responses.
 */
export class PodStream {
  readonly #config: PodListConfig
  readonly #news: PodNews
  readonly #backoff: Backoff
  /** State of the cluster up to which everything was heard; empty before the first list and after it was lost. */
  #version = ''
  /** Whether the list must come from etcd: what the server has in memory was too old to watch from. */
  #exact = false

  /** @param longestWaitMs Between two tries. */
  constructor(config: PodListConfig, news: PodNews, longestWaitMs = 20_000) {
    this.#config = config
    this.#news = news
    this.#backoff = new Backoff({ firstMs: Math.min(1000, longestWaitMs), maxMs: longestWaitMs })
  }

  /** Follows until the signal is aborted. Trouble is told and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#version === '') await this.#list(signal)
        await this.#watch(signal)
      } catch (error) {
        if (signal.aborted) return
        this.#lost(error as Error)
      }
      await pause(this.#backoff.next(), signal)
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { path } = this.#config
    const { items, version } = await listPods(this.#config, this.#exact ? path.replace(/&resourceVersion=0$/, '') : path, signal)
    if (version === '') throw new PodRequestError(0, 'the list of pods has no resourceVersion')
    await this.#news.all(items)
    this.#version = version
    this.#exact = false
    this.#news.trouble('')
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const since = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(this.#version)}`
    const path = this.#config.path.replace('resourceVersion=0', since)
    const answer = await requestPods(this.#config, { path, silenceMs: SILENCE_MS, signal })
    this.#news.trouble('')
    const begunMs = Date.now()
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of answer) {
      rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer])
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        await this.#take(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
      }
      if (rest.length > LONGEST_LINE_BYTES) throw new PodRequestError(0, `a change is longer than ${LONGEST_LINE_BYTES} bytes`)
    }
    if (Date.now() - begunMs > WORTHY_MS) this.#backoff.reset()
  }

  /** One change: `{"type": …, "object": …}`. */
  async #take(line: Buffer): Promise<void> {
    const { type, object } = JSON.parse(line.toString('utf8')) as { type?: unknown; object?: Record<string, unknown> }
    if (type === 'ERROR') {
      const { code, message } = object ?? {}
      throw new PodRequestError(Number(code) || 0, `the API server broke off: ${String(message).slice(0, 300)}`)
    }
    this.#backoff.reset()
    const { resourceVersion } = (object?.metadata ?? {}) as Record<string, unknown>
    if (type !== 'BOOKMARK') await this.#news.changed(object, type === 'DELETED')
    if (typeof resourceVersion === 'string') this.#version = resourceVersion
  }

  #lost(error: Error): void {
    const status = error instanceof PodRequestError ? error.status : -1
    // A connection that broke goes on where it was; whatever the server itself says means that the thread is lost.
    if (status !== -1 || error instanceof SyntaxError) this.#version = ''
    if (status === GONE) this.#exact = true
    else this.#news.trouble(error.message)
  }
}
