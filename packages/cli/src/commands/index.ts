import type { AddCommand } from '../run.ts'
import { explain } from './explain.ts'
import { version } from './version.ts'

/** Every command, in the order that `help` lists them. */
export const commands: readonly AddCommand[] = [explain, version]
