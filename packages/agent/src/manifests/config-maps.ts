import { indented } from './manifest-options.ts'
import type { ManifestShape } from './manifest-shape.ts'

/** ConfigMaps that a node is managed by. With aks-auditd's own, only the agent's is written. */
export function configMaps(shape: ManifestShape): string[] {
  const rules = configMap(
    shape,
    'auditd-rules',
    'Rule files of auditd. A key that is added, changed or deleted is in force on every node within seconds of its mount.',
    shape.data('rules'),
  )
  const plugins = configMap(
    shape,
    'audisp-plugins',
    'Plugin files of auditd, in the form of any version: they are written in the form of the node’s.',
    shape.data('plugins'),
  )
  return [shape.when('adopt', '', `${rules}\n---\n${plugins}\n`), agentConfig(shape)]
}

function configMap({ values }: ManifestShape, name: string, words: string, data: string): string {
  return `# ${words}
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${values.namespace}
  labels:
    app.kubernetes.io/part-of: podwitness
${data}`
}

function agentConfig(shape: ManifestShape): string {
  const { values } = shape
  const config = `cluster: ${values.cluster}
state: /node/var/lib/podwitness/agent
sources:
  - {type: auditSocket}
  - {type: auditLog}
output:
  type: server
  url: ${values.intakeUrl}
  tokenFile: /join/token
manage:
  root: /node
  config: /config
  socket: true
  # Packages were installed by the init container; auditd is started by the node's service manager, never from in here.
  install: false
  daemon: service
${shape.when('adopt', '  adopt: aks-auditd\n')}containers:
  cri: ${values.criSocket}
${shape.when('askForPods', '  apiserver: {}\n')}health:
  host: 0.0.0.0
  port: 9273
`
  const words =
    'What the agent keeps and reads, and where it sends it. No secret is in here: the join token is in the Secret podwitness-join.'
  const body = indented(config.trimEnd(), 4).replace(/^ +(?=\{\{-)/gm, '')
  return configMap(shape, 'podwitness-agent', words, `data:\n  agent.yaml: |\n${body}`)
}
