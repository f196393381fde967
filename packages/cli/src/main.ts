import { processTerminal } from './process-terminal.ts'
import { run } from './run.ts'

/** The `podwitness` command: reads this process's arguments and sets its exit code. */
export async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processTerminal())
}
