import { readAgentConfig, runAgent } from '@podwitness/agent'
import type { AddCommand } from '../run.ts'

interface AgentFlags {
  readonly config: string
  readonly check?: boolean
}

/** `podwitness agent --config FILE`: the node agent. */
export const agent: AddCommand = (program, run) => {
  program
    .command('agent')
    .description('run the node agent: read audit records, keep them on disk, ship them')
    .requiredOption('--config <file>', 'YAML; docs/reference/agent.md lists the options')
    .option('--check', 'read the configuration and end')
    .action((flags: AgentFlags, command) =>
      run(command, async ({ terminal, hint }) => {
        const config = await readAgentConfig(flags.config)
        if (flags.check === true) {
          hint(`${flags.config} is right.`)
          return
        }
        await runAgent(config, {
          signal: terminal.signal,
          input: () => terminal.input(),
          write: (data) => terminal.write(data),
          say: (text) => terminal.say(text),
        })
      }),
    )
}
