import { type ManageFlags, NO_WISH, readAgentConfig, runAgent } from '@podwitness/agent'
import type { AddCommand } from '../add-command.ts'
import { type NodeFlags, wishOf, withNodeOptions, withWishOptions } from '../node-request.ts'

interface AgentFlags extends NodeFlags {
  readonly config: string
  readonly check?: boolean
}

/** Options that were given: the others are the file's to say. */
function manageFlags({ config: _file, ...flags }: AgentFlags, env: Readonly<Record<string, string | undefined>>): ManageFlags {
  const { omsWorkspace: _workspace, ...wish } = wishOf(flags, env)
  const said = Object.entries(wish).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify(NO_WISH[name as keyof typeof NO_WISH])
  })
  const { root, enter } = flags
  return {
    ...Object.fromEntries(said),
    ...(root === undefined ? {} : { root }),
    ...(enter === undefined ? {} : { enter }),
  }
}

/** `podwitness agent --config FILE`: the node agent. */
export const agent: AddCommand = (program, run) => {
  const command = program
    .command('agent')
    .description('run the node agent: keep auditd as asked for, read audit records, keep them on disk, ship them')
    .requiredOption('--config <file>', 'YAML; docs/reference/agent.md lists the options')
    .option('--check', 'read the configuration and end')
  withWishOptions(withNodeOptions(command)).action((flags: AgentFlags, command) =>
    run(command, async ({ terminal, hint }) => {
      const config = await readAgentConfig(flags.config, manageFlags(flags, terminal.env))
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
