import { VERSION } from '@podwitness/server'
import type { AddCommand } from '../add-command.ts'

/** `podwitness version`. */
export const version: AddCommand = (program, run) => {
  program
    .command('version')
    .description('print the version')
    .action((_options, command) => run(command, ({ terminal }) => terminal.write(`podwitness ${VERSION}\n`)))
}
