import type { ContainerFact, PodContainer, PodFact } from './observation.ts'

/** A container's place in the cluster; empty strings where it is not known. */
export interface ContainerPlace {
  readonly containerId: string
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  readonly name: string
  readonly image: string
  readonly hostIp: string
  readonly labels: Readonly<Record<string, string>>
  readonly spec: PodContainer | undefined
  /** Whether the pod was found out from matching requests instead of being told. */
  readonly inferred: boolean
}

/** Finds containers by id and pods by name from whatever is known: CRI labels, pod objects, or inference. */
export class ContainerIndex {
  readonly #places = new Map<string, ContainerPlace>()
  readonly #pods: Map<string, PodFact[]>
  readonly #told: ContainerIndex | null

  constructor(containers: readonly ContainerFact[], pods: readonly PodFact[], told: ContainerIndex | null = null) {
    this.#told = told
    this.#pods = told === null ? new Map() : told.#pods
    for (const pod of pods) {
      const key = `${pod.namespace}/${pod.pod}`
      this.#pods.set(key, [...(this.#pods.get(key) ?? []), pod])
      for (const spec of pod.containers) if (spec.containerId !== '') this.#places.set(spec.containerId, placeFromPod(pod, spec))
    }
    for (const fact of containers) this.#places.set(fact.containerId, this.#placeFromFact(fact))
  }

  /** The same, to which places found out are added without touching what was told. */
  overlay(): ContainerIndex {
    return new ContainerIndex([], [], this)
  }

  /** What is known of a container; every name empty where nothing is. */
  place(containerId: string): ContainerPlace {
    return this.#places.get(containerId) ?? this.#told?.place(containerId) ?? unknownPlace(containerId)
  }

  /** Newest object of a pod by name, or by uid where that is given. */
  pod(namespace: string, name: string, uid = ''): PodFact | undefined {
    const lives = this.#pods.get(`${namespace}/${name}`) ?? []
    return (uid === '' ? undefined : lives.find((life) => life.podUid === uid)) ?? lives.at(-1)
  }

  /** Notes a place that matching requests revealed; what was told is never overridden. */
  infer(containerId: string, place: { namespace: string; pod: string; name: string }): void {
    if (this.place(containerId).pod !== '') return
    const pod = this.pod(place.namespace, place.pod)
    this.#places.set(containerId, {
      ...unknownPlace(containerId),
      ...place,
      podUid: pod?.podUid ?? '',
      hostIp: pod?.hostIp ?? '',
      labels: pod?.labels ?? {},
      inferred: true,
    })
  }

  #placeFromFact(fact: ContainerFact): ContainerPlace {
    const pod = this.pod(fact.namespace, fact.pod, fact.podUid)
    return {
      containerId: fact.containerId,
      node: fact.node,
      namespace: fact.namespace,
      pod: fact.pod,
      podUid: fact.podUid,
      name: fact.name,
      image: fact.image,
      hostIp: pod?.hostIp ?? '',
      labels: pod?.labels ?? {},
      spec: pod?.containers.find(({ name }) => name === fact.name),
      inferred: false,
    }
  }
}

function placeFromPod(pod: PodFact, spec: PodContainer): ContainerPlace {
  const { namespace, podUid, node, hostIp, labels } = pod
  return {
    containerId: spec.containerId,
    node,
    namespace,
    pod: pod.pod,
    podUid,
    name: spec.name,
    image: spec.image,
    hostIp,
    labels,
    spec,
    inferred: false,
  }
}

function unknownPlace(containerId: string): ContainerPlace {
  return {
    containerId,
    node: '',
    namespace: '',
    pod: '',
    podUid: '',
    name: '',
    image: '',
    hostIp: '',
    labels: {},
    spec: undefined,
    inferred: false,
  }
}
