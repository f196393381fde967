import type { AddCommand } from './add-command.ts'

/** Commands that need neither store nor server: loaded alone they start in a fifth of the time and half the memory. */
const ALONE: Readonly<Record<string, () => Promise<AddCommand>>> = {
  agent: async () => (await import('./commands/agent.ts')).agent,
  decode: async () => (await import('./commands/decode.ts')).decode,
  'audit-rules': async () => (await import('./commands/audit-rules.ts')).auditRules,
}

/** Options that take a value, which is no command's name. */
const VALUED = new Set(['--data', '--store'])

/** The commands that `args` may ask for: one that can be loaded alone, else all of them. */
export async function commandsFor(args: readonly string[]): Promise<readonly AddCommand[]> {
  const name = args.find((arg, i) => !arg.startsWith('-') && !VALUED.has(args[i - 1] ?? ''))
  const alone = name !== undefined && Object.hasOwn(ALONE, name) ? ALONE[name] : undefined
  return alone === undefined ? (await import('./commands/index.ts')).commands : [await alone()]
}
