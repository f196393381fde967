import { describe, expect, it } from 'vitest'
import { entriesOf, one, placeOf, wrongNames } from '../testdata/placed.ts'
import { type Box, Scenario } from '../testdata/scenario.ts'

/** Traces as clusters leave them that are set up in other ways than the recorded one. */

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
    scenario.enter(inside, ['curl', 'localhost'], 9000, 'container', { runtimeDev: dind.dev })
    const evidence = scenario.evidence()
    // The client's own words tie what it had started to it; what docker starts by itself nobody asked for.
    expect(placeOf(evidence, 'id').session?.user).toBe('alice')
    expect(placeOf(evidence, 'curl', 'localhost').session?.user).toBe('')
    expect(entriesOf(evidence).filter(([entry]) => entry === 'unrecorded')).toEqual([])
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

describe('pods of several containers', () => {
  it('keeps containers, init and ephemeral ones of one pod apart when all run the same words', () => {
    const scenario = new Scenario()
    const boxes = ['app', 'init', 'debugger'].map((name, at) => scenario.container(name, ['sleep', 'infinity'], 1000 + at * 100))
    const [app, init, debug] = boxes
    if (app === undefined || init === undefined || debug === undefined) throw new Error('three')
    scenario.exec('alice', app, ['sh', '-c', 'id'], 5000)
    scenario.exec('bob', init, ['sh', '-c', 'id'], 5002)
    scenario.exec('carol', debug, ['sh', '-c', 'id'], 5004)
    expect(wrongNames(scenario)).toBe(0)
    expect(entriesOf(scenario.evidence())).toEqual([
      ['exec', 'alice', 'matched'],
      ['exec', 'bob', 'matched'],
      ['exec', 'carol', 'matched'],
    ])
  })

  it('names an entry into a container that lives for a moment only, with nothing but its own records', () => {
    const scenario = new Scenario()
    const box = scenario.container('job', ['/job'], 5000)
    scenario.exec('alice', box, ['/tool'], 5100, { lasts: 10 })
    scenario.container('next', ['/job'], 5300)
    expect(entriesOf(scenario.evidence())).toEqual([['exec', 'alice', 'matched']])
  })
})
