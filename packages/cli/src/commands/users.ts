import { mayBeBounded, ROLES, type Role, rightsOf } from '@podwitness/api'
import { AccessObjects, recordAct, SIGN_IN_TIMES, SignIns, type User, Users } from '@podwitness/server'
import { Argument, Option } from 'commander'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { tableLines } from '../text/text-table.ts'
import { withStore } from '../with-store.ts'

interface BoundFlags {
  readonly namespace?: string[]
  readonly cluster?: string[]
  readonly json?: boolean
}

const COLUMNS = [
  { title: 'NAME' },
  { title: 'ROLE' },
  { title: 'SEES' },
  { title: 'STATE' },
  { title: 'CREATED' },
  { title: 'BY' },
] as const

/** `podwitness users …`: who may sign in. Works on the store, also beside a running server. */
export const users: AddCommand = (program, run) => {
  const group = program.command('users').description('who may sign in, in which role, and what they may see')
  const role = () => new Argument('<role>', 'what they may do').choices(ROLES)
  const bounds = (command: ReturnType<typeof group.command>) =>
    command
      .addOption(new Option('--namespace <name...>', 'see only these namespaces; a name may end in *').conflicts('everything'))
      .addOption(new Option('--cluster <name...>', 'see only these clusters; a name may end in *').conflicts('everything'))
  group
    .command('list')
    .description('every user')
    .option('--json', 'NDJSON, one user a line')
    .action((flags: { json?: boolean }, command) => run(command, (context) => list(context, flags.json === true)))
  bounds(group.command('add'))
    .description('add a user; prints a one-time link, good for a day')
    .argument('<name>', 'letters, digits and ._@+-')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('viewer'))
    .option('--json', 'one JSON document')
    .action((name: string, flags: BoundFlags & { role: Role }, command) => run(command, (context) => add(context, name, flags)))
  bounds(group.command('set-role'))
    .description(
      'change what a user may do and see; without --namespace or --cluster, what they see stays as far as the role allows',
    )
    .argument('<name>')
    .addArgument(role())
    .option('--everything', 'see every namespace and cluster')
    .action((name: string, wanted: Role, flags: BoundFlags & { everything?: boolean }, command) =>
      run(command, (context) => change(context, name, { role: wanted, ...boundsOf(wanted, flags) })),
    )
  for (const [word, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    group
      .command(word)
      .description(
        disabled ? 'sign a user out and let nobody in under the name; its tokens rest too' : 'let a disabled user in again',
      )
      .argument('<name>')
      .action((name: string, _flags, command) => run(command, (context) => change(context, name, { disabled })))
  group
    .command('reset-password')
    .description('forget a password, end all sign-ins of the user, and print a one-time link')
    .argument('<name>')
    .action((name: string, _flags, command) => run(command, (context) => reset(context, name)))
}

/** A role that cannot be bounded loses its bounds; any other keeps those nobody speaks of. */
function boundsOf(role: Role, { namespace, cluster, everything }: BoundFlags & { everything?: boolean }) {
  const named = {
    ...(namespace === undefined ? {} : { namespaces: namespace }),
    ...(cluster === undefined ? {} : { clusters: cluster }),
  }
  const lifted = everything === true || !mayBeBounded(role)
  return lifted ? { namespaces: null, clusters: null, ...named } : named
}

async function list(context: Context, json: boolean): Promise<void> {
  const found = await withStore(context, 'data', (store) => new Users(new AccessObjects(store)).list())
  const { terminal } = context
  if (json)
    for (const { password, ...user } of found)
      await terminal.write(`${JSON.stringify({ ...user, rights: rightsOf(user.role), hasPassword: password !== '' })}\n`)
  else await terminal.write(`${tableLines(COLUMNS, found.map(rowOf)).join('\n')}\n`)
}

async function add(
  context: Context,
  name: string,
  { role, namespace, cluster, json }: BoundFlags & { role: Role },
): Promise<void> {
  const wish = { role, namespaces: namespace ?? null, clusters: cluster ?? null }
  const link = await withStore(context, 'folder', async (store) => {
    const act = actOf({ action: 'user-add', object: name, after: wish })
    const made = await new Users(new AccessObjects(store)).add(name, wish, act.user)
    await recordAct(store, act)
    return made
  })
  await printLink(context, name, link, json === true)
}

async function change(context: Context, name: string, wish: Parameters<Users['change']>[1]): Promise<void> {
  const after = await withStore(context, 'data', async (store) => {
    const objects = new AccessObjects(store)
    const done = await new Users(objects).change(name, wish)
    if (done.after.disabled) await new SignIns(objects, SIGN_IN_TIMES, false).endAll(name)
    await recordAct(store, actOf({ action: 'user-change', object: name, before: factOf(done.before), after: factOf(done.after) }))
    return done.after
  })
  context.hint(`${name} is ${after.disabled ? 'disabled' : `${after.role}, and sees ${seesOf(after)}`}`)
}

async function reset(context: Context, name: string): Promise<void> {
  const link = await withStore(context, 'data', async (store) => {
    const objects = new AccessObjects(store)
    const made = await new Users(objects).reset(name)
    await new SignIns(objects, SIGN_IN_TIMES, false).endAll(name)
    await recordAct(store, actOf({ action: 'user-reset-password', object: name }))
    return made
  })
  await printLink(context, name, link, false)
}

async function printLink(context: Context, name: string, link: string, json: boolean): Promise<void> {
  await context.terminal.write(json ? `${JSON.stringify({ name, link })}\n` : `/?token=${link}\n`)
  context.hint(`behind the address of the server it signs ${name} in, once and within a day; it is shown only now`)
}

function factOf({ role, namespaces, clusters, disabled }: User) {
  return { role, namespaces, clusters, disabled }
}

function rowOf(user: User): string[] {
  const state = user.disabled
    ? 'disabled'
    : user.source === 'oidc'
      ? 'by provider'
      : user.password === ''
        ? 'no password yet'
        : 'active'
  return [user.name, user.role, seesOf(user), state, user.created.slice(0, 16), user.createdBy]
}

function seesOf({ namespaces, clusters }: User): string {
  const parts = [
    ...(clusters === null ? [] : [`clusters ${clusters.join(', ') || 'none'}`]),
    ...(namespaces === null ? [] : [`namespaces ${namespaces.join(', ') || 'none'}`]),
  ]
  return parts.join('; ') || 'everything'
}
