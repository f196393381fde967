import type { Command } from 'commander'
import type { Context } from './context.ts'

/** What one command adds to the program. */
export type AddCommand = (program: Command, run: RunCommand) => void

/** Runs a command's work with the context of its options. */
export type RunCommand = (command: Command, work: (context: Context) => Promise<void>) => Promise<void>
