import { expect } from 'vitest'
import type { Evidence, PlacementDraft, SessionDraft } from '../src/evidence.ts'
import type { ContainerFact } from '../src/observation.ts'
import { reconstruct } from '../src/reconstruct.ts'
import { type Box, Scenario } from './scenario.ts'

/** Where a program (the last one with these words) ended up. */
export function placeOf(
  evidence: Evidence,
  ...argv: readonly string[]
): { session: SessionDraft | undefined; placement: PlacementDraft | undefined } {
  const result = reconstruct(evidence)
  const observed = [...evidence.nodes.values()].flat().filter(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  const placement = result.placements.find(({ event_id }) => event_id === observed.at(-1)?.eventId)
  return { session: result.sessions.find(({ trace_id }) => trace_id === placement?.trace_id), placement }
}

/** Who a session says it may be of. */
export const accounts = (session: SessionDraft | undefined): string[] =>
  (JSON.parse(session?.candidates ?? '[]') as { user: string }[]).map(({ user }) => user).sort()

/** No session may carry the name of somebody else than who really ran its commands. */
export function expectNoWrongName(scenario: Scenario, evidence = scenario.evidence()): void {
  const { sessions, placements } = reconstruct(evidence)
  const byTrace = new Map(sessions.map((session) => [session.trace_id, session]))
  for (const { event_id, trace_id } of placements) {
    const user = byTrace.get(trace_id)?.user ?? ''
    if (user !== '') expect(scenario.owners.get(event_id)).toBe(user)
  }
}

/** A node with one container. */
export function one(argv: readonly string[] = ['sleep', 'infinity'], pidMax?: number): { scenario: Scenario; box: Box } {
  const scenario = new Scenario(pidMax)
  return { scenario, box: scenario.container('app', argv) }
}

/** Gives a container another name or pod. */
export function rename({ containers }: Scenario, name: string, more: Partial<ContainerFact>): void {
  containers.forEach((fact, at) => {
    if (fact.name === name) containers[at] = { ...fact, ...more }
  })
}

/** The session a command was placed in. */
export function sessionOf(evidence: Evidence, argv: readonly string[]): SessionDraft | undefined {
  const result = reconstruct(evidence)
  const observed = [...evidence.nodes.values()]
    .flat()
    .filter(({ exec }) => exec !== null && exec.argv.join(' ') === argv.join(' '))
  const ids = new Set(observed.map(({ eventId }) => eventId))
  const placement = result.placements.find(({ event_id }) => ids.has(event_id))
  return result.sessions.find(({ trace_id }) => trace_id === placement?.trace_id)
}

/** Why the first program with these words was placed where it was. */
export function placedAs(evidence: Evidence, argv: readonly string[]): string | undefined {
  const observed = [...evidence.nodes.values()].flat().find(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  return reconstruct(evidence).placements.find(({ event_id }) => event_id === observed?.eventId)?.placed
}

/** How often a command carries another account than whoever ran it. */
export function wrongNames(scenario: Scenario, evidence: Evidence = scenario.evidence()): number {
  const { sessions, placements } = reconstruct(evidence)
  const users = new Map(sessions.map(({ trace_id, user }) => [trace_id, user]))
  return placements.filter(({ event_id, trace_id }) => {
    const user = users.get(trace_id) ?? ''
    return user !== '' && scenario.owners.get(event_id) !== user
  }).length
}

/** Every entry that is not a container's own, with its account and how sure that is. */
export const entriesOf = (evidence: Evidence): [string, string, string][] =>
  reconstruct(evidence)
    .sessions.filter(({ entry }) => entry !== 'container')
    .map(({ entry, user, confidence }) => [entry, user, confidence])
