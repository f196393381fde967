import { readFile } from 'node:fs/promises'
import { type AgentConfig, parseAgentConfig } from './agent-config.ts'
import { AgentError } from './agent-error.ts'

/**
 * Reads an agent's configuration from a file.
 *
 * @throws AgentError PW-AG-002 where the file cannot be read, PW-AG-001 where it is wrong.
 */
export async function readAgentConfig(path: string): Promise<AgentConfig> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new AgentError(
      'PW-AG-002',
      { what: `The configuration ${path} cannot be read.`, why: cause.message, do: 'Name the file with --config.' },
      { cause },
    )
  })
  return parseAgentConfig(text, path)
}
