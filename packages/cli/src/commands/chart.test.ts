import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartTemplates, runtimeSocket } from '@podwitness/agent'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { renderChart } from '../../testdata/chart-renderer.ts'
import { wrongFields } from '../../testdata/published-fields.ts'
import { testTerminal } from '../../testdata/test-terminal.ts'
import { run } from '../run.ts'

const CHART = join(import.meta.dirname, '../../../../deploy/helm/podwitness')
const read = (name: string): string => readFileSync(join(CHART, name), 'utf8')

type Values = Record<string, unknown> & { agent: Record<string, unknown>; server: Record<string, unknown> }
const defaults = parse(read('values.yaml')) as Values

/** Options of `podwitness manifests`, and the values that mean the same. */
const SAME: readonly (readonly [readonly string[], (packs: Record<string, string>) => Partial<Values>])[] = [
  [[], (rules) => ({ rules, createNamespace: true })],
  [
    ['--no-privileged', '--server', 'https://audit.example:7273', '--pack', 'procmon,identity', '--no-pods'],
    (rules) => ({
      rules,
      createNamespace: true,
      agent: { ...defaults.agent, privilegedSetup: false, askForPods: false },
      server: { ...defaults.server, enabled: false, url: 'https://audit.example:7273' },
    }),
  ],
  [
    [
      '--distro',
      'openshift',
      '--image',
      'registry.example/podwitness-agent:0.1.0',
      '--monitoring',
      '--webhook',
      '--cluster',
      'prod',
    ],
    (rules) => ({
      rules,
      createNamespace: true,
      cluster: 'prod',
      openshift: true,
      monitoring: true,
      image: { agent: 'registry.example/podwitness-agent:0.1.0', server: 'registry.example/podwitness-server:0.1.0' },
      agent: { ...defaults.agent, criSocket: runtimeSocket('openshift') },
      server: { ...defaults.server, webhook: true },
    }),
  ],
  [
    ['--distro', 'aks', '--adopt', 'aks-auditd'],
    () => ({ adoptAksAuditd: true, agent: { ...defaults.agent, criSocket: runtimeSocket('aks') } }),
  ],
]

async function printed(args: readonly string[]): Promise<string> {
  const { terminal, recorded } = testTerminal()
  expect(await run(['manifests', ...args], terminal)).toBe(0)
  return recorded.data
}

type Manifest = { kind: string; metadata: { name: string }; data?: Record<string, string> }

/** Objects of a stream by kind and name; comments and quoting do not count. */
function objectsOf(text: string): Map<string, Manifest> {
  const objects = parseAllDocuments(text).flatMap((document) => {
    if (!('errors' in document)) return []
    expect(document.errors).toEqual([])
    const object = document.toJS() as Manifest | null
    return object === null ? [] : [[`${object.kind}/${object.metadata.name}`, withParsedConfig(object)] as const]
  })
  return new Map(objects.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The agent's configuration is YAML in a text: it is compared by what it says. */
function withParsedConfig(object: Manifest): Manifest {
  const config = object.data?.['agent.yaml']
  return config === undefined ? object : { ...object, data: { 'agent.yaml': parse(config) } }
}

function rendered(values: Partial<Values>, namespace: string): string {
  const scope = { Values: { ...defaults, ...values }, Release: { Namespace: namespace } }
  const names = readdirSync(join(CHART, 'templates')).filter((name) => name.endsWith('.yaml'))
  return names.map((name) => renderChart(read(`templates/${name}`), scope)).join('\n')
}

it.each(Object.entries(chartTemplates()))('templates/%s is what the code makes', async (name, text) => {
  await expect(text).toMatchFileSnapshot(join(CHART, 'templates', name))
})

describe.each(SAME)('%j', (args, valuesOf) => {
  it('is what the chart gives with the same values', async () => {
    const wanted = objectsOf(await printed(args))
    const rules = wanted.get('ConfigMap/auditd-rules')?.data ?? {}
    const namespace = args.includes('--adopt') ? 'kube-system' : 'podwitness'
    const found = objectsOf(rendered(valuesOf(rules), namespace))
    expect([...found.keys()]).toEqual([...wanted.keys()])
    expect(found).toEqual(wanted)
  })
})

it('makes a Secret of a join token, and a budget where one is asked for', async () => {
  const objects = objectsOf(rendered({ joinToken: 'a token', server: { ...defaults.server, podDisruptionBudget: true } }, 'n'))
  expect(objects.get('Secret/podwitness-join')?.data).toEqual({ token: Buffer.from('a token').toString('base64') })
  expect(objects.has('PodDisruptionBudget/podwitness')).toBe(true)
})

/** Everything that people set of a Pod, in Kubernetes' own form. */
const PLACED = {
  nodeSelector: { pool: 'audited' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule', tolerationSeconds: 60 }],
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } },
  extraEnv: [
    { name: 'HTTPS_PROXY', value: 'http://proxy.example:3128' },
    { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ],
  resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { 'ephemeral-storage': '1Gi' } },
}
const PLACING: Partial<Values> = {
  imagePullSecrets: [{ name: 'regcred' }],
  agent: { ...defaults.agent, ...PLACED, priorityClass: { create: false, name: 'system-node-critical' } },
  server: { ...defaults.server, ...PLACED },
}

/** What Kubernetes would refuse in objects with Pods. */
const wrongPods = (objects: ReadonlyMap<string, Manifest>): string[] =>
  [...objects.values()]
    .filter(({ kind }) => kind === 'DaemonSet' || kind === 'StatefulSet')
    .flatMap((object) => wrongFields(`V1${object.kind}`, object, object.kind))

it('puts what people set of a Pod where Kubernetes has it, and takes only what fits', () => {
  const objects = objectsOf(rendered(PLACING, 'n'))
  const { extraEnv, resources, ...placed } = PLACED
  for (const key of ['DaemonSet/podwitness-agent', 'StatefulSet/podwitness']) {
    const { spec } = (objects.get(key) as unknown as { spec: { template: { spec: Record<string, unknown> } } }).spec.template
    expect(spec).toMatchObject({ ...placed, imagePullSecrets: [{ name: 'regcred' }] })
    const [container] = spec.containers as [{ env: object[]; resources: object }]
    expect([container.env.slice(-2), container.resources]).toEqual([extraEnv, resources])
    // The package tool is told of a proxy by the container that runs it.
    if (key.startsWith('DaemonSet')) expect((spec.initContainers as [{ env: object[] }])[0].env).toEqual(extraEnv)
    if (key.startsWith('DaemonSet')) expect([spec.priorityClassName, container.env.length]).toEqual(['system-node-critical', 4])
  }
  expect(objects.has('PriorityClass/system-node-critical')).toBe(false)
  expect(wrongPods(objects)).toEqual([])
  const schema = JSON.parse(read('values.schema.json'))
  expect(wrongValues(schema, { ...defaults, ...PLACING }, 'values')).toEqual([])
  const bad = {
    ...defaults.agent,
    tolerations: [{ effect: 'Never', x: 1 }],
    extraEnv: [{ value: 'y' }],
    resources: { limits: { cpu: 'much' } },
  }
  expect(wrongValues(schema, { ...defaults, agent: bad, imagePullSecrets: ['regcred'] }, 'values')).toEqual([
    'values.imagePullSecrets[0] is no mapping',
    'values.agent.tolerations[0].effect does not fit',
    'values.agent.tolerations[0].x is unknown',
    'values.agent.extraEnv[0].name is missing',
    'values.agent.resources.limits.cpu does not fit',
  ])
})

it('has nothing of a Pod that is set to nothing', () => {
  const none = { nodeSelector: {}, tolerations: [], affinity: {}, extraEnv: [], resources: {} }
  const objects = objectsOf(rendered({ agent: { ...defaults.agent, ...none }, server: { ...defaults.server, ...none } }, 'n'))
  expect(wrongPods(objects)).toEqual([])
  const text = JSON.stringify([...objects])
  for (const name of ['"nodeSelector"', '"tolerations"', '"affinity"', '"resources":null']) expect(text).not.toContain(name)
})

it('cannot be broken out of by a value', () => {
  const evil = '"\nkind: Evil\nx: "'
  const agent = { ...defaults.agent, extraEnv: [{ name: 'X', value: evil }], nodeSelector: { [evil]: evil } }
  const objects = objectsOf(rendered({ cluster: evil, agent, plugins: { 'a.conf': 'x: y\n---\nkind: Evil' } }, 'n'))
  expect([...objects.keys()].some((key) => key.startsWith('Evil'))).toBe(false)
})

it('has defaults that its schema takes, and a note for every value', () => {
  const schema = JSON.parse(read('values.schema.json'))
  expect(wrongValues(schema, defaults, 'values')).toEqual([])
  expect(wrongValues(schema, { ...defaults, image: { agent: 'a b', server: 'x' }, nosuch: 1 }, 'values')).toEqual([
    'values.image.agent does not fit',
    'values.nosuch is unknown',
  ])
  const lines = read('values.yaml').split('\n')
  const undescribed = Object.keys(defaults).filter((key) => {
    const at = lines.indexOf(lines.find((line) => line.startsWith(`${key}:`)) ?? '')
    const block = lines.slice(
      at,
      lines.findIndex((line, i) => i > at && /^\w/.test(line)),
    )
    return ![lines[at - 1] ?? '', ...block].some((line) => line.trim().startsWith('#'))
  })
  expect(undescribed).toEqual([])
})

it('says what to do next', () => {
  const scope = { Values: defaults, Release: { Namespace: 'audit' } }
  expect(renderChart(read('templates/NOTES.txt'), scope)).toContain('kubectl -n audit rollout status daemonset/podwitness-agent')
})

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly pattern?: string
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly required?: readonly string[]
}

/** The keywords that the chart's schema uses. Source: JSON Schema draft 7. */
function wrongValues(schema: Schema, value: unknown, path: string): string[] {
  if (schema.type === 'object') {
    if (typeof value !== 'object' || value === null) return [`${path} is no mapping`]
    const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
    const inner = Object.entries(value).flatMap(([name, each]) => {
      const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
      const known = schema.properties?.[name] ?? more
      if (known === undefined) return schema.additionalProperties === false ? [`${path}.${name} is unknown`] : []
      return wrongValues(known, each, `${path}.${name}`)
    })
    return [...missing, ...inner]
  }
  if (schema.type === 'array') {
    const items = schema.items ?? {}
    return Array.isArray(value) ? value.flatMap((each, i) => wrongValues(items, each, `${path}[${i}]`)) : [`${path} is no list`]
  }
  if (schema.type === 'integer') return Number.isInteger(value) ? [] : [`${path} is no integer`]
  if (schema.type !== undefined && typeof value !== schema.type) return [`${path} is no ${schema.type}`]
  return schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value)) ? [`${path} does not fit`] : []
}
