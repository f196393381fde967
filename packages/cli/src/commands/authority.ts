import {
  type AuthorityState,
  announceAuthority,
  authorityState,
  leaveAct,
  pkiFolder,
  retireAuthority,
  switchAuthority,
} from '@podwitness/server'
import { actOf } from '../act-of.ts'
import type { AddCommand } from '../add-command.ts'
import { type Context, dataFolder } from '../context.ts'

interface StepFlags {
  readonly force?: boolean
  readonly json?: boolean
}

const STEPS = {
  announce: 'make the next authority and tell senders of it; they renew to know both',
  switch: 'sign with the next authority; the one before stays trusted',
  retire: 'trust former authorities no longer',
} as const

/** `podwitness authority show|announce|switch|retire`: replaces the server's certificate authority, also beside a running server. */
export const authority: AddCommand = (program, run) => {
  const group = program.command('authority').description("replace the server's certificate authority without a gap")
  group
    .command('show')
    .description('authorities that are trusted, and senders that have yet to follow')
    .option('--json', 'one JSON document')
    .action((flags: StepFlags, command) => run(command, (context) => show(context, flags.json === true)))
  for (const [step, what] of Object.entries(STEPS)) {
    const command = group.command(step).description(what)
    if (step !== 'announce') command.option('--force', 'also where senders are locked out by it; they have to join again')
    command.action((flags: StepFlags, each) =>
      run(each, (context) => take(context, step as keyof typeof STEPS, flags.force === true)),
    )
  }
}

async function take(context: Context, step: keyof typeof STEPS, force: boolean): Promise<void> {
  const folder = pkiFolder(dataFolder(context)).authority
  if (step === 'announce') await announceAuthority(folder)
  else if (step === 'switch') switchAuthority(folder, force)
  else retireAuthority(folder, force)
  const { current, next, former } = authorityState(folder)
  leaveAct(dataFolder(context), actOf({ action: `authority-${step}`, object: current, after: { current, next, former } }))
  await show(context, false)
}

async function show(context: Context, json: boolean): Promise<void> {
  const state = authorityState(pkiFolder(dataFolder(context)).authority)
  if (json) {
    await context.terminal.write(`${JSON.stringify(state)}\n`)
    return
  }
  await context.terminal.write(`${linesOf(state).join('\n')}\n`)
}

function linesOf({ current, next, former, unaware, behind }: AuthorityState): string[] {
  const names = (facts: AuthorityState['unaware']): string[] =>
    facts.map(({ cluster, node }) => `         ${cluster}/${node || 'API server'}`)
  return [
    `current  ${current}`,
    ...(next === null ? [] : [`next     ${next}`]),
    ...former.map((fingerprint) => `former   ${fingerprint}`),
    ...(unaware.length === 0 ? [] : [`senders that do not know the next one yet: ${unaware.length}`, ...names(unaware)]),
    ...(behind.length === 0 ? [] : [`senders with a certificate of a former one: ${behind.length}`, ...names(behind)]),
  ]
}
