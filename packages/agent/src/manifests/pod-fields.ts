/** A field of a Pod in Kubernetes' own form that the chart lets people set. */
interface PodField {
  /** Empty where the lines go on a list that has begun. */
  readonly key: string
  /** Where the chart's values have it. */
  readonly value: string
  /** What it is otherwise, YAML; empty where it is not there. */
  readonly lines: string
}

/** Every such field. Source: Kubernetes API reference, Pod v1 core. */
export const POD_FIELDS = {
  pullSecrets: { key: 'imagePullSecrets', value: '.Values.imagePullSecrets', lines: '' },
  agentNodeSelector: { key: 'nodeSelector', value: '.Values.agent.nodeSelector', lines: 'kubernetes.io/os: linux' },
  agentAffinity: {
    key: 'affinity',
    value: '.Values.agent.affinity',
    lines: `nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
      - matchExpressions:
          - {key: type, operator: NotIn, values: [virtual-kubelet]}
          - {key: eks.amazonaws.com/compute-type, operator: NotIn, values: [fargate]}`,
  },
  agentTolerations: { key: 'tolerations', value: '.Values.agent.tolerations', lines: '- operator: Exists' },
  setupEnv: { key: 'env', value: '.Values.agent.extraEnv', lines: '' },
  agentEnv: { key: '', value: '.Values.agent.extraEnv', lines: '' },
  agentResources: {
    key: 'resources',
    value: '.Values.agent.resources',
    lines: `requests: {cpu: 20m, memory: 96Mi}
# A hard cap: whatever happens on the node, its programs get the rest.
limits: {cpu: 500m, memory: 384Mi}`,
  },
  serverNodeSelector: { key: 'nodeSelector', value: '.Values.server.nodeSelector', lines: 'kubernetes.io/os: linux' },
  serverAffinity: { key: 'affinity', value: '.Values.server.affinity', lines: '' },
  serverTolerations: { key: 'tolerations', value: '.Values.server.tolerations', lines: '' },
  serverEnv: { key: 'env', value: '.Values.server.extraEnv', lines: '' },
  serverResources: {
    key: 'resources',
    value: '.Values.server.resources',
    lines: 'requests: {cpu: 250m, memory: 1Gi}\nlimits: {memory: 4Gi}',
  },
} as const satisfies Readonly<Record<string, PodField>>

export type PodFieldName = keyof typeof POD_FIELDS
