import { isRecord } from '@podwitness/kube'
import { Compile } from 'typebox/compile'
import { isScalar, LineCounter, parseDocument } from 'yaml'
import { IntakeError } from '../intake-error.ts'
import { withEnv } from './env-overrides.ts'
import { fileFaults } from './file-faults.ts'
import { ServerConfig } from './server-config.ts'

/** Something wrong in a configuration file. */
export interface ConfigFault {
  /** From 1. */
  readonly line: number
  readonly column: number
  /** Where in the document, e.g. `syslog.0.transport`. */
  readonly path: string
  readonly message: string
  /** The environment variable that says it, where it is not the file; line and column are 0 then. */
  readonly env?: string
}

const check = Compile(ServerConfig)
const LOOPBACK = /^(?:127\.|localhost:|\[::1\])/

/** Variables of the environment. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads a configuration and finds everything that is wrong with it, with positions; files that it names are looked at.
 *
 * @param env Goes before what the text says: see docs/reference/config.md.
 */
export function checkConfig(
  text: string,
  env: Env = {},
): { readonly config: ServerConfig | null; readonly faults: readonly ConfigFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (document.errors.length > 0)
    return {
      config: null,
      faults: document.errors.map(({ pos, message }) => ({ ...at(pos[0]), path: '', message: message.split('\n')[0] ?? '' })),
    }
  let written: unknown
  try {
    written = document.toJS({ maxAliasCount: 0 }) ?? {}
  } catch {
    return {
      config: null,
      faults: [{ line: 1, column: 1, path: '', message: 'Aliases (*name) are not taken: write the value out.' }],
    }
  }
  const { json, taken, faults: inEnv } = withEnv(written, env)
  const place = (path: readonly string[]): Pick<ConfigFault, 'line' | 'column' | 'env'> => {
    const said = taken.find((option) => option.path.every((name, index) => path[index] === name))
    if (said !== undefined) return { line: 0, column: 0, env: said.env }
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length).map(indexOrName), true)
      if (isNode(node)) return at(node.range[0])
    }
    return at(0)
  }
  const inForm = [...check.Errors(json)].flatMap((error): ConfigFault[] => {
    const path = error.instancePath.split('/').slice(1)
    const params = error.params as { additionalProperties?: readonly string[]; allowedValues?: readonly string[] }
    const unknown = params.additionalProperties ?? []
    if (unknown.length > 0)
      return unknown.map((name) => ({
        ...place([...path, name]),
        path: [...path, name].join('.'),
        message: 'There is no such option.',
      }))
    const among = params.allowedValues === undefined ? '' : `: ${params.allowedValues.join(', ')}`
    return [{ ...place(path), path: path.join('.'), message: `${error.message}${among}` }]
  })
  // What has its form is looked at further, whatever is wrong elsewhere.
  const sound = withoutFaulty(json, inForm)
  const further = [...openListeners(sound), ...fileFaults(sound)].map(({ path, message }) => ({
    ...place(path),
    path: path.join('.'),
    message,
  }))
  const all = [...inForm, ...inEnv.map((fault) => ({ line: 0, column: 0, ...fault })), ...further]
  // One place may break several rules of the schema: the first says enough.
  const faults = [...new Map(all.toReversed().map((fault) => [fault.path, fault])).values()].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  return { config: faults.length > 0 ? null : (json as ServerConfig), faults }
}

/** The parts of a configuration in which nothing is wrong with the form. */
function withoutFaulty(json: unknown, faults: readonly ConfigFault[]): ServerConfig {
  const faulty = new Set(faults.map(({ path }) => path.split('.')[0]))
  if (!isRecord(json) || faulty.has('')) return {}
  return Object.fromEntries(Object.entries(json).filter(([name]) => !faulty.has(name)))
}

/** Listeners that anybody beyond this machine could read along or write to. */
function openListeners({ syslog = [], fluentForward = [] }: ServerConfig): { path: string[]; message: string }[] {
  const ways = [
    ...syslog.map((way, at) => ({ way, path: ['syslog', String(at), 'listen'], keyless: false })),
    ...fluentForward.map((way, at) => ({
      way,
      path: ['fluentForward', String(at), 'listen'],
      keyless: way.sharedKeyFile === undefined,
    })),
  ].filter(({ way }) => !LOOPBACK.test(way.listen))
  return ways.flatMap(({ way, path, keyless }) => [
    ...(way.transport === 'tls' || way.allowPlain === true
      ? []
      : [{ path, message: 'Not encrypted beyond this machine: use tls, or say allowPlain: true.' }]),
    ...(keyless ? [{ path, message: 'Open to anybody beyond this machine: name a sharedKeyFile.' }] : []),
  ])
}

/** @throws IntakeError PW-IN-010 with every fault. @param name The file's name, for the message. */
export function readConfig(text: string, name: string, env: Env = {}): ServerConfig {
  const { config, faults } = checkConfig(text, env)
  if (config !== null) return config
  throw new IntakeError('PW-IN-010', 0, {
    what: `The configuration ${name} is wrong.`,
    why: faults.map((fault) => `${placeOf(fault, name)} ${fault.path} ${fault.message}`.replace(/ +/g, ' ')).join('\n'),
    do: 'Correct it and try it with `podwitness serve --config FILE --check`.',
  })
}

function placeOf({ line, column, env }: ConfigFault, name: string): string {
  return env ?? `${name}:${line}:${column}`
}

function indexOrName(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part
}

function isNode(value: unknown): value is { range: [number, number, number] } {
  return isScalar(value) || (typeof value === 'object' && value !== null && 'range' in value && Array.isArray(value.range))
}
