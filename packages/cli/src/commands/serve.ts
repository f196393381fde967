import { type ListenAddress, listenOption } from '../listen-option.ts'
import type { AddCommand } from '../run.ts'
import { runServer } from '../run-server.ts'

interface ServeFlags {
  readonly listen: ListenAddress
  readonly allowHost?: string[]
  readonly allowPlainHttp?: boolean
  readonly anchor?: string
}

/** Where servers listen when nothing else is said. */
export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 7070 }

/** `podwitness serve`: the engine, the HTTP API and the page. */
export const serveData: AddCommand = (program, run) => {
  program
    .command('serve')
    .description('run the server: engine, HTTP API and page')
    .option('--listen <address>', 'address and port; port 0 takes any (default: 127.0.0.1:7070)', listenOption, DEFAULT_LISTEN)
    .option('--allow-host <name...>', 'further names it is asked for by, for example behind a proxy')
    .option('--allow-plain-http', 'listen beyond this machine although the connection is not encrypted')
    .option('--anchor <file>', 'append every head of the ledger to this file too, best on another machine')
    .action((flags: ServeFlags, command) =>
      run(command, (context) =>
        runServer(context, {
          ...flags.listen,
          allowHosts: flags.allowHost ?? [],
          allowPlainHttp: flags.allowPlainHttp === true,
          ...(flags.anchor === undefined ? {} : { anchor: flags.anchor }),
        }),
      ),
    )
}
