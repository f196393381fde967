import { readFileSync } from 'node:fs'
import { INTAKE_PORT } from '@podwitness/api'
import { readConfig, type ServerConfig, splitAddress } from '@podwitness/server'
import type { AddCommand } from '../add-command.ts'
import { DEFAULT_LISTEN, type ListenAddress, listenOption } from '../listen-option.ts'
import { runServer, type ServerRun } from '../run-server.ts'
import { UsageError } from '../usage-error.ts'

interface ServeFlags {
  readonly listen: ListenAddress
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

/** Where agents and API servers send when nothing else is said: they are on other machines, and prove who they are. */
const DEFAULT_INTAKE: ListenAddress = { host: '0.0.0.0', port: INTAKE_PORT }

/** `podwitness serve`: the engine, the HTTP API and the page. */
export const serveData: AddCommand = (program, run) => {
  program
    .command('serve')
    .description('run the server: engine, HTTP API and page')
    .option('--listen <address>', 'address and port; port 0 takes any (default: 127.0.0.1:7070)', listenOption, DEFAULT_LISTEN)
    .option('--allow-host <name...>', 'further names it is asked for by, for example behind a proxy')
    .option('--allow-plain-http', 'listen beyond this machine although the connection is not encrypted')
    .option('--anchor <file>', 'append every head of the ledger to this file too, best on another machine')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate chain, in PEM')
    .option('--tls-key <file>', 'its private key, in PEM')
    .option(
      '--intake [address]',
      `take in what agents and API servers send, over TLS (default address: 0.0.0.0:${INTAKE_PORT})`,
      listenOption,
    )
    .option('--intake-name <name...>', 'further names that senders reach it by, for its certificate')
    .option('--alert-origin <url>', 'what links in messages begin with (default: the address it listens on)')
    .option('--alert-allow-target <host...>', 'hosts, or host:port, that channels may reach although they lead to this machine')
    .option('--config <file>', 'what comes in, and from where: see docs/reference/intake.md (YAML)')
    .option('--check', 'only say whether the configuration is right')
    .action((flags: ServeFlags, command) =>
      run(command, async (context) => {
        const config = flags.config === undefined ? {} : readConfig(readText(flags.config), flags.config)
        if (flags.check === true) return context.hint('The configuration is right.')
        await runServer(context, {
          ...flags.listen,
          allowHosts: flags.allowHost ?? [],
          signIn: 'first',
          allowPlainHttp: flags.allowPlainHttp === true,
          ...(flags.anchor === undefined ? {} : { anchor: flags.anchor }),
          alerts: alertOption(flags),
          keeping: config,
          ...tlsOption(flags),
          ...intakeOption(flags, config),
          ...(config.access === undefined ? {} : { access: config.access }),
        })
      }),
    )
}

function alertOption({ alertOrigin: origin, alertAllowTarget: allowTargets = [] }: ServeFlags) {
  return { allowTargets, ...(origin === undefined ? {} : { origin }) }
}

/** Parts of a configuration that are about something else than what comes in. */
const NO_WAYS_IN: ReadonlySet<string> = new Set(['access', 'retention', 'disk'])

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
function tlsOption({ tlsCert, tlsKey }: ServeFlags): { tls?: { cert: string; key: string } } {
  if (tlsCert === undefined && tlsKey === undefined) return {}
  try {
    return { tls: { cert: readFileSync(tlsCert ?? '', 'utf8'), key: readFileSync(tlsKey ?? '', 'utf8') } }
  } catch (cause) {
    throw new UsageError('PW-CL-001', {
      what: 'The certificate for HTTPS cannot be read.',
      why:
        cause instanceof Error && tlsCert !== undefined && tlsKey !== undefined
          ? cause.message
          : '--tls-cert and --tls-key go together.',
      do: 'Name both files, in PEM.',
    })
  }
}
