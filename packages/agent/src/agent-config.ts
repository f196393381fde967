import { hostname } from 'node:os'
import { DEFAULT_LIMITS, type FullPolicy, type SpoolLimits } from '@podwitness/pipeline'
import { LineCounter, parseDocument } from 'yaml'
import { AgentError } from './agent-error.ts'
import { lineOfPath } from './document-lines.ts'
import { type FilterRule, readFilterRules } from './filter/filter-rule.ts'
import { type ManageConfig, type ManageFlags, readManage } from './manage-config.ts'
import { pathInside } from './node/machine.ts'
import { type OptionProblem, OptionReader } from './option-reader.ts'
import type { PodListConfig } from './pod-list-config.ts'
import { readPodList } from './read-pod-list.ts'

/** What a spool may hold, and what it does when it is full. */
export type SpoolConfig = SpoolLimits & { readonly policy: FullPolicy }

/** Where records come from. */
export type SourceConfig = SourcePlace & {
  /** Bounds of its own; undefined where it shares those of the agent. */
  readonly spool?: SpoolConfig
}

type SourcePlace =
  | { readonly type: 'auditSocket'; readonly path: string }
  | { readonly type: 'auditLog'; readonly path: string; readonly from: 'start' | 'end' }
  | { readonly type: 'stdin' }
  | { readonly type: 'journald'; readonly directory: string }
  | SyslogPlace

interface SyslogPlace {
  readonly type: 'syslog'
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly host: string
  readonly port: number
  /** Files, PEM; for `tls`. */
  readonly certificate: string
  readonly key: string
  /** Authorities of client certificates; empty where none are asked for. */
  readonly clientCa: string
}

/** A source of syslog messages. */
export type SyslogConfig = Extract<SourceConfig, { type: 'syslog' }>

/** Where lines go. */
export type OutputConfig =
  | { readonly type: 'server'; readonly url: string; readonly serverName: string; readonly tokenFile: string }
  | { readonly type: 'file'; readonly path: string; readonly maxBytes: number; readonly keep: number }
  | { readonly type: 'stdout' }
  | {
      readonly type: 'syslog'
      readonly host: string
      readonly port: number
      readonly facility: number
      readonly serverName: string
      readonly ca: string
      readonly certificate: string
      readonly key: string
    }

/** Everything an agent is told. */
export interface AgentConfig {
  readonly cluster: string
  readonly node: string
  /** Folder of spool, positions and identity. */
  readonly state: string
  /** How long an event waits for its copies by other routes, milliseconds. */
  readonly routeWaitMs: number
  readonly sources: readonly SourceConfig[]
  readonly output: OutputConfig
  readonly spool: SpoolConfig
  /** Most of the processor, in cores; infinite where there is no cap. */
  readonly cpuCores: number
  readonly containers: { readonly cri: string; readonly proc: string; readonly pods: PodListConfig | undefined }
  readonly filter: {
    readonly rules: readonly FilterRule[]
    readonly processFilters: string
    readonly redaction: string
    /** Whether common secrets are hidden in command lines, beside those of `redaction`. */
    readonly secrets: boolean
  }
  /** Undefined where somebody else keeps the node's audit. */
  readonly manage: ManageConfig | undefined
  readonly health: { readonly host: string; readonly port: number; readonly heartbeatSeconds: number; readonly probe: boolean }
}

const DEFAULT_SPOOL: SpoolConfig = { policy: 'drop-oldest', ...DEFAULT_LIMITS }
const SOURCE_TYPES = ['auditSocket', 'auditLog', 'syslog', 'stdin', 'journald'] as const
const OUTPUT_TYPES = ['server', 'file', 'stdout', 'syslog'] as const

/**
 * Reads an agent's configuration.
 *
 * @throws AgentError PW-AG-001 with every problem and its line.
 */
export function parseAgentConfig(text: string, name: string, flags: ManageFlags = {}): AgentConfig {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problems: OptionProblem[] = []
  const found = document.errors.map(({ message, pos }) => `${name}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`)
  const config = found.length > 0 ? undefined : readConfig(document.toJS(), problems, flags)
  found.push(
    ...problems.map(
      ({ path, text: what }) => `${name}:${lineOfPath(document, lines, path)}: ${path.join('.') || 'the file'} ${what}`,
    ),
  )
  if (config !== undefined && found.length === 0) return config
  throw new AgentError('PW-AG-001', {
    what: `The configuration ${name} is wrong.`,
    why: found.join('\n'),
    do: 'Correct it; docs/reference/agent.md lists every option.',
  })
}

function readConfig(value: unknown, problems: OptionProblem[], flags: ManageFlags): AgentConfig {
  const options = new OptionReader(value, [], problems)
  const node = options.text('node', process.env.NODE_NAME ?? hostname())
  const manage = readManage(options, flags)
  const spool = options.below('spool')
  const shared = readSpool(spool, DEFAULT_SPOOL)
  const sources = options.list('sources').map((source) => readSource(source, { root: manage?.root ?? '/', shared }))
  if (sources.length === 0) options.problem('sources', 'names no source')
  const limits = options.below('limits')
  const containers = options.below('containers')
  const filter = options.below('filter')
  const health = options.below('health')
  const config: AgentConfig = {
    cluster: options.text('cluster', 'default'),
    node,
    state: options.text('state', '/var/lib/podwitness/agent'),
    routeWaitMs: options.number('routeWaitMs', { min: 50, max: 60_000 }, 300),
    sources,
    manage,
    output: readOutput(options.below('output')),
    spool: shared,
    cpuCores: limits.number('cpu', { min: 0.01, max: 64 }, Number.POSITIVE_INFINITY),
    containers: {
      cri: containers.text('cri', 'auto'),
      proc: containers.text('proc', '/proc'),
      pods: readPodList(containers, node),
    },
    filter: {
      rules: readFilterRules(filter.list('rules')),
      processFilters: filter.text('processFilters', ''),
      redaction: filter.text('redaction', ''),
      secrets: filter.flag('secrets', false),
    },
    health: {
      host: health.text('host', '127.0.0.1'),
      port: health.number('port', { min: 0, max: 65_535 }, 9273),
      heartbeatSeconds: health.number('heartbeatSeconds', { min: 1, max: 3600 }, 30),
      probe: health.flag('probe', false),
    },
  }
  for (const section of [spool, limits, containers, filter, health, options]) section.end()
  return config
}

function readSpool(options: OptionReader, fallback: SpoolConfig): SpoolConfig {
  return {
    policy: options.word('policy', ['drop-oldest', 'block'], fallback.policy),
    maxBytes: options.number('maxBytes', { min: 1024 * 1024, max: 2 ** 50 }, fallback.maxBytes),
    maxShare: options.number('maxShare', { min: 0.001, max: 1 }, fallback.maxShare),
    minFreeShare: options.number('minFreeShare', { min: 0, max: 0.9 }, fallback.minFreeShare),
  }
}

function readSource(options: OptionReader, { root, shared }: { root: string; shared: SpoolConfig }): SourceConfig {
  const type = options.word('type', SOURCE_TYPES, 'stdin')
  const source = sourceOf(type, options, root)
  const spool = options.has('spool') ? options.below('spool') : undefined
  const own = spool === undefined ? {} : { spool: readSpool(spool, shared) }
  spool?.end()
  options.end()
  return { ...source, ...own }
}

/** @param root Where the node's root is: paths that nobody named are its. */
function sourceOf(type: (typeof SOURCE_TYPES)[number], options: OptionReader, root: string): SourcePlace {
  const usual = (path: string): string => (root === '/' ? path : pathInside(root, path))
  if (type === 'auditSocket') return { type, path: options.text('path', usual('/var/run/audispd_events')) }
  if (type === 'auditLog') {
    return {
      type,
      path: options.text('path', usual('/var/log/audit/audit.log')),
      from: options.word('from', ['end', 'start'], 'end'),
    }
  }
  if (type === 'journald') return { type, directory: options.text('directory', '') }
  if (type !== 'syslog') return { type }
  const transport = options.word('transport', ['udp', 'tcp', 'tls'], 'tls')
  return {
    type,
    transport,
    host: options.text('host', '127.0.0.1'),
    port: options.number('port', { min: 0, max: 65_535 }, transport === 'tls' ? 6514 : 5140),
    certificate: transport === 'tls' ? options.needed('certificate') : '',
    key: transport === 'tls' ? options.needed('key') : '',
    clientCa: options.text('clientCa', ''),
  }
}

function readOutput(options: OptionReader): OutputConfig {
  const type = options.word('type', OUTPUT_TYPES, 'stdout')
  const output = outputOf(type, options)
  options.end()
  return output
}

function outputOf(type: (typeof OUTPUT_TYPES)[number], options: OptionReader): OutputConfig {
  if (type === 'stdout') return { type }
  if (type === 'file') {
    const maxBytes = options.number('maxBytes', { min: 1024, max: 2 ** 50 }, Number.POSITIVE_INFINITY)
    return { type, path: options.needed('path'), maxBytes, keep: options.number('keep', { min: 0, max: 1000 }, 5) }
  }
  if (type === 'server') {
    const url = options.needed('url')
    if (url !== '' && !/^https:\/\/[^/]+\/?$/.test(url)) options.problem('url', 'is no https address without a path')
    return { type, url, serverName: options.text('serverName', ''), tokenFile: options.text('tokenFile', '') }
  }
  return {
    type,
    host: options.needed('host'),
    port: options.number('port', { min: 1, max: 65_535 }, 6514),
    facility: options.number('facility', { min: 0, max: 23 }, 13),
    serverName: options.text('serverName', ''),
    ca: options.text('ca', ''),
    certificate: options.text('certificate', ''),
    key: options.text('key', ''),
  }
}
