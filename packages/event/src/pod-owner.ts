/** Who made a pod, as far as the pod itself tells it. */
export interface PodOwner {
  readonly kind: string
  readonly name: string
  /** How it is known, in words. */
  readonly rule: string
}

interface OwnerReference {
  readonly kind?: unknown
  readonly name?: unknown
  readonly controller?: unknown
}

/** Annotations of kubelet: where a pod came from. Source: kubernetes, pkg/kubelet/types/pod_update.go. */
const SOURCE = 'kubernetes.io/config.source'
const MIRROR = 'kubernetes.io/config.mirror'
/** Label of the Deployment controller: the hash that the ReplicaSet's name ends in. Source: kubernetes.io, Deployments. */
const TEMPLATE_HASH = 'pod-template-hash'
/** How long after the minute in its Job's name a pod may be made: retries come later. Six hours, in milliseconds. */
const CRON_LATE_MS = 6 * 3_600_000
const CRON_EARLY_MS = 60_000

/**
 * The owner of a pod: its controller, above a ReplicaSet its Deployment, and above a Job its CronJob, where the names prove it. Without a controller,
 * a pod of kubelet's own (static) belongs to its node, and any other to whoever created it: that is what `null` says.
 */
export function ownerOf(metadata: {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly ownerReferences: readonly unknown[]
  readonly creationTimestamp?: unknown
}): PodOwner | null {
  const references = metadata.ownerReferences.filter((each): each is OwnerReference => typeof each === 'object' && each !== null)
  const controller = references.find((reference) => reference.controller === true) ?? references[0]
  const { kind, name } = controller ?? {}
  if (typeof kind !== 'string' || typeof name !== 'string') return staticOwner(metadata.annotations)
  const hash = metadata.labels[TEMPLATE_HASH] ?? ''
  if (kind === 'ReplicaSet' && hash !== '' && name.endsWith(`-${hash}`) && name.length > hash.length + 1) {
    const deployment = name.slice(0, -hash.length - 1)
    return { kind: 'Deployment', name: deployment, rule: `ReplicaSet ${name} is named after the Pod's ${TEMPLATE_HASH} ${hash}` }
  }
  const cron = kind === 'Job' ? cronOwner(name, metadata.creationTimestamp) : null
  if (cron !== null) return cron
  if (kind === 'Node') return { kind, name, rule: 'static Pod: a file on the node' }
  return { kind, name, rule: 'controller in ownerReferences' }
}

/** A CronJob names its Jobs after the minute they are due, since the Unix epoch. Source: kubernetes, cronjob/utils.go, getJobName. */
function cronOwner(job: string, created: unknown): PodOwner | null {
  const [, name = '', minute = ''] = /^(.+)-(\d{8})$/.exec(job) ?? []
  const lateMs = Date.parse(typeof created === 'string' ? created : '') - Number(minute) * 60_000
  if (name === '' || !(lateMs > -CRON_EARLY_MS && lateMs < CRON_LATE_MS)) return null
  const due = new Date(Number(minute) * 60_000).toISOString().slice(0, 16)
  return { kind: 'CronJob', name, rule: `Job ${job} is named after the minute it was due, ${due}Z, and the Pod was made then` }
}

function staticOwner(annotations: Readonly<Record<string, string>>): PodOwner | null {
  const source = annotations[SOURCE] ?? ''
  const isStatic = MIRROR in annotations || (source !== '' && source !== 'api')
  return isStatic ? { kind: 'Node', name: '', rule: `static Pod: kubelet has it from ${source || 'a file'}` } : null
}
