import { Command, CommanderError } from 'commander'
import type { AddCommand, RunCommand } from './add-command.ts'
import { commandsFor } from './commands-for.ts'
import { commandsPage } from './commands-page.ts'
import { contextOf, type GlobalOptions } from './context.ts'
import { failureOf, failureText } from './failure.ts'
import { PipeClosed, type Terminal } from './terminal.ts'
import { painter } from './text/colours.ts'
import { UsageError } from './usage-error.ts'

/** Interrupted from outside; 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130

/**
 * Runs the command that `args` spell out.
 *
 * @returns The exit code: 0 ok, 1 found problems, 2 usage, 3 cannot reach, 4 no permission, 130 interrupted.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exit = 0
  let talk = painter(terminal.live && !terminal.env.NO_COLOR && !args.includes('--no-color'))
  const runCommand: RunCommand = async (command, work) => {
    const context = contextOf(terminal, command.optsWithGlobals<GlobalOptions>())
    talk = context.paintTalk
    await work(context)
    exit = context.exit
  }
  const help: string[] = []
  try {
    await programOf(await commandsFor(args), runCommand, help).parseAsync([...args], { from: 'user' })
  } catch (error) {
    terminal.redraw('')
    if (error instanceof PipeClosed || terminal.signal.reason instanceof PipeClosed) return 0
    if (error instanceof CommanderError && error.exitCode === 0) exit = 0
    else if (error instanceof CommanderError && error.code === 'commander.help') {
      terminal.say(help.join('').trimEnd())
      return 2
    } else {
      const failure = failureOf(usageOf(error))
      terminal.say(failureText(failure, talk))
      return terminal.signal.aborted ? INTERRUPTED : failure.exit
    }
  }
  if (help.length > 0) await terminal.write(help.join('')).catch(ignorePipe)
  return exit
}

/** The page docs/reference/cli.md. */
export async function commandReference(): Promise<string> {
  return commandsPage(programOf(await commandsFor([]), async () => {}, []))
}

function programOf(commands: readonly AddCommand[], runCommand: RunCommand, help: string[]): Command {
  const program = new Command('podwitness')
    .description('Who entered which container, what did they run, with proof.')
    .option('--data <folder>', 'folder the data is in (default: the user’s data folder)')
    .option('--store <url>', 'use a ClickHouse server instead: http://user:password@host:8123')
    .option('--no-color', 'no colours; NO_COLOR does the same')
    .option('-q, --quiet', 'no hints and no progress')
    .option('--utc', 'show times in UTC instead of this machine’s zone')
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .helpCommand('help [command]', 'show what a command takes')
    .exitOverride()
    .configureOutput({ writeOut: (text) => help.push(text), writeErr: (text) => help.push(text), outputError: () => {} })
    .addHelpText('after', '\nExit codes: 0 ok, 1 found problems, 2 usage, 3 cannot reach, 4 no permission, 130 interrupted.')
  for (const add of commands) add(program, runCommand)
  return program
}

/** The parser's complaint in our form; everything else as it is. */
function usageOf(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error
  const [what = '', hint = ''] = error.message.replace(/^error: /, '').split('\n')
  return new UsageError('PW-CL-001', {
    what: `${what.charAt(0).toUpperCase()}${what.slice(1)}${what.endsWith('.') ? '' : '.'}`,
    why: hint.replace(/[()]/g, ''),
    do: 'Look at `podwitness help`, or add --help to the command.',
  })
}

function ignorePipe(error: unknown): void {
  if (!(error instanceof PipeClosed)) throw error
}
