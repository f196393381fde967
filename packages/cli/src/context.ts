import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Terminal } from './terminal.ts'
import { type Paint, painter } from './text/colours.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly data?: string
  readonly store?: string
  /** False after `--no-color`. */
  readonly color?: boolean
  readonly quiet?: boolean
  readonly utc?: boolean
}

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal
  readonly options: GlobalOptions
  /** Colours for standard output and for standard error. */
  readonly paint: Paint
  readonly paintTalk: Paint
  /** Talk that `--quiet` leaves out. */
  hint(text: string): void
  /** Says how the command ended where it did not fail. */
  exit: number
}

/** Makes a command's context out of the global options. */
export function contextOf(terminal: Terminal, options: GlobalOptions): Context {
  const colours = options.color !== false && !terminal.env.NO_COLOR // https://no-color.org: any text that is not empty.
  return {
    terminal,
    options,
    paint: painter(colours && terminal.screen),
    paintTalk: painter(colours && terminal.live),
    hint: (text) => {
      if (options.quiet !== true) terminal.say(text)
    },
    exit: 0,
  }
}

/** The folder data is in: `--data`, `PODWITNESS_DATA`, or `podwitness` in the user's data folder (XDG Base Directory). */
export function dataFolder({ terminal, options }: Context): string {
  const { PODWITNESS_DATA, XDG_DATA_HOME, HOME } = terminal.env
  return options.data || PODWITNESS_DATA || join(XDG_DATA_HOME || join(HOME || homedir(), '.local', 'share'), 'podwitness')
}
