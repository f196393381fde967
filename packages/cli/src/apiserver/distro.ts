/** How a kind of cluster starts its kube-apiserver, and where files for it have to be. */
export interface Distro {
  readonly name: string
  readonly title: string
  /** Folder on the node for policy and webhook file. */
  readonly folder: string
  /** Folder of the log file; it has to be mounted too. */
  readonly logs: string
  /** How the flags get in: text for people, made of the flags. */
  readonly apply: (flags: readonly string[], folders: { readonly folder: string; readonly logs: string }) => string
}

const MOUNTS = ({ folder, logs }: { readonly folder: string; readonly logs: string }): string => `    volumeMounts:
    - {name: podwitness-audit, mountPath: ${folder}, readOnly: true}
    - {name: podwitness-audit-log, mountPath: ${logs}}
  volumes:
  - {name: podwitness-audit, hostPath: {path: ${folder}, type: Directory}}
  - {name: podwitness-audit-log, hostPath: {path: ${logs}, type: DirectoryOrCreate}}`

const indented = (flags: readonly string[], indent: string): string => flags.map((flag) => `${indent}- --${flag}`).join('\n')

/** Source: kubeadm, static pod manifests; the kubelet starts the pod again when the file changes. */
const kubeadm: Distro = {
  name: 'kubeadm',
  title: 'kubeadm and other static pods',
  folder: '/etc/kubernetes/podwitness',
  logs: '/var/log/kubernetes/audit',
  apply: (flags, folders) => `# Merge into /etc/kubernetes/manifests/kube-apiserver.yaml on every control plane node.
spec:
  containers:
  - name: kube-apiserver
    command:
    - kube-apiserver
${indented(flags, '    ')}
${MOUNTS(folders)}`,
}

const rancher = (name: 'k3s' | 'rke2'): Distro => ({
  name,
  title: name === 'k3s' ? 'K3s' : 'RKE2',
  folder: `/etc/rancher/${name}/podwitness`,
  logs: `/var/lib/rancher/${name}/server/logs`,
  apply: (
    flags,
    { folder, logs },
  ) => `# Merge into /etc/rancher/${name}/config.yaml on every server node, then: systemctl restart ${name === 'k3s' ? 'k3s' : 'rke2-server'}
kube-apiserver-arg:
${flags.map((flag) => `- ${flag}`).join('\n')}${name === 'k3s' ? '' : `\nkube-apiserver-extra-mount:\n- ${folder}:${folder}:ro\n- ${logs}:${logs}`}`,
})

/** Source: kind, "Auditing" in its user guide: files come in by extraMounts, flags by a kubeadm patch (kubeadm v1beta3). */
const kind: Distro = {
  name: 'kind',
  title: 'kind',
  folder: '/etc/kubernetes/podwitness',
  logs: '/var/log/kubernetes/audit',
  apply: (
    flags,
    { folder, logs },
  ) => `# The cluster's configuration; the two files are expected in ./podwitness beside it. A running cluster has to be made anew.
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
- role: control-plane
  extraMounts:
  - {hostPath: ./podwitness, containerPath: ${folder}, readOnly: true}
  kubeadmConfigPatches:
  - |
    kind: ClusterConfiguration
    apiServer:
      extraArgs:
${flags.map((flag) => `        ${flag.replace('=', ': "')}"`).join('\n')}
      extraVolumes:
      - {name: podwitness-audit, hostPath: ${folder}, mountPath: ${folder}, readOnly: true, pathType: Directory}
      - {name: podwitness-audit-log, hostPath: ${logs}, mountPath: ${logs}, pathType: DirectoryOrCreate}`,
}

const managed: Distro = {
  name: 'managed',
  title: 'managed clusters',
  folder: '',
  logs: '',
  apply: () => `# The provider runs the kube-apiserver: its flags cannot be set. What each offers instead:
#   AKS  diagnostic setting with the category kube-audit, exported to a storage account or event hub
#   EKS  control plane logging with the type audit, exported from CloudWatch Logs
#   GKE  Cloud Audit Logs, exported by a log sink (they have another form: not all of it is in audit.k8s.io)
#   ACK  the log store audit-<cluster id> of Simple Log Service
# Take the exported files in with: podwitness import PATH --cluster NAME
# Without the API log nobody can be named: entries are shown as what the nodes saw.`,
}

/** Every kind of cluster that is known. */
export const DISTROS: readonly Distro[] = [kubeadm, rancher('k3s'), rancher('rke2'), kind, managed]
