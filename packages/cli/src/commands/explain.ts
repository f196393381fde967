import type { AddCommand } from '../add-command.ts'
import { type ErrorEntry, errorTable } from '../error-table.ts'
import { UsageError } from '../usage-error.ts'

/** `podwitness explain [CODE]`: what an error code means; works offline. */
export const explain: AddCommand = (program, run) => {
  program
    .command('explain')
    .description('explain an error code')
    .argument('[code]', 'for example PW-ST-004; without one, the list of all')
    .action((code: string | undefined, _options, command) =>
      run(command, async ({ terminal }) => {
        if (code !== undefined) return terminal.write(`${explanation(code)}\n`)
        for (const [name, { title }] of Object.entries(errorTable)) await terminal.write(`${name}  ${title}\n`)
      }),
    )
}

function explanation(given: string): string {
  const code = given.toUpperCase()
  const entry: ErrorEntry | undefined = Object.hasOwn(errorTable, code) ? errorTable[code] : undefined
  if (entry === undefined)
    throw new UsageError('PW-CL-003', {
      what: `There is no error code ${given}.`,
      why: 'Codes have the form PW-ST-004.',
      do: 'Run `podwitness explain` without a code for the list.',
    })
  return `${code}  ${entry.title}\n  why  ${entry.why}\n  do   ${entry.todo}\n  exit ${entry.exit}`
}
