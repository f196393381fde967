import { readFileSync } from 'node:fs'
import { INTAKE_PORT } from '@podwitness/api'
import { readConfig, type ServerConfig, splitAddress } from '@podwitness/server'
import { DEFAULT_LISTEN, type ListenAddress } from './listen-option.ts'
import type { ServerRun } from './run-server.ts'
import { UsageError } from './usage-error.ts'

/** Options of `podwitness serve`. */
export interface ServeFlags {
  readonly listen?: ListenAddress
  readonly allowHost?: string[]
  readonly allowPlainHttp?: boolean
  readonly anchor?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly intake?: ListenAddress | true
  readonly intakeName?: string[]
  readonly alertOrigin?: string
  readonly alertAllowTarget?: string[]
  readonly config?: string
  readonly check?: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** Where agents and API servers send when nothing else is said: they are on other machines, and prove who they are. */
const DEFAULT_INTAKE: ListenAddress = { host: '0.0.0.0', port: INTAKE_PORT }
/** Parts of a configuration that are about something else than what comes in. */
const NO_WAYS_IN: ReadonlySet<string> = new Set(['access', 'retention', 'disk', 'page', 'log'])

/**
 * What the command line, the environment and the configuration file say together; the first of them goes first.
 *
 * @throws UsageError PW-CL-001 where a file cannot be read, IntakeError PW-IN-010 with every fault.
 */
export function serveRun(flags: ServeFlags, env: Env): ServerRun & { readonly config: ServerConfig } {
  const name = flags.config ?? 'the environment'
  const config = readConfig(flags.config === undefined ? '' : readText(flags.config), name, env)
  const { page = {} } = config
  return {
    ...(flags.listen ?? (page.listen === undefined ? DEFAULT_LISTEN : splitAddress(page.listen))),
    allowHosts: [...(flags.allowHost ?? []), ...(page.allowHosts ?? [])],
    signIn: 'first',
    allowPlainHttp: flags.allowPlainHttp ?? page.allowPlainHttp ?? false,
    ...(flags.anchor === undefined ? {} : { anchor: flags.anchor }),
    alerts: alertOption(flags),
    keeping: config,
    config,
    ...tlsOption(flags, page),
    ...intakeOption(flags, config),
    ...(config.access === undefined ? {} : { access: config.access }),
  }
}

/** Files that a running server reads again when they change. */
export function watchedFiles({ config: file, tlsCert, tlsKey }: ServeFlags, { page, fluentForward }: ServerConfig): string[] {
  const secrets = (fluentForward ?? []).map(({ sharedKeyFile }) => sharedKeyFile)
  return [file, tlsCert ?? page?.tlsCertFile, tlsKey ?? page?.tlsKeyFile, ...secrets].filter((path) => path !== undefined)
}

function alertOption({ alertOrigin: origin, alertAllowTarget: allowTargets = [] }: ServeFlags) {
  return { allowTargets, ...(origin === undefined ? {} : { origin }) }
}

/** The command line goes before the file; other ways in bring the listener with them. */
function intakeOption({ intake, intakeName = [] }: ServeFlags, config: ServerConfig): Pick<ServerRun, 'intake'> {
  if (intake === undefined && Object.keys(config).every((name) => NO_WAYS_IN.has(name))) return {}
  const configured = config.intake === undefined ? DEFAULT_INTAKE : splitAddress(config.intake.listen)
  const names = [...intakeName, ...(config.intake?.names ?? [])]
  return { intake: { ...(intake === undefined || intake === true ? configured : intake), names, config } }
}

/** @throws UsageError PW-CL-001 where it cannot be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(
      'PW-CL-001',
      { what: `The configuration ${path} cannot be read.`, why, do: 'Check its name and permissions.' },
      { cause },
    )
  }
}

/** @throws UsageError where one of the two is missing or cannot be read. */
function tlsOption(
  { tlsCert, tlsKey }: ServeFlags,
  { tlsCertFile, tlsKeyFile }: NonNullable<ServerConfig['page']>,
): { tls?: { cert: string; key: string } } {
  const [cert, key] = [tlsCert ?? tlsCertFile, tlsKey ?? tlsKeyFile]
  if (cert === undefined && key === undefined) return {}
  try {
    return { tls: { cert: readFileSync(cert ?? '', 'utf8'), key: readFileSync(key ?? '', 'utf8') } }
  } catch (cause) {
    throw new UsageError('PW-CL-001', {
      what: 'The certificate for HTTPS cannot be read.',
      why:
        cause instanceof Error && cert !== undefined && key !== undefined
          ? cause.message
          : '--tls-cert and --tls-key go together.',
      do: 'Name both files, in PEM.',
    })
  }
}
