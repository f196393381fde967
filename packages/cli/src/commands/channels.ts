import { CHANNEL_TYPES, withoutSecrets } from '@podwitness/alert'
import { AlertDesk, recordAct } from '@podwitness/server'
import { InvalidArgumentError } from 'commander'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { tableLines } from '../text/text-table.ts'
import { visibleText } from '../text/visible-text.ts'
import { withStore } from '../with-store.ts'

interface AddFlags {
  readonly type: string
  readonly name?: string
  readonly option?: Record<string, string>
  readonly replace?: boolean
}

/** `podwitness channels list|types|add|test|remove`: where messages go. */
export const channels: AddCommand = (program, run) => {
  const group = program.command('channels').description('where messages of alerts go')
  group
    .command('list')
    .description('channels; secrets are not shown')
    .option('--json', 'NDJSON, one channel a line')
    .action((flags: { json?: boolean }, command) => run(command, (context) => list(context, flags.json === true)))
  group
    .command('types')
    .description('every type with its options')
    .action((_flags, command) => run(command, types))
  group
    .command('add')
    .description('add a channel')
    .argument('<id>', 'identifier, which rules name')
    .requiredOption('--type <type>', 'one of `channels types`')
    .option('--name <name>', 'name for people (default: the identifier)')
    .option('--option <name=value>', 'an option of the type; env:PODWITNESS_SECRET_… takes it from the environment', option)
    .option('--replace', 'replace the channel of that identifier')
    .action((id: string, flags: AddFlags, command) => run(command, (context) => add(context, id, flags)))
  group
    .command('test')
    .description('send a test message now; exit 1 where the channel does not take it')
    .argument('<id>', 'the channel')
    .option('--allow-target <host...>', 'hosts that may be reached although they lead to this machine')
    .action((id: string, flags: { allowTarget?: string[] }, command) =>
      run(command, (context) => test(context, id, flags.allowTarget ?? [])),
    )
  group
    .command('remove')
    .description('remove a channel')
    .argument('<id>', 'the channel')
    .action((id: string, _flags, command) =>
      run(command, (context) =>
        withStore(context, 'data', async (store) => {
          await new AlertDesk(store).removeTold('channel', id)
          await recordAct(store, actOf({ action: 'channel-remove', object: id }))
        }),
      ),
    )
}

async function list(context: Context, json: boolean): Promise<void> {
  const stored = await withStore(context, 'data', (store) => new AlertDesk(store).objects.channels())
  const found = stored.map(withoutSecrets)
  if (json) for (const channel of found) await context.terminal.write(`${JSON.stringify(channel)}\n`)
  else {
    const rows = found.map(({ id, type, name }) => [id, type, visibleText(name)])
    await context.terminal.write(`${tableLines([{ title: 'ID' }, { title: 'TYPE' }, { title: 'NAME' }], rows).join('\n')}\n`)
  }
}

async function types({ terminal }: Context): Promise<void> {
  for (const { type, description, options } of Object.values(CHANNEL_TYPES)) {
    const lines = Object.entries(options).map(
      ([name, one]) => `  ${name}${one.required ? ' (required)' : ''}: ${one.description}`,
    )
    await terminal.write(`${type}: ${description}\n${lines.join('\n')}\n`)
  }
}

async function add(
  context: Context,
  id: string,
  { type, name = id, option: options = {}, replace = false }: AddFlags,
): Promise<void> {
  const saved = await withStore(context, 'folder', async (store) => {
    const made = await new AlertDesk(store).saveChannel({ id, name, type, options }, replace)
    await recordAct(store, actOf({ action: 'channel-save', object: id, after: made }))
    return made
  })
  await context.terminal.write(`${saved.id}\n`)
}

async function test(context: Context, id: string, allowTargets: readonly string[]): Promise<void> {
  const send = { allowTargets, env: context.terminal.env }
  const verdict = await withStore(context, 'data', (store) => new AlertDesk(store).testChannel(id, 'http://127.0.0.1:7070', send))
  await context.terminal.write(`${visibleText(verdict.answer)}\n`)
  if (!verdict.ok) context.exit = 1
}

function option(text: string, known: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It takes name=value.')
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) }
}
