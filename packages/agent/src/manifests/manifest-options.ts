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
}

/** Kinds of clusters that differ in what a node looks like. */
export const DISTRIBUTIONS = ['generic', 'aks', 'eks', 'gke', 'k3s', 'openshift'] as const
export type Distribution = (typeof DISTRIBUTIONS)[number]

/** Where the container runtime listens on a node. `auto` tries the sockets that are usual. */
export const RUNTIME_SOCKETS: Readonly<Record<Distribution, string>> = {
  generic: 'auto',
  aks: '/run/containerd/containerd.sock',
  eks: '/run/containerd/containerd.sock',
  gke: '/run/containerd/containerd.sock',
  k3s: '/run/k3s/containerd/containerd.sock',
  openshift: '/run/crio/crio.sock',
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
