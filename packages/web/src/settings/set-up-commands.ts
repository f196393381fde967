import type { INTAKES } from '@podwitness/api'

/** Where the reader's server is and what the cluster is called, as far as it is known. */
export interface SetUpPlace {
  readonly host: string
  readonly cluster: string
}

/** The place as this page knows it; names stand in for what it cannot know. */
export function setUpPlace(clusters: readonly string[], hostname: string): SetUpPlace {
  // Others chose the names of clusters, and these lines are copied into a shell.
  const own = clusters.find((cluster) => cluster !== 'demo' && /^[\w.:-]+$/.test(cluster) && !cluster.startsWith('-'))
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return { host: local ? 'witness.example' : hostname, cluster: own ?? 'prod-1' }
}

const INTAKE_URL = (host: string) => `https://${host}:7273`

/** Commands and configuration that make each way in work. */
export const SET_UP: Readonly<Record<(typeof INTAKES)[number], (place: SetUpPlace) => string>> = {
  agents: ({ host, cluster }) => `podwitness serve --intake 0.0.0.0:7273 --intake-name ${host}
podwitness tokens create --reusable --cluster ${cluster}
podwitness manifests --cluster ${cluster} --server ${INTAKE_URL(host)} | kubectl apply -f -
kubectl -n podwitness create secret generic podwitness-join --from-literal=token=TOKEN`,
  'apiserver-webhook': ({ host, cluster }) =>
    `podwitness apiserver plan --distro kubeadm --server ${INTAKE_URL(host)} --cluster ${cluster} --out podwitness-audit
podwitness apiserver check podwitness-audit/webhook.yaml`,
  'apiserver-log': ({ cluster }) => `# podwitness.yaml, read by: podwitness serve --config podwitness.yaml
apiserverLogs:
  - {path: /var/log/kubernetes/audit.log, cluster: ${cluster}}`,
  syslog: ({ host, cluster }) => `# podwitness.yaml, read by: podwitness serve --config podwitness.yaml
syslog:
  - {listen: "0.0.0.0:6514", transport: tls, cluster: ${cluster}, facilities: {authpriv: info}}

# on the sender
podwitness snippets rsyslog --host ${host} > /etc/rsyslog.d/60-podwitness.conf`,
  http: ({ host, cluster }) => `podwitness tokens create --kind app --cluster ${cluster} --name shop
podwitness snippets fluent-bit --host ${host}`,
  otlp: ({ host, cluster }) => `podwitness tokens create --kind app --cluster ${cluster} --name shop
podwitness snippets otel --host ${host}`,
  fluent: ({ host, cluster }) => `# podwitness.yaml, read by: podwitness serve --config podwitness.yaml
fluentForward:
  - {listen: "0.0.0.0:24224", transport: tls, cluster: ${cluster}, sharedKeyFile: /etc/podwitness/fluent.key}

# on the sender, Fluentd
<match **>
  @type forward
  transport tls
  tls_cert_path /etc/podwitness/ca.crt
  require_ack_response true
  <security>
    self_hostname "#{Socket.gethostname}"
    shared_key KEY
  </security>
  <server>
    host ${host}
  </server>
</match>`,
}
