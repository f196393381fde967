import { readFile } from 'node:fs/promises'
import { type AgentConfig, parseAgentConfig } from './agent-config.ts'
import { AgentError } from './agent-error.ts'
import type { ManageFlags } from './manage-config.ts'

/**
 * Reads an agent's configuration from a file; what the command line says of managing the node wins over it.
 *
 * @throws AgentError PW-AG-002 where the file cannot be read, PW-AG-001 where it is wrong.
 */
export async function readAgentConfig(path: string, flags: ManageFlags = {}): Promise<AgentConfig> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new AgentError(
      'PW-AG-002',
      { what: `The configuration ${path} cannot be read.`, why: cause.message, do: 'Name the file with --config.' },
      { cause },
    )
  })
  return parseAgentConfig(text, path, flags)
}
