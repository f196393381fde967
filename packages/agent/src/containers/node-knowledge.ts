import { basename } from 'node:path'
import type { DecodedEvent } from '@podwitness/audit'
import { Bell, pause } from '@podwitness/pipeline'
import { containerLine, processLine } from '../intake-lines.ts'
import type { ContainerFact } from './cri-client.ts'
import type { PodWatch } from './pod-watch.ts'
import type { ProcessFact, ProcFiles } from './proc-files.ts'
import { isRuntime, ProcessTable } from './process-table.ts'

/** How often the runtime is asked, milliseconds; at once when a container is being made. */
const ASK_EVERY_MS = 5000
const SOON_MS = 200
/** Unknown parents looked up in /proc, in each such time. */
const LOOK_UPS = 100
/** How long a container that is gone is remembered here, and how many; the server remembers them all. */
const REMEMBERED_MS = 15 * 60_000
const MOST_GONE = 4096

/** A runtime that can be asked. */
interface ContainerRuntime {
  /** Undefined where there is none yet: then nothing is known, and nothing is gone. */
  list(): Promise<ContainerFact[] | undefined>
}

export interface KnowledgeParts {
  readonly boot: string
  readonly proc: ProcFiles
  readonly runtime: ContainerRuntime | undefined
  readonly pods: PodWatch | undefined
  /** Whether a filter asks for containers, so that each must be known at once. */
  readonly lookUp: boolean
  /** Hides secrets in arguments before they leave the node; nothing is hidden without it. */
  hide?(words: readonly string[]): readonly string[]
  keep(lines: readonly Buffer[]): Promise<void>
  say(text: string): void
}

/** What a node knows of its containers and processes beside audit; what is new goes to the server as lines. */
export class NodeKnowledge {
  readonly processes: ProcessTable
  readonly #parts: KnowledgeParts
  readonly #containers = new Map<string, ContainerFact>()
  /** Containers that are gone, by id: records of them still come, late or after an outage. */
  readonly #gone = new Map<string, { fact: ContainerFact; untilMs: number }>()
  /** Containers that had ended when they were first heard of, and were told. */
  #ended = new Set<string>()
  #askAtMs = 0
  /** Parents that were read since they were last told of, and how many were sought. */
  #met: ProcessFact[] = []
  #read = 0
  /** Rung when there is a parent to tell of, or the runtime to be asked earlier. */
  readonly #due = new Bell()
  #told = ''

  constructor(parts: KnowledgeParts) {
    this.#parts = parts
    this.processes = new ProcessTable(parts.proc, parts.lookUp)
  }

  get containerCount(): number {
    return this.#containers.size
  }

  container(id: string): ContainerFact | undefined {
    return this.#containers.get(id) ?? this.#gone.get(id)?.fact
  }

  /** Learns from an event; parents that nobody saw start are looked up. */
  observe(event: DecodedEvent): void {
    const { pid, ppid, comm } = event
    if (pid > 0 && ppid > 1 && !this.processes.has(ppid)) this.#meet(ppid, event.timeMs)
    this.processes.learn(event)
    const soonMs = isRuntime(comm) ? Date.now() + SOON_MS : Number.POSITIVE_INFINITY
    if (soonMs >= this.#askAtMs) return
    this.#askAtMs = soonMs
    this.#due.ring()
  }

  /** A parent that no program start has told of, as a subshell has none, is read at once: its child may be gone in a moment. */
  #meet(ppid: number, timeMs: number): void {
    if (this.#read >= LOOK_UPS) return
    this.#read++
    this.#due.ring()
    const fact = this.#parts.proc.read(ppid, timeMs)
    if (fact === undefined) return
    this.#learn(fact)
    this.#met.push(fact)
  }

  /** Reads every process, then keeps asking, until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { proc, keep } = this.#parts
    const facts = proc.pids().flatMap((pid) => proc.read(pid) ?? [])
    for (const fact of facts) this.#learn(fact)
    await keep(facts.map((fact) => this.#line(fact)))
    await Promise.all([this.#parts.pods?.follow(signal), this.#keepAsking(signal)])
  }

  async #keepAsking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tellMet()
      if (Date.now() >= this.#askAtMs) await this.#ask()
      await pause(SOON_MS, signal)
      await this.#due.heard(signal, Math.max(0, this.#askAtMs - Date.now()))
    }
  }

  /** What must be known again after a restart. */
  state(): { containers: readonly ContainerFact[]; processes: [number, number, string][] } {
    return { containers: [...this.#containers.values()], processes: this.processes.entries() }
  }

  /** Takes over what was known before a restart in the same boot. */
  restore(state: { containers: readonly ContainerFact[]; processes: readonly [number, number, string][] }): void {
    for (const fact of state.containers) this.#containers.set(fact.id, fact)
    for (const [pid, ppid, containerId] of state.processes) this.processes.set(pid, { ppid, containerId })
  }

  async #tellMet(): Promise<void> {
    const facts = this.#met
    this.#met = []
    this.#read = 0
    if (facts.length > 0) await this.#parts.keep(facts.map((fact) => this.#line(fact)))
  }

  #learn({ pid, ppid, exe, place }: ProcessFact): void {
    this.processes.noteRoot(place.containerId, pid)
    this.processes.set(pid, { ppid, containerId: place.containerId, asked: true, runtime: isRuntime(basename(exe)) })
  }

  async #ask(): Promise<void> {
    this.#askAtMs = Date.now() + ASK_EVERY_MS
    const { runtime, pods, keep, say } = this.#parts
    let facts: ContainerFact[] | undefined
    try {
      facts = await runtime?.list()
    } catch (error) {
      const { message } = error as Error
      if (this.#told !== message) say(`The container runtime does not answer: ${message}.`)
      this.#told = message
      return
    }
    if (facts === undefined) {
      await pods?.look([], Date.now())
      return
    }
    this.#told = ''
    const now = Date.now()
    const lines: Buffer[] = []
    const { running, ended } = this.#sorted(facts)
    for (const { endedMs = now, ...fact } of ended) {
      this.#ended.add(fact.id)
      this.#remember(fact, now)
      lines.push(this.#containerLine(fact, now), goneLine(fact.id, endedMs, now))
    }
    for (const fact of running.values()) {
      if (this.#containers.get(fact.id)?.initPid === fact.initPid) continue
      this.#containers.set(fact.id, fact)
      lines.push(this.#containerLine(fact, now))
    }
    for (const [id, fact] of this.#containers) {
      if (running.has(id)) continue
      this.#containers.delete(id)
      this.#remember(fact, now)
      lines.push(goneLine(id, facts.find((each) => each.id === id)?.endedMs ?? now, now))
    }
    await keep(lines)
    await pods?.look(facts, now)
  }

  /** What runs, and what has ended before anybody could ask for it: a short-lived container has a name too. */
  #sorted(facts: readonly ContainerFact[]): { running: Map<string, ContainerFact>; ended: ContainerFact[] } {
    const listed = new Set(facts.map(({ id }) => id))
    this.#ended = new Set([...this.#ended].filter((id) => listed.has(id)))
    return {
      running: new Map(facts.flatMap((fact) => (fact.endedMs === undefined ? [[fact.id, fact] as const] : []))),
      ended: facts.filter(({ id, endedMs }) => {
        return endedMs !== undefined && !this.#containers.has(id) && !this.#gone.has(id) && !this.#ended.has(id)
      }),
    }
  }

  #remember(fact: ContainerFact, nowMs: number): void {
    this.#gone.set(fact.id, { fact, untilMs: nowMs + REMEMBERED_MS })
    for (const [id, { untilMs }] of this.#gone) {
      if (this.#gone.size <= MOST_GONE && untilMs > nowMs) break
      this.#gone.delete(id)
    }
  }

  #hide(words: readonly string[]): readonly string[] {
    return this.#parts.hide?.(words) ?? words
  }

  #containerLine(fact: ContainerFact, nowMs: number): Buffer {
    return containerLine(nowMs, { t: nowMs / 1000, ...fact, args: this.#hide(fact.args) })
  }

  #line(fact: ProcessFact): Buffer {
    const { place, ...process } = fact
    return processLine({
      ...process,
      argv: this.#hide(process.argv),
      boot: this.#parts.boot,
      timeMs: Date.now(),
      cgroup: place.path,
      containerId: place.containerId,
    })
  }
}

function goneLine(id: string, endedMs: number, nowMs: number): Buffer {
  return containerLine(nowMs, { t: endedMs / 1000, kind: 'gone', id })
}
