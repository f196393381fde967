import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PodListConfig } from '../pod-list-config.ts'
import { PodStream } from './pod-stream.ts'
import { PodWatch } from './pod-watch.ts'

/**
 * A fake API server, after the documented contract of list and watch (kubernetes.io, Kubernetes API concepts): bearer token,
 * field selector, resourceVersion, a stream of one JSON object a line, bookmarks, 410 with a Status object, 403 by RBAC.
 */
class FakeApi {
  url = ''
  token = 'first'
  /** What the list answers, and the state of the cluster it is of. */
  pods: object[] = []
  version = '100'
  mayWatch = true
  /** Every request: `list` or `watch`, and from which version. */
  readonly asked: string[] = []
  #watching: ServerResponse | undefined
  #server: Server | undefined
  #heard: () => void = () => {}

  async open(key: string, cert: string): Promise<void> {
    this.#server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ url, headers }, answer) => {
      const { pathname, searchParams: query } = new URL(url ?? '', this.url)
      if (headers.authorization !== `Bearer ${this.token}`) return status(answer, 401, 'Unauthorized')
      if (pathname !== '/api/v1/pods' || query.get('fieldSelector') !== 'spec.nodeName=n1') return status(answer, 404, 'NotFound')
      const watch = query.get('watch') === '1'
      this.asked.push(`${watch ? 'watch' : 'list'} ${query.get('resourceVersion') ?? 'newest'}`)
      if (!watch) {
        answer.end(JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: this.version }, items: this.pods }))
      } else if (!this.mayWatch) status(answer, 403, 'Forbidden')
      else {
        if (query.get('allowWatchBookmarks') !== 'true') throw new Error('bookmarks are not asked for')
        answer.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
        this.#watching = answer
      }
      this.#heard()
    })
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve))
    this.url = `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Waits until somebody watches from a version, or lists. */
  async until(what: string, times = 1): Promise<void> {
    while (this.asked.filter((each) => each === what).length < times)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
  }

  /** Says changes; half a line where the text ends without a line end. */
  say(...changes: (object | string)[]): void {
    for (const change of changes) this.#watching?.write(typeof change === 'string' ? change : `${JSON.stringify(change)}\n`)
  }

  end(): void {
    this.#watching?.end()
  }

  cut(): void {
    this.#watching?.destroy()
  }

  close(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}

function status(answer: ServerResponse, code: number, reason: string): void {
  answer.writeHead(code).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code }))
}

const pod = (name: string, version: string, labels: Record<string, string> = {}): object => ({
  kind: 'Pod',
  metadata: {
    ...{ name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version },
    labels: { ...labels, 'pod-template-hash': '6d4c' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-6d4c', controller: true }],
  },
  spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'i' }] },
  status: {},
})
const change = (type: string, object: object): object => ({ type, object })
const bookmark = (version: string): object =>
  change('BOOKMARK', { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: version } })
const GONE = change('ERROR', { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old: 150 (290)' })

const folder = mkdtempSync(join(tmpdir(), 'podwitness-api-'))
const [key, cert, tokenFile] = ['key', 'cert', 'token'].map((name) => join(folder, name)) as [string, string, string]

beforeAll(() => {
  const subject = ['-subj', '/CN=api', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2', '-nodes']
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', ...subject, ...made], { stdio: 'ignore' })
})
afterAll(() => rmSync(folder, { recursive: true }))

const configOf = ({ url }: FakeApi): PodListConfig => ({
  ...{ url, tokenFile, ca: cert, watched: true, checkName: true, file: '' },
  path: '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1&resourceVersion=0',
})

async function withStream(work: (api: FakeApi, heard: string[]) => Promise<void>): Promise<void> {
  const api = new FakeApi()
  const stop = new AbortController()
  const heard: string[] = []
  const nameOf = (item: unknown): string => (item as { metadata: { name: string } }).metadata.name
  writeFileSync(tokenFile, 'first\n')
  await api.open(key, cert)
  const news = {
    all: async (items: readonly unknown[]) => void heard.push(`all ${items.map(nameOf).join(' ')}`.trim()),
    changed: async (item: unknown, deleted: boolean) => void heard.push(`${deleted ? 'deleted' : 'changed'} ${nameOf(item)}`),
    trouble: (text: string) => {
      if (heard.at(-1) !== text && text !== '') heard.push(text)
    },
  }
  const done = new PodStream(configOf(api), news, 20).run(stop.signal)
  try {
    await work(api, heard)
  } finally {
    stop.abort()
    await done
    api.close()
  }
}

it('lists, then follows; goes on behind the last bookmark; lists anew when that is no longer known', () =>
  withStream(async (api, heard) => {
    api.pods = [pod('a', '90')]
    await api.until('watch 100')
    api.say(change('ADDED', pod('b', '101')), change('MODIFIED', pod('a', '102')), bookmark('150'))
    api.end()
    await api.until('watch 150')
    api.pods = [pod('c', '280')]
    api.version = '300'
    api.say(GONE)
    await api.until('watch 300')
    api.say(change('DELETED', pod('c', '301')))
    api.end()
    await api.until('watch 301')
    expect(api.asked).toEqual(['list 0', 'watch 100', 'watch 150', 'list newest', 'watch 300', 'watch 301'])
    expect(heard).toEqual(['all a', 'changed b', 'changed a', 'all c', 'deleted c'])
  }))

it('goes on where it was when the connection breaks in the middle of a change', () =>
  withStream(async (api, heard) => {
    await api.until('watch 100')
    api.say(change('ADDED', pod('b', '101')), '{"type":"ADDED","object":{"metad')
    while (heard.length < 2) await new Promise(setImmediate)
    api.cut()
    await api.until('watch 101')
    api.say(change('ADDED', pod('c', '102')))
    api.end()
    await api.until('watch 102')
    expect(api.asked.filter((each) => each.startsWith('list'))).toHaveLength(1)
    expect(heard.filter((each) => /^(all|changed)/.test(each))).toEqual(['all', 'changed b', 'changed c'])
  }))

it('takes the new token when the cluster has replaced it', () =>
  withStream(async (api, heard) => {
    await api.until('watch 100')
    api.token = 'second'
    api.end()
    while (!heard.some((each) => each.includes('401'))) await new Promise((resolve) => setTimeout(resolve, 5))
    writeFileSync(tokenFile, 'second\n')
    await api.until('watch 100', 2)
    expect(heard.at(-1)).toBe('all')
  }))

it('reads the list again and again where it may not watch, and says why', () =>
  withStream(async (api, heard) => {
    api.mayWatch = false
    api.pods = [pod('a', '90')]
    await api.until('list 0')
    api.pods = [pod('b', '190')]
    await api.until('list 0', 2)
    await api.until('watch 100', 2)
    expect(heard.slice(0, 3)).toEqual([
      'all a',
      'the API server answered 403: the service account may not list and watch pods (of a kubelet, it takes nodes/proxy or nodes/pods)',
      'all b',
    ])
    api.mayWatch = true
    await api.until('watch 100', 3)
    api.say(change('ADDED', pod('c', '101')))
    while (heard.at(-1) !== 'changed c') await new Promise(setImmediate)
  }))

it('is shipped with the owner above the ReplicaSet, each pod again only when it changed', async () => {
  const api = new FakeApi()
  writeFileSync(tokenFile, 'first\n')
  await api.open(key, cert)
  api.pods = [pod('a', '90')]
  const shipped: string[] = []
  const keep = async (lines: readonly Buffer[]): Promise<void> => {
    for (const line of lines) {
      const { list } = JSON.parse(line.toString()) as {
        list: { items: { metadata: { name: string }; owner: { kind: string; name: string } }[] }
      }
      shipped.push(...list.items.map(({ metadata, owner }) => `${metadata.name} of ${owner.kind} ${owner.name}`))
    }
  }
  const watch = new PodWatch({ config: configOf(api), node: 'n1', keep, say: () => {} })
  const stop = new AbortController()
  const done = watch.follow(stop.signal)
  await api.until('watch 100')
  api.say(change('MODIFIED', pod('a', '101')), change('ADDED', pod('b', '102')), change('MODIFIED', pod('a', '103', { x: 'y' })))
  while (shipped.length < 3) await new Promise(setImmediate)
  expect(shipped).toEqual(['a of Deployment web', 'b of Deployment web', 'a of Deployment web'])
  expect([watch.podCount, watch.trouble]).toEqual([2, ''])
  stop.abort()
  await done
  api.close()
})
