import type { HeardNode, RouteReply, sendersRoute, sourcesRoute } from '@podwitness/api'

/** What the checklist looks at. */
export interface SetUpFacts {
  readonly sources: RouteReply<typeof sourcesRoute>
  readonly senders: RouteReply<typeof sendersRoute>
  readonly nodes: readonly HeardNode[]
  readonly channels: number
  /** Those that took a message, a test too. */
  readonly tested: number
  /** Sessions in which an account is named. */
  readonly named: number
  readonly nowMs: number
}

export const SET_UP_STEPS = ['intake', 'token', 'agents', 'rules', 'apiserver', 'named', 'channel'] as const
export type SetUpStep = (typeof SET_UP_STEPS)[number]

/** `done`; `waiting`: begun, and what should come has not come; `open`: not begun. */
export type StepState = 'done' | 'waiting' | 'open'

/** Agents give a sign of life every 15 s; one not heard for so long is not there, milliseconds. */
const HEARD_MS = 120_000

/** How far the way from nothing to a first alert is, step by step, from what was really received. */
export function stepStates({
  sources,
  senders,
  nodes,
  channels,
  tested,
  named,
  nowMs,
}: SetUpFacts): Record<SetUpStep, StepState> {
  const of = (intake: string) => sources.sources.find((one) => one.intake === intake)
  const heard = nodes.filter(({ lastHeard }) => nowMs - Date.parse(lastHeard) < HEARD_MS)
  const mayJoin = senders.tokens.some(({ kind, state }) => kind === 'join' && state === 'valid')
  const nodeEvents = of('agents')?.lastDay ?? 0
  const api = Math.max(...['apiserver-webhook', 'apiserver-log'].map((name) => of(name)?.lastDay ?? 0))
  const apiBegun = senders.tokens.some(({ kind }) => kind === 'apiserver') || of('apiserver-log')?.state === 'waiting'
  return {
    intake: sources.intakeOn ? 'done' : 'open',
    token: mayJoin || senders.certificates.length > 0 ? 'done' : 'open',
    agents: heard.length > 0 ? 'done' : nodes.length > 0 || senders.certificates.length > 0 ? 'waiting' : 'open',
    // A command that arrived was recorded: a rule for execve is in force there.
    rules: nodeEvents > 0 ? 'done' : heard.length > 0 ? 'waiting' : 'open',
    apiserver: api > 0 ? 'done' : apiBegun ? 'waiting' : 'open',
    named: nodeEvents > 0 && api > 0 ? (named > 0 ? 'done' : 'waiting') : 'open',
    channel: tested > 0 ? 'done' : channels > 0 ? 'waiting' : 'open',
  }
}
