import { ROLES, type Role } from '@podwitness/api'
import { Authority, leaveAct, pkiFolder, TOKEN_KINDS, type TokenFact, type TokenKind, TokenStore } from '@podwitness/server'
import { Option } from 'commander'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import { createApiToken, listApiTokens, revokeApiToken } from '../api-token-commands.ts'
import { type Context, dataFolder } from '../context.ts'
import { durationOption } from '../duration-option.ts'
import { tableLines } from '../text/text-table.ts'

interface CreateFlags {
  readonly kind: TokenKind | 'api'
  readonly user?: string
  readonly role: Role
  readonly cluster: string
  readonly name: string
  readonly ttl?: number
  readonly reusable?: boolean
  readonly json?: boolean
}

/** A join token that lies about unused is a door: it closes after a day, milliseconds. */
const JOIN_TTL_MS = 86_400_000

const COLUMNS = [
  { title: 'ID' },
  { title: 'KIND' },
  { title: 'CLUSTER' },
  { title: 'NAME' },
  { title: 'STATE' },
  { title: 'CREATED' },
  { title: 'EXPIRES' },
] as const

/** `podwitness tokens create|list|revoke`: what may send, and what may ask. Works on the data folder, also beside a running server. */
export const tokens: AddCommand = (program, run) => {
  const group = program
    .command('tokens')
    .description('tokens that let nodes, API servers and applications send, and programs ask')
  group
    .command('create')
    .description('make a token; it is shown once and kept nowhere')
    .addOption(new Option('--kind <kind>', 'what it is for').choices([...TOKEN_KINDS, 'api']).default('join'))
    .option('--user <name>', 'of an API token: whose rights it has')
    .addOption(new Option('--role <role>', 'of an API token: no more than this').choices(ROLES).default('viewer'))
    .option('--cluster <id>', 'cluster it is good for', 'default')
    .option('--name <text>', 'what it is for, in your words; of an application, its name', '')
    .option('--reusable', 'of a join token: any number of nodes may use it until it ends or is revoked; for a DaemonSet')
    .option(
      '--ttl <time>',
      'how long it is good for: 30s, 15m, 24h, 90d (default: 24h for a join token of one node, 90d for an API token, else for ever)',
      durationOption,
    )
    .option('--json', 'one JSON document')
    .action((flags: CreateFlags, command) =>
      run(command, (context) =>
        flags.kind === 'api' ? createApiToken(context, flags) : create(context, { ...flags, kind: flags.kind }),
      ),
    )
  group
    .command('list')
    .description('tokens that were made, without their secrets')
    .option('--json', 'NDJSON, one token a line')
    .action((flags: { readonly json?: boolean }, command) => run(command, (context) => list(context, flags.json === true)))
  group
    .command('revoke')
    .description('take a token back')
    .argument('<id>', 'as `tokens list` shows it')
    .action((id: string, _flags, command) => run(command, (context) => revoke(context, id)))
}

async function create(
  context: Context,
  { kind, cluster, name, ttl, reusable = false, json }: CreateFlags & { kind: TokenKind },
): Promise<void> {
  const authority = await Authority.open(pkiFolder(dataFolder(context)).authority)
  const ttlMs = ttl ?? (kind === 'join' && !reusable ? JOIN_TTL_MS : undefined)
  const wanted = { kind, cluster, name, reusable, ...(ttlMs === undefined ? {} : { ttlMs }) }
  const { text, fact } = openTokens(context).create(wanted, authority.fingerprint)
  leaveAct(dataFolder(context), actOf({ action: `${kind}-token-create`, object: fact.id, after: fact }))
  await context.terminal.write(json === true ? `${JSON.stringify({ token: text, ...fact })}\n` : `${text}\n`)
  context.hint(
    `${fact.kind} token ${fact.id} for ${cluster}${fact.expires === '' ? '' : `, good until ${fact.expires}`}; it is shown only now`,
  )
}

async function revoke(context: Context, id: string): Promise<void> {
  if (
    !openTokens(context)
      .list()
      .some((token) => token.id === id) &&
    (await revokeApiToken(context, id))
  )
    return
  openTokens(context).revoke(id)
  leaveAct(dataFolder(context), actOf({ action: 'sender-token-revoke', object: id }))
}

async function list(context: Context, json: boolean): Promise<void> {
  const facts = openTokens(context).list()
  const asking = await listApiTokens(context)
  const { terminal } = context
  if (json) for (const fact of [...facts, ...asking.facts]) await terminal.write(`${JSON.stringify(fact)}\n`)
  else await terminal.write(`${tableLines(COLUMNS, [...facts.map(rowOf), ...asking.rows]).join('\n')}\n`)
}

function openTokens(context: Context): TokenStore {
  return new TokenStore(pkiFolder(dataFolder(context)).tokens)
}

function rowOf({ id, kind, cluster, name, state, created, expires, reusable }: TokenFact): string[] {
  return [
    id,
    reusable ? `${kind}, reusable` : kind,
    cluster,
    name || '-',
    state,
    created.slice(0, 16),
    expires === '' ? 'never' : expires.slice(0, 16),
  ]
}
