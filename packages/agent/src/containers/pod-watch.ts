import { podsLine } from '../intake-lines.ts'
import type { PodListConfig } from '../pod-list-config.ts'
import type { ContainerFact } from './cri-client.ts'
import { listPods } from './pod-list.ts'
import { PodStream } from './pod-stream.ts'
import { type PodSummary, summarisePod } from './pod-summary.ts'

/** How often kubelet is asked, milliseconds; a container that nobody has named yet makes it sooner. */
const ASK_EVERY_MS = 20_000
const SOONEST_MS = 1000
/** Pods in one line. */
const BATCH = 50
const MOST_PODS = 5000

export interface PodWatchParts {
  /** Undefined where nobody can be asked: then pods are put together from what the runtime tells. */
  readonly config: PodListConfig | undefined
  readonly node: string
  keep(lines: readonly Buffer[]): Promise<void>
  say(text: string): void
}

/** Ships the pods of the node: new ones, and those that changed. */
export class PodWatch {
  readonly #parts: PodWatchParts
  /** What was shipped of each pod, by uid. */
  readonly #told = new Map<string, string>()
  readonly #fromKubelet = new Set<string>()
  /** Pods that were deleted; they are named until their containers must be long gone. */
  readonly #deleted = new Set<string>()
  #askAtMs = 0
  #askedMs = 0
  #trouble = ''

  constructor(parts: PodWatchParts) {
    this.#parts = parts
  }

  get podCount(): number {
    return this.#told.size
  }

  /** Why kubelet cannot be asked; empty where it can, or where it is not to be. */
  get trouble(): string {
    return this.#trouble
  }

  /** Follows the API server's changes until the signal is aborted; where there is none to follow, ends at once. */
  async follow(signal: AbortSignal): Promise<void> {
    const { config } = this.#parts
    if (config?.watched !== true) return
    const news = {
      all: (items: readonly unknown[]) => this.#all(items),
      changed: (item: unknown, deleted: boolean) => this.#changed(item, deleted),
      trouble: (text: string) => this.#tell(text),
    }
    await new PodStream(config, news).run(signal)
  }

  /** Asks kubelet where that is due, and names from the runtime what it does not. */
  async look(containers: readonly ContainerFact[], nowMs: number): Promise<void> {
    const unnamed = containers.some((fact) => {
      const uid = uidOf(fact)
      return uid !== '' && !this.#fromKubelet.has(uid)
    })
    if (unnamed) this.#askAtMs = Math.min(this.#askAtMs, this.#askedMs + SOONEST_MS)
    const { config } = this.#parts
    if (config !== undefined && !config.watched && nowMs >= this.#askAtMs) await this.#ask(config, nowMs)
    const left = podsOf(containers, this.#parts.node).filter(({ metadata }) => !this.#fromKubelet.has(metadata.uid))
    await this.#ship(left, nowMs)
  }

  async #ask(config: PodListConfig, nowMs: number): Promise<void> {
    this.#askAtMs = nowMs + ASK_EVERY_MS
    this.#askedMs = nowMs
    try {
      await this.#all((await listPods(config)).items)
      this.#tell('')
    } catch (error) {
      this.#tell((error as Error).message)
    }
  }

  async #all(items: readonly unknown[]): Promise<void> {
    const pods = items.flatMap(summariesOf)
    for (const { metadata } of pods) this.#fromKubelet.add(metadata.uid)
    await this.#ship(pods, Date.now())
    this.#forget(new Set(pods.map(({ metadata }) => metadata.uid)))
  }

  async #changed(item: unknown, deleted: boolean): Promise<void> {
    const pods = summariesOf(item)
    for (const { metadata } of pods) {
      this.#fromKubelet.add(metadata.uid)
      if (deleted) this.#deleted.add(metadata.uid)
    }
    await this.#ship(pods, Date.now())
    for (const old of this.#deleted) {
      if (this.#told.size <= MOST_PODS) return
      this.#drop(old)
    }
  }

  #tell(trouble: string): void {
    if (trouble !== '' && trouble !== this.#trouble)
      this.#parts.say(`Pods cannot be asked for: ${trouble}. Owners are unknown meanwhile.`)
    this.#trouble = trouble
  }

  async #ship(pods: readonly PodSummary[], nowMs: number): Promise<void> {
    const changed = pods.filter((pod) => {
      const text = JSON.stringify(pod)
      if (this.#told.get(pod.metadata.uid) === text) return false
      this.#told.set(pod.metadata.uid, text)
      return true
    })
    const lines: Buffer[] = []
    // A pod that kubelet has from a file tells no time of its own, and the server orders what it knows by time.
    const seenAt = new Date(nowMs).toISOString()
    const items = changed.map((pod) => ({ ...pod, seenAt }))
    for (let at = 0; at < items.length; at += BATCH) lines.push(podsLine(nowMs, { items: items.slice(at, at + BATCH) }))
    if (lines.length > 0) await this.#parts.keep(lines)
  }

  #forget(present: ReadonlySet<string>): void {
    for (const uid of this.#told.keys()) {
      if (this.#told.size <= MOST_PODS) return
      if (!present.has(uid)) this.#drop(uid)
    }
  }

  #drop(uid: string): void {
    this.#told.delete(uid)
    this.#fromKubelet.delete(uid)
    this.#deleted.delete(uid)
  }
}

/** Annotation of a mirror pod: the uid that kubelet gave its static pod, which is in cgroups and labels. Source: kubernetes, pkg/kubelet/pod/mirror_client.go. */
const MIRROR = 'kubernetes.io/config.mirror'

/** A pod's summary; a static pod's under both of its uids, as the API server and the node call it by different ones. */
function summariesOf(item: unknown): PodSummary[] {
  const pod = summarisePod(item)
  if (pod === undefined) return []
  const uid = pod.metadata.annotations[MIRROR] ?? ''
  return uid === '' || uid === pod.metadata.uid ? [pod] : [pod, { ...pod, metadata: { ...pod.metadata, uid } }]
}

/** Labels that kubelet gives to what it asks a runtime for. Source: kubernetes, pkg/kubelet/types/labels.go. */
const NAME = 'io.kubernetes.pod.name'
const NAMESPACE = 'io.kubernetes.pod.namespace'
const UID = 'io.kubernetes.pod.uid'
const CONTAINER = 'io.kubernetes.container.name'

const uidOf = ({ labels }: ContainerFact): string => labels[UID] ?? ''

/** Pods as the runtime knows them: without owners, probes and hooks. */
function podsOf(containers: readonly ContainerFact[], node: string): PodSummary[] {
  const sandboxes = containers.filter(({ labels }) => labels['io.cri-containerd.kind'] === 'sandbox' && UID in labels)
  return sandboxes.map(({ labels, ip = '', annotations = {} }): PodSummary => {
    const uid = labels[UID] ?? ''
    const inside = containers
      .filter((fact) => uidOf(fact) === uid && CONTAINER in fact.labels)
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    const own = Object.entries(labels).filter(([name]) => !name.startsWith('io.kubernetes.') && !name.startsWith('io.cri-'))
    return {
      metadata: {
        name: labels[NAME] ?? '',
        namespace: labels[NAMESPACE] ?? '',
        uid,
        labels: Object.fromEntries(own),
        annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => name === 'kubernetes.io/config.source')),
        ownerReferences: [],
      },
      spec: {
        nodeName: node,
        containers: inside.map((fact) => ({ name: fact.labels[CONTAINER] ?? '', image: fact.image })),
      },
      status: {
        ...(ip === '' ? {} : { podIP: ip }),
        containerStatuses: inside.map((fact) => ({ name: fact.labels[CONTAINER] ?? '', containerID: fact.id })),
      },
      owner: null,
    }
  })
}
