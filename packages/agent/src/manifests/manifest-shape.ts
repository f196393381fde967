import { indented, type ManifestOptions, runtimeSocket } from './manifest-options.ts'

/** What is written once at many places, or set by people. */
export interface ManifestValues {
  readonly namespace: string
  readonly image: string
  readonly serverImage: string
  readonly cluster: string
  readonly criSocket: string
  readonly intakeUrl: string
  readonly storage: string
  readonly agentCpu: string
  readonly agentMemory: string
  readonly serverMemory: string
  readonly joinToken: string
}

/** What may be there or not. */
export type ManifestPart =
  | 'namespace'
  | 'adopt'
  | 'openshift'
  | 'privilegedSetup'
  | 'server'
  | 'askForPods'
  | 'monitoring'
  | 'webhook'
  | 'disruptionBudget'
  | 'joinSecret'

/**
 * How the same objects are written: with their values, as `podwitness manifests` prints them, or with the expressions of a
 * Helm chart in their place. There is one source for both.
 */
export interface ManifestShape {
  readonly values: ManifestValues
  /** Whole lines that are there only with a part, each ended by a line end. */
  when(part: ManifestPart, lines: string, otherwise?: string): string
  /** `data:` of a ConfigMap. */
  data(files: 'rules' | 'plugins'): string
}

/** Hard cap of the agent's CPU and memory; bench/results has what it takes. */
export const AGENT_CPU = '500m'
export const AGENT_MEMORY = '384Mi'
export const SERVER_MEMORY = '4Gi'
export const STORAGE = '100Gi'

/** The shape of what is printed. */
export function printedShape(options: ManifestOptions): ManifestShape {
  const { namespace, image, cluster, distribution, serverUrl, joinToken } = options
  const parts: Readonly<Record<ManifestPart, boolean>> = {
    namespace: !options.adoptAksAuditd,
    adopt: options.adoptAksAuditd,
    openshift: distribution === 'openshift',
    privilegedSetup: options.privilegedSetup,
    server: serverUrl === null,
    askForPods: options.askForPods,
    monitoring: options.monitoring,
    webhook: options.webhook,
    disruptionBudget: false,
    joinSecret: joinToken !== null,
  }
  const files = {
    rules: Object.fromEntries(options.packs.map(({ file, text }) => [file, text])),
    plugins: options.syslogPlugin === null ? {} : { 'syslog.conf': options.syslogPlugin },
  }
  return {
    values: {
      ...{ namespace, image, cluster, criSocket: runtimeSocket(distribution) },
      ...{ storage: STORAGE, agentCpu: AGENT_CPU, agentMemory: AGENT_MEMORY, serverMemory: SERVER_MEMORY },
      serverImage: image.replace(/-agent(?=[:@]|$)/, '-server'),
      intakeUrl: serverUrl ?? `https://podwitness.${namespace}.svc:7273`,
      joinToken: Buffer.from(joinToken ?? '').toString('base64'),
    },
    when: (part, lines, otherwise = '') => (parts[part] ? lines : otherwise),
    data: (kind) => dataOf(files[kind]),
  }
}

function dataOf(files: Readonly<Record<string, string>>): string {
  const keys = Object.entries(files).map(([key, text]) => `  ${key}: |\n${indented(text.trimEnd(), 4)}`)
  return keys.length === 0 ? 'data: {}' : `data:\n${keys.join('\n')}`
}

/** Conditions on the chart's values. */
const CONDITIONS: Readonly<Record<ManifestPart, string>> = {
  namespace: '.Values.createNamespace',
  adopt: '.Values.adoptAksAuditd',
  openshift: '.Values.openshift',
  privilegedSetup: '.Values.agent.privilegedSetup',
  server: '.Values.server.enabled',
  askForPods: '.Values.agent.askForPods',
  monitoring: '.Values.monitoring',
  webhook: '.Values.server.webhook',
  disruptionBudget: '.Values.server.podDisruptionBudget',
  joinSecret: '.Values.joinToken',
}

/** The shape of the chart's templates. Values of people are quoted: none can end the YAML value it stands in. */
export const CHART_SHAPE: ManifestShape = {
  values: {
    namespace: '{{ .Release.Namespace }}',
    image: '{{ .Values.image.agent | quote }}',
    serverImage: '{{ .Values.image.server | quote }}',
    cluster: '{{ .Values.cluster | quote }}',
    criSocket: '{{ .Values.agent.criSocket | quote }}',
    intakeUrl: '{{ .Values.server.url | default (printf "https://podwitness.%s.svc:7273" .Release.Namespace) | quote }}',
    storage: '{{ .Values.server.storage | quote }}',
    agentCpu: '{{ .Values.agent.limits.cpu | quote }}',
    agentMemory: '{{ .Values.agent.limits.memory | quote }}',
    serverMemory: '{{ .Values.server.limits.memory | quote }}',
    joinToken: '{{ .Values.joinToken | b64enc | quote }}',
  },
  when: (part, lines, otherwise = '') =>
    `{{- if ${CONDITIONS[part]} }}\n${lines}${otherwise === '' ? '' : `{{- else }}\n${otherwise}`}{{- end }}\n`,
  data: (kind) => {
    const values = { rules: '.Values.rules', plugins: '.Values.plugins' }[kind]
    return `data:
{{- range $key, $text := ${values} }}
  {{ $key | quote }}: |
{{ $text | trimSuffix "\\n" | indent 4 }}
{{- else }} {}
{{- end }}`
  },
}
