import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { Backoff, pause } from '@podwitness/pipeline'
import type { AgentConfig, OutputConfig } from '../agent-config.ts'
import { AgentError } from '../agent-error.ts'
import { type Identity, readIdentity, writeIdentity } from '../identity/identity.ts'
import { join } from '../identity/join.ts'
import type { Output } from '../output.ts'
import { fileOutput } from './file-output.ts'
import { ServerOutput } from './server.ts'
import { SyslogTlsOutput } from './syslog-tls.ts'
import { writerOutput } from './writer-output.ts'

/** What outputs need of the agent. */
export interface OutputContext {
  readonly signal: AbortSignal
  write(data: Buffer): Promise<void>
  say(text: string): void
}

/** The output that a configuration asks for; a server is joined first where that has not been done. */
export async function openOutput(config: AgentConfig, context: OutputContext): Promise<Output> {
  const { output } = config
  switch (output.type) {
    case 'stdout':
      return writerOutput('standard output', context.write)
    case 'file':
      return fileOutput(output)
    case 'syslog':
      return syslogOutput(output, config.node)
    case 'server':
      return serverOutput(output, config, context)
  }
}

async function syslogOutput(output: Extract<OutputConfig, { type: 'syslog' }>, node: string): Promise<Output> {
  const { host, port, facility, serverName } = output
  const [ca, certificate, key] = await Promise.all([output.ca, output.certificate, output.key].map(readPem))
  return new SyslogTlsOutput({
    host,
    port,
    facility,
    node,
    ...(serverName === '' ? {} : { serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  })
}

async function serverOutput(
  output: Extract<OutputConfig, { type: 'server' }>,
  config: AgentConfig,
  context: OutputContext,
): Promise<Output> {
  const url = new URL(output.url)
  const name = output.serverName === '' ? {} : { serverName: output.serverName }
  const identityPath = joinPath(config.state, 'identity.json')
  const stored = await readIdentity(identityPath)
  const usable = stored !== undefined && stored.notAfterMs > Date.now()
  const identity = usable
    ? stored
    : await joinServer({ ...name, url, identityPath, tokenFile: output.tokenFile, config, context })
  const joinAgain = async (): Promise<Identity> =>
    join({ ...name, url, token: await readToken(output.tokenFile), cluster: config.cluster, node: config.node })
  return new ServerOutput({ ...name, url, node: config.node, identity, identityPath, joinAgain, say: context.say })
}

interface Joining {
  readonly url: URL
  readonly serverName?: string
  readonly identityPath: string
  readonly tokenFile: string
  readonly config: AgentConfig
  readonly context: OutputContext
}

/** Joins; a server that cannot be reached and a token that is not there yet are waited for until the agent is stopped. */
async function joinServer({ config, context, identityPath, tokenFile, ...server }: Joining): Promise<Identity> {
  const backoff = new Backoff({ firstMs: 1000, maxMs: 60_000 })
  let told = ''
  for (;;) {
    try {
      const token = await readToken(tokenFile)
      const identity = await join({ ...server, token, cluster: config.cluster, node: config.node })
      await writeIdentity(identityPath, identity)
      context.say(`Joined ${server.url.host} as ${identity.agentId}.`)
      return identity
    } catch (error) {
      if (!(error instanceof AgentError) || context.signal.aborted) throw error
      // A Secret may be made after the Pod: what is read until then is kept, as it is while no server is there.
      if (error.code !== 'PW-AG-007' && !(error.code === 'PW-AG-005' && tokenFile !== '')) throw error
      if (told !== error.code) context.say(`${error.message} (${error.why}) Trying again; lines wait on disk.`)
      told = error.code
      await pause(backoff.next(), context.signal)
      context.signal.throwIfAborted()
    }
  }
}

async function readToken(path: string): Promise<string> {
  const token = path === '' ? '' : (await readFile(path, 'utf8').catch(() => '')).trim()
  if (token !== '') return token
  throw new AgentError('PW-AG-005', {
    what: 'This agent has no certificate of the server and no token to get one with.',
    why: path === '' ? 'output.tokenFile is not set.' : `There is no token in ${path}.`,
    do: 'Make a join token on the server, put it into a file that only this user can read, and name it in output.tokenFile.',
  })
}

async function readPem(path: string): Promise<string | undefined> {
  if (path === '') return undefined
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new AgentError(
      'PW-AG-006',
      { what: `The file ${path} cannot be read.`, why: cause.message, do: 'Correct the path in the configuration.' },
      { cause },
    )
  })
}
