import { indented, type ManifestOptions, runtimeSocket } from './manifest-options.ts'
import { POD_FIELDS, type PodFieldName } from './pod-fields.ts'

/** What is written once at many places, or set by people. */
interface ManifestValues {
  readonly namespace: string
  readonly image: string
  readonly serverImage: string
  readonly cluster: string
  readonly criSocket: string
  readonly intakeUrl: string
  readonly storage: string
  readonly priorityClass: string
  readonly joinToken: string
}

/** What may be there or not. */
type ManifestPart =
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
  | 'priorityClass'

/**
 * How the same objects are written: with their values, as `podwitness manifests` prints them, or with the expressions of a
 * Helm chart in their place. There is one source for both.
 */
export interface ManifestShape {
  readonly values: ManifestValues
  /** Whole lines that are there only with a part, each ended by a line end. */
  when(part: ManifestPart, lines: string, otherwise?: string): string
  /** The whole lines of a field that people may set. @param columns Blanks before its name. */
  field(name: PodFieldName, columns: number): string
  /** `data:` of a ConfigMap. */
  data(files: 'rules' | 'plugins'): string
}

const STORAGE = '100Gi'
const PRIORITY_CLASS = 'podwitness-agent'

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
    priorityClass: true,
  }
  const files = {
    rules: Object.fromEntries(options.packs.map(({ file, text }) => [file, text])),
    plugins: options.syslogPlugin === null ? {} : { 'syslog.conf': options.syslogPlugin },
  }
  return {
    values: {
      ...{ namespace, image, cluster, criSocket: runtimeSocket(distribution) },
      ...{ storage: STORAGE, priorityClass: PRIORITY_CLASS },
      serverImage: image.replace(/-agent(?=[:@]|$)/, '-server'),
      intakeUrl: serverUrl ?? `https://podwitness.${namespace}.svc:7273`,
      joinToken: Buffer.from(joinToken ?? '').toString('base64'),
    },
    when: (part, lines, otherwise = '') => (parts[part] ? lines : otherwise),
    field: (name, columns) => {
      const { lines } = POD_FIELDS[name]
      return lines === '' ? '' : fieldOf(name, columns, indented(lines, columns + 2))
    },
    data: (kind) => dataOf(files[kind]),
  }
}

/** @param lines What stands behind the name, on lines of their own. */
function fieldOf(name: PodFieldName, columns: number, lines: string): string {
  const { key } = POD_FIELDS[name]
  return `${key === '' ? '' : `${' '.repeat(columns)}${key}:\n`}${lines}\n`
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
  priorityClass: '.Values.agent.priorityClass.create',
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
    priorityClass: '{{ .Values.agent.priorityClass.name | quote }}',
    joinToken: '{{ .Values.joinToken | b64enc | quote }}',
  },
  when: (part, lines, otherwise = '') =>
    `{{- if ${CONDITIONS[part]} }}\n${lines}${otherwise === '' ? '' : `{{- else }}\n${otherwise}`}{{- end }}\n`,
  field: (name, columns) => {
    const { value } = POD_FIELDS[name]
    return `{{- if ${value} }}\n${fieldOf(name, columns, `{{ toYaml ${value} | indent ${columns + 2} }}`)}{{- end }}\n`
  },
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
