/** What the manifests are for. */
export interface ManifestOptions {
  readonly namespace: string
  readonly image: string
  /** Name of the cluster in sessions and reports. */
  readonly cluster: string
  readonly distribution: Distribution
  /** Rule packs of the ConfigMap `auditd-rules`. */
  readonly packs: readonly { readonly file: string; readonly text: string }[]
  /** Text of the plugin `syslog.conf`; null where records do not go to syslog. */
  readonly syslogPlugin: string | null
  /** The ConfigMaps of aks-auditd are used as they are, in its namespace. */
  readonly adoptAksAuditd: boolean
  /** An init container sets nodes up; without it, they are set up at their first boot. */
  readonly privilegedSetup: boolean
  /** Address of the intake, where the server is elsewhere; null prints the server too. */
  readonly serverUrl: string | null
  /** The agent may ask the API for the pods of its node, for owners, probes and hooks. */
  readonly askForPods: boolean
  /** A Service and a ServiceMonitor of the Prometheus operator. */
  readonly monitoring: boolean
  /** A Service for kube-apiserver's audit webhook. */
  readonly webhook: boolean
  /** Text of a join token for a Secret; null where the Secret is made by hand. */
  readonly joinToken: string | null
}

/** Kinds of clusters that differ in what a node looks like. */
export const DISTRIBUTIONS = [
  'generic',
  'aks',
  'ack',
  'eks',
  'gke',
  'k3s',
  'rke2',
  'k0s',
  'microk8s',
  'openshift',
  'docker',
] as const
export type Distribution = (typeof DISTRIBUTIONS)[number]

/** Where the container runtime listens on a node. `auto` tries the sockets that are usual. */
const RUNTIME_SOCKETS: Readonly<Record<string, string>> = {
  aks: '/run/containerd/containerd.sock',
  ack: '/run/containerd/containerd.sock',
  eks: '/run/containerd/containerd.sock',
  gke: '/run/containerd/containerd.sock',
  k3s: '/run/k3s/containerd/containerd.sock',
  rke2: '/run/k3s/containerd/containerd.sock',
  k0s: '/run/k0s/containerd.sock',
  microk8s: '/var/snap/microk8s/common/run/containerd.sock',
  openshift: '/run/crio/crio.sock',
  docker: '/run/cri-dockerd.sock',
}

/** The agent's option `containers.cri` for a kind of cluster. */
export function runtimeSocket(distribution: Distribution): string {
  const path = RUNTIME_SOCKETS[distribution]
  return path === undefined ? 'auto' : `/node${path}`
}

/** Lines moved to the right, for a text within a YAML document. Empty lines stay empty. */
export function indented(text: string, columns: number): string {
  const blanks = ' '.repeat(columns)
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${blanks}${line}`))
    .join('\n')
}

/** Documents of YAML as one stream. */
export function documents(parts: readonly string[]): string {
  return parts.map((part) => `---\n${part.replace(/^\n+|\n+$/g, '')}\n`).join('')
}
