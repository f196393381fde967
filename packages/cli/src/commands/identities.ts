import { readFileSync } from 'node:fs'
import { IdentityMap, type KnownIdentity, recordAct } from '@podwitness/server'
import { accountName, actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { readIdentities } from '../read-identities.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { UsageError } from '../usage-error.ts'
import { withStore } from '../with-store.ts'

interface SetFlags {
  readonly person?: string
  readonly team?: string
  readonly uid?: string
}

const COLUMNS = ['ACCOUNT', 'PERSON', 'TEAM', 'UID', 'CHANGED'].map((title) => ({ title }))

/** `podwitness identities list|set|import|remove`: which person and team stands behind an account. */
export const identities: AddCommand = (program, run) => {
  const group = program.command('identities').description('which person and team stands behind an account')
  group
    .command('list')
    .description('accounts and who they are')
    .option('--unnamed', 'accounts of sessions that nobody is named for instead')
    .option('--json', 'NDJSON, one account a line; `identities import` reads it')
    .action((flags: { unnamed?: boolean; json?: boolean }, command) => run(command, (context) => list(context, flags)))
  group
    .command('set')
    .description('say who an account is')
    .argument('<account>', 'as the API server names it; one that ends in * fits all that begin so')
    .option('--person <name>', 'who it is')
    .option('--team <name>', 'the team')
    .option('--uid <number>', 'number of the account at the cloud or in the directory')
    .action((account: string, { person = '', team = '', uid = '' }: SetFlags, command) =>
      run(command, (context) => save(context, () => [{ account, person, team, uid }])),
    )
  group
    .command('import')
    .description('say who many accounts are; CSV with the columns account, person, team, uid, or NDJSON')
    .argument('<file>', 'the file')
    .action((file: string, _flags, command) => run(command, (context) => save(context, () => readIdentities(read(file), file))))
  group
    .command('remove')
    .description('forget who an account is')
    .argument('<account>', 'as `identities list` shows it')
    .action((account: string, _flags, command) =>
      run(command, (context) =>
        withStore(context, 'data', async (store) => {
          await new IdentityMap(store).remove(account, Date.now())
          await recordAct(store, actOf({ action: 'identity-remove', object: account }))
        }),
      ),
    )
}

async function list(context: Context, { unnamed = false, json = false }: { unnamed?: boolean; json?: boolean }): Promise<void> {
  const { terminal } = context
  const found = await withStore(context, 'data', async (store) => {
    const map = new IdentityMap(store)
    const known = await map.list()
    return { known, unnamed: unnamed ? await map.unnamed(known) : [] }
  })
  if (json) {
    for (const one of unnamed ? found.unnamed : found.known) await terminal.write(`${JSON.stringify(one)}\n`)
    return
  }
  const lines = unnamed
    ? tableLines(
        [{ title: 'ACCOUNT' }, { title: 'SESSIONS', right: true }],
        found.unnamed.map(({ account, sessions }) => [visibleText(account), String(sessions)]),
      )
    : tableLines(COLUMNS, found.known.map(rowOf))
  await terminal.write(`${lines.join('\n')}\n`)
}

async function save(context: Context, identities: () => Parameters<IdentityMap['save']>[0]): Promise<void> {
  const wanted = identities()
  const saved = await withStore(context, 'folder', async (store) => {
    const count = await new IdentityMap(store).save(wanted, accountName(), Date.now())
    await recordAct(store, actOf({ action: 'identity-save', object: `${count} accounts`, after: wanted }))
    return count
  })
  context.hint(saved === 1 ? '1 account saved' : `${saved} accounts saved`)
}

function rowOf({ account, person, team, uid, changed }: KnownIdentity): string[] {
  return [account, person || '-', team || '-', uid || '-', changed.slice(0, 16)].map(visibleText)
}

/** @throws UsageError PW-DE-003 where it cannot be read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError('PW-DE-003', { what: `${path} cannot be read.`, why, do: 'Check the path.' }, { cause })
  }
}
