import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What kubelet was told of the node it runs on. */
export interface NodeLabels {
  readonly labels: Readonly<Record<string, string>>
  /** Name of the node pool; empty where no label says it. */
  readonly pool: string
  /** The label that said it. */
  readonly poolLabel: string
  /** `--node-ip`; empty where kubelet finds it out by itself. */
  readonly ip: string
}

/** Labels that clouds name their pools with, the most particular first. Sources: documentation of AKS, ACK, EKS, GKE, Karpenter. */
const POOL_LABELS = [
  'kubernetes.azure.com/agentpool',
  'agentpool',
  'alibabacloud.com/nodepool-id',
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'cloud.google.com/gke-nodepool',
  'karpenter.sh/nodepool',
  'node.kubernetes.io/nodepool',
] as const

/** kubelet, or a program that has one in it: k3s, rke2, microk8s' kubelite, k0s. */
const KUBELET = /^(?:kubelet|hyperkube|k3s(?:-server|-agent)?|rke2|kubelite|k0s)$/
const LONGEST = 256 * 1024

/**
 * Labels of the node out of kubelet's command line: they need neither the API nor a role. Labels that only the API knows
 * (set later with kubectl) are not among them. Source: kubelet(1), --node-labels, --node-ip; k3s agent, --node-label.
 *
 * @param proc The node's /proc.
 */
export function readNodeLabels(proc: string): NodeLabels {
  for (const pid of pidsOf(proc)) {
    if (!KUBELET.test(text(join(proc, pid, 'comm')).trim())) continue
    const found = labelsOf(text(join(proc, pid, 'cmdline')).split('\0'))
    if (found.ip !== '' || Object.keys(found.labels).length > 0) return found
  }
  return { labels: {}, pool: '', poolLabel: '', ip: '' }
}

/** Labels and address of one command line. */
export function labelsOf(argv: readonly string[]): NodeLabels {
  const values = (name: string): string[] =>
    argv.flatMap((word, at) => {
      if (word === `--${name}`) return [argv[at + 1] ?? '']
      return word.startsWith(`--${name}=`) ? [word.slice(name.length + 3)] : []
    })
  const pairs = [...values('node-labels'), ...values('node-label')].flatMap((list) => list.split(','))
  const labels = Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, name, value = ''] = /^"?([\w./-]+)=([^"]*)"?$/.exec(pair.trim()) ?? []
      return name === undefined ? [] : [[name, value] as const]
    }),
  )
  const poolLabel = POOL_LABELS.find((name) => (labels[name] ?? '') !== '') ?? ''
  return { labels, poolLabel, pool: labels[poolLabel] ?? '', ip: (values('node-ip')[0] ?? '').split(',')[0] ?? '' }
}

function pidsOf(proc: string): string[] {
  try {
    return readdirSync(proc).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, LONGEST)
  } catch {
    return ''
  }
}
