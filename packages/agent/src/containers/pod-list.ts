import { readFile, stat } from 'node:fs/promises'
import type { PodListConfig } from '../pod-list-config.ts'
import { PodRequestError, requestPods } from './pod-request.ts'

const LARGEST_BYTES = 64 * 1024 * 1024
const TIMEOUT_MS = 10_000

/** The pods of a node, and the state of the cluster that the list is of: empty where nobody says. */
export interface PodList {
  readonly items: readonly unknown[]
  readonly version: string
}

/**
 * The pods of this node, from kubelet (`GET /pods`), from the API server, or from a file with a PodList.
 *
 * @param path Another path than the configuration's.
 * @throws What went wrong, as an Error with a sentence.
 */
export async function listPods(config: PodListConfig, path = config.path, signal?: AbortSignal): Promise<PodList> {
  const text = config.file === '' ? await ask(config, path, signal) : await readBounded(config.file)
  const list: unknown = JSON.parse(text)
  const { items, metadata } = typeof list === 'object' && list !== null ? (list as Record<string, unknown>) : {}
  if (!Array.isArray(items)) throw new Error('the answer is no list of pods')
  const { resourceVersion } = (metadata ?? {}) as Record<string, unknown>
  return { items, version: typeof resourceVersion === 'string' ? resourceVersion : '' }
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > LARGEST_BYTES) throw new Error(`${path} is larger than ${LARGEST_BYTES} bytes`)
  return readFile(path, 'utf8')
}

async function ask(config: PodListConfig, path: string, signal: AbortSignal | undefined): Promise<string> {
  const answer = await requestPods(config, { path, silenceMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    size += (chunk as Buffer).length
    if (size > LARGEST_BYTES) throw new PodRequestError(0, `the answer is larger than ${LARGEST_BYTES} bytes`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
