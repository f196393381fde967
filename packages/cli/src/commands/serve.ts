import { INTAKE_PORT } from '@podwitness/api'
import type { AddCommand } from '../add-command.ts'
import { listenOption } from '../listen-option.ts'
import { runServer } from '../run-server.ts'
import { type ServeFlags, serveRun, watchedFiles } from '../serve-run.ts'
import { logging } from '../server-log.ts'

/** `podwitness serve`: the engine, the HTTP API and the page. */
export const serveData: AddCommand = (program, run) => {
  program
    .command('serve')
    .description('run the server: engine, HTTP API and page')
    .option('--listen <address>', 'address and port; port 0 takes any (default: 127.0.0.1:7070)', listenOption)
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
    .option('--config <file>', 'YAML, see docs/reference/config.md; read again on SIGHUP and when it changes')
    .option('--check', 'only say whether the configuration, and what it names, is right')
    .action((flags: ServeFlags, command) =>
      run(command, async (context) => {
        const first = serveRun(flags, context.terminal.env)
        if (flags.check === true) return context.hint('The configuration is right.')
        let { config } = first
        const source = {
          read: () => {
            const next = serveRun(flags, context.terminal.env)
            config = next.config
            return next
          },
          files: () => watchedFiles(flags, config),
        }
        await runServer(logging(context, config.log?.format ?? 'text'), { ...first, source })
      }),
    )
}
