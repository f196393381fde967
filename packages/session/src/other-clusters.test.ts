import { describe, expect, it } from 'vitest'
import { type Box, Scenario } from '../testdata/scenario.ts'
import type { Evidence, PlacementDraft, SessionDraft } from './evidence.ts'
import { reconstruct } from './reconstruct.ts'

/** Traces as clusters leave them that are set up in other ways than the recorded one. */

/** Where the last program with these words ended up. */
function placeOf(evidence: Evidence, ...argv: readonly string[]): { session?: SessionDraft; placement?: PlacementDraft } {
  const { sessions, placements } = reconstruct(evidence)
  const observed = [...evidence.nodes.values()].flat().filter(({ exec }) => exec?.argv.join(' ') === argv.join(' '))
  const placement = placements.find(({ event_id }) => event_id === observed.at(-1)?.eventId)
  const session = sessions.find(({ trace_id }) => trace_id === placement?.trace_id)
  return { ...(session === undefined ? {} : { session }), ...(placement === undefined ? {} : { placement }) }
}

/** How often a command carries another account than whoever ran it. */
function wrongNames(scenario: Scenario, evidence: Evidence = scenario.evidence()): number {
  const { sessions, placements } = reconstruct(evidence)
  const users = new Map(sessions.map(({ trace_id, user }) => [trace_id, user]))
  return placements.filter(({ event_id, trace_id }) => {
    const user = users.get(trace_id) ?? ''
    return user !== '' && scenario.owners.get(event_id) !== user
  }).length
}

const entriesOf = (evidence: Evidence): [string, string, string][] =>
  reconstruct(evidence)
    .sessions.filter(({ entry }) => entry !== 'container')
    .map(({ entry, user, confidence }) => [entry, user, confidence])

function one(argv: readonly string[] = ['sleep', 'infinity']): { scenario: Scenario; box: Box } {
  const scenario = new Scenario()
  return { scenario, box: scenario.container('app', argv) }
}

describe('a node that is a container itself (kind, k3d, minikube)', () => {
  /** The outer container with its runtime inside; the cluster's own containers have its shims as parents. */
  function nested(known: boolean): { scenario: Scenario; box: Box } {
    const scenario = new Scenario()
    const outer = scenario.container('kind-control-plane', ['/sbin/init'], 500, { known: false })
    const inner = (ppid: number, argv: readonly string[], at: number) =>
      scenario.start({ at, ppid, argv, dev: outer.dev, owner: 'container' })
    const containerd = inner(outer.init, ['/usr/local/bin/containerd'], 600)
    const shim = inner(containerd, ['/usr/local/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io', '-id', 'x'], 900)
    const box = scenario.container('app', ['sleep', 'infinity'], 1000, { known, shim, runtimeDev: outer.dev })
    return { scenario, box }
  }

  it('is followed from its first program on', () => {
    const { scenario, box } = nested(true)
    const shell = scenario.exec('alice', box, ['bash'], 5000, { tty: 'pts0', lasts: 9000, runtimeDev: '00:40' })
    scenario.start({ at: 6000, ppid: shell, argv: ['id'], dev: box.dev, owner: 'alice', tty: 'pts0' })
    const evidence = scenario.evidence()
    expect(placeOf(evidence, 'id').session).toMatchObject({
      user: 'alice',
      confidence: 'matched',
      container: 'app',
      command_count: 2,
    })
    expect(wrongNames(scenario)).toBe(0)
  })

  it('does not let a runtime in an ordinary container (docker in docker) open an entry of the cluster', () => {
    const scenario = new Scenario()
    const dind = scenario.container('dind', ['dockerd'], 500)
    const shim = scenario.start({
      at: 600,
      ppid: dind.init,
      argv: ['containerd-shim-runc-v2', '-id', 'y'],
      dev: dind.dev,
      owner: 'container',
    })
    const inside = scenario.container('inside', ['sh'], 1000, { known: false, shim, runtimeDev: dind.dev })
    const shell = scenario.exec('alice', dind, ['sh'], 4000, { tty: 'pts0', lasts: 60_000 })
    scenario.start({
      at: 5000,
      ppid: shell,
      argv: ['docker', 'exec', inside.id.slice(0, 12), 'id'],
      dev: dind.dev,
      owner: 'alice',
      tty: 'pts0',
    })
    scenario.enter(inside, ['id'], 5030, 'alice', { runtimeDev: dind.dev })
    expect(wrongNames(scenario)).toBe(0)
    expect(entriesOf(scenario.evidence()).filter(([entry]) => entry !== 'exec')).toEqual([])
  })

  it('does not let somebody who wears a shim’s name answer another’s request', () => {
    const { scenario, box } = one()
    const other = scenario.container('other', ['sleep', 'infinity'])
    const shell = scenario.exec('mallory', other, ['bash'], 4000, { tty: 'pts0', lasts: 60_000 })
    const fake = scenario.start({
      at: 5000,
      ppid: shell,
      argv: ['containerd-shim-runc-v2'],
      dev: other.dev,
      owner: 'mallory',
      tty: 'pts0',
    })
    scenario.request('alice', box, ['id'], 6000)
    const call = ['runc', 'exec', '--process', '/p', '--detach', '--pid-file', '/e.pid', box.id]
    const runtime = scenario.start({ at: 6010, ppid: fake, argv: call, dev: other.dev, owner: 'mallory', tty: 'pts0' })
    scenario.start({ at: 6020, ppid: runtime, argv: ['id'], dev: other.dev, owner: 'mallory', tty: 'pts0' })
    expect(wrongNames(scenario)).toBe(0)
    expect(placeOf(scenario.evidence(), 'id').session?.user).toBe('mallory')
  })
})
