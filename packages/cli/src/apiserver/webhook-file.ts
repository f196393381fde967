/** What a kube-apiserver needs to reach the intake. */
export interface WebhookTarget {
  /** `https://witness.example:7273`. */
  readonly server: string
  readonly cluster: string
  /** PEM. */
  readonly ca: string
  readonly token: string
}

/** The file for `--audit-webhook-config-file`. Source: kubernetes.io, "Auditing", webhook backend: the form of a kubeconfig. */
export function webhookFile({ server, cluster, ca, token }: WebhookTarget): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: podwitness
  cluster:
    server: ${server}/intake/v1/apiserver/${cluster}
    certificate-authority-data: ${Buffer.from(ca).toString('base64')}
users:
- name: kube-apiserver
  user:
    token: ${token}
contexts:
- name: podwitness
  context: {cluster: podwitness, user: kube-apiserver}
current-context: podwitness
`
}

/**
 * Flags of a kube-apiserver for policy, log file and webhook. The log file is the safer way: a webhook's buffer is in
 * memory, and what does not fit is dropped. Source: kubernetes.io, kube-apiserver reference.
 */
export function apiserverFlags(folder: string, logs: string): string[] {
  return [
    `audit-policy-file=${folder}/policy.yaml`,
    `audit-webhook-config-file=${folder}/webhook.yaml`,
    'audit-webhook-mode=batch',
    'audit-webhook-batch-max-wait=5s',
    'audit-webhook-batch-buffer-size=20000',
    'audit-webhook-truncate-enabled=true',
    `audit-log-path=${logs}/audit.log`,
    'audit-log-maxage=7',
    'audit-log-maxbackup=5',
    'audit-log-maxsize=100',
  ]
}
