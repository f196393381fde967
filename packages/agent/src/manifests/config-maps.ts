import { stringify } from 'yaml'
import { indented, type ManifestOptions, RUNTIME_SOCKETS } from './manifest-options.ts'

/** ConfigMaps that a node is managed by. With aks-auditd's own, only the agent's is printed. */
export function configMaps(options: ManifestOptions): string[] {
  const rules = Object.fromEntries(options.packs.map(({ file, text }) => [file, text]))
  const plugins = options.syslogPlugin === null ? {} : { 'syslog.conf': options.syslogPlugin }
  const managed = [
    configMap(
      options,
      'auditd-rules',
      rules,
      'Rule files of auditd. A key that is added, changed or deleted is in force on every node within seconds of its mount.',
    ),
    configMap(
      options,
      'audisp-plugins',
      plugins,
      'Plugin files of auditd, in the form of any version: they are written in the form of the node’s.',
    ),
  ]
  return [...(options.adoptAksAuditd ? [] : managed), agentConfig(options)]
}

function configMap({ namespace }: ManifestOptions, name: string, data: Readonly<Record<string, string>>, words: string): string {
  const body =
    Object.keys(data).length === 0
      ? 'data: {}'
      : `data:\n${Object.entries(data)
          .map(([key, text]) => `  ${key}: |\n${indented(text.trimEnd(), 4)}`)
          .join('\n')}`
  return `# ${words}
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/part-of: podwitness
${body}`
}

function agentConfig(options: ManifestOptions): string {
  const url = options.serverUrl ?? `https://podwitness.${options.namespace}.svc:7273`
  const config = {
    cluster: options.cluster,
    sources: [
      { type: 'auditSocket', path: '/node/run/audispd_events' },
      { type: 'auditLog', path: '/node/var/log/audit/audit.log' },
    ],
    output: { type: 'server', url, tokenFile: '/etc/podwitness/join/token' },
    containers: {
      cri: RUNTIME_SOCKETS[options.distribution] === 'auto' ? 'auto' : `/node${RUNTIME_SOCKETS[options.distribution]}`,
    },
    health: { host: '0.0.0.0', port: 9273 },
  }
  return configMap(
    options,
    'podwitness-agent',
    { 'agent.yaml': stringify(config) },
    'What the agent reads and where it sends it. No secret is in here: the join token is in the Secret podwitness-join.',
  )
}
