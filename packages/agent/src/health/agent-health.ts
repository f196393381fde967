import { dirname } from 'node:path'
import type { Spool } from '@podwitness/pipeline'
import type { NodeKnowledge } from '../containers/node-knowledge.ts'
import type { CpuBudget } from '../cpu-budget.ts'
import type { EventPump } from '../event-pump.ts'
import { findingLine, heartbeatLine } from '../intake-lines.ts'
import type { Measures } from '../measures.ts'
import type { Machine } from '../node/machine.ts'
import type { NodeKeeper } from '../node/node-keeper.ts'
import type { RunState } from '../run-state.ts'
import type { Shipper } from '../shipper.ts'
import type { Source } from '../source.ts'
import type { SpoolRoom, SpoolRooms } from '../spool-rooms.ts'
import { type AuditStatus, auditFindings, auditStatus, newlyLost } from './audit-status.ts'
import { freeShare } from './disk-space.ts'
import type { HealthSource } from './metrics-server.ts'
import type { PipelineProbe } from './pipeline-probe.ts'

/** How often the kernel is asked for its state, milliseconds: while something happens, while nothing does, and after a route was opened. */
const POLL_MS = { busy: 10_000, quiet: 30_000, opened: 1000 }
/** Events between two polls of a quiet node, at most: each question is a program start by itself. */
const QUIET_EVENTS = 100
const NOTHING_YET = { events: 0, opened: 0, errors: 0 }
/** Nothing sent for this long although there is something to send: a problem. */
const SILENT_MS = 5 * 60_000
const LEAST_FREE = 0.05

export interface HealthParts {
  readonly boot: string
  readonly node: string
  readonly stateFolder: string
  readonly logPaths: readonly string[]
  readonly heartbeatMs: number
  readonly pump: EventPump
  readonly rooms: SpoolRooms
  readonly budget: CpuBudget
  readonly sources: readonly Source[]
  readonly knowledge: NodeKnowledge
  readonly probe: PipelineProbe | undefined
  readonly keeper: NodeKeeper | undefined
  /** The node, where its root file system is mounted. */
  readonly machine: Machine | undefined
  readonly facts: Readonly<Record<string, string>>
  /** What the kernel had lost when the agent ran last in this boot. */
  readonly kernelBefore: RunState['kernel']
  say(text: string): void
}

/** Counts of every hop, in one place: for `/metrics`, for the heartbeat, and as losses and findings where they tell of one. */
export class AgentHealth implements HealthSource {
  /** Set when the output is there. */
  shipper: Shipper | undefined
  readonly #parts: HealthParts
  readonly #startedMs = Date.now()
  #status: AuditStatus | undefined
  #statusMs = Date.now()
  #free: Record<string, number> = {}
  #polled = { atMs: 0, ...NOTHING_YET }
  #beatMs = 0

  constructor(parts: HealthParts) {
    this.#parts = parts
    if (parts.kernelBefore !== null) {
      this.#status = { lost: parts.kernelBefore.lost }
      this.#statusMs = parts.kernelBefore.atMs
    }
  }

  /** What the kernel had lost when it was last asked; null where it never was. */
  get kernel(): RunState['kernel'] {
    return this.#status?.lost === undefined ? null : { lost: this.#status.lost, atMs: this.#statusMs }
  }

  /** Called every second. */
  async tick(nowMs: number): Promise<void> {
    const { probe, rooms } = this.#parts
    if (probe?.tick(nowMs) === true) {
      const text =
        'A program that the agent started did not come back as an event: the way from the kernel is broken, or execve is not audited.'
      await rooms.keep([findingLine(nowMs, 'pipeline_probe_missed', text)])
    }
    if (nowMs >= this.#polled.atMs + this.#pollMs()) {
      this.#polled = { atMs: nowMs, ...this.#stir() }
      await this.#poll(nowMs)
    }
    if (nowMs >= this.#beatMs) {
      this.#beatMs = nowMs + this.#parts.heartbeatMs
      await this.#beat(nowMs)
    }
  }

  measures(): Measures {
    const { pump, rooms, budget, sources, knowledge, probe } = this.#parts
    const { events, high, bulk, late, redacted, rejects, leftOut } = pump.counters
    const measures: Record<string, number> = {
      uptime_seconds: Math.floor((Date.now() - this.#startedMs) / 1000),
      resident_bytes: process.memoryUsage.rss(),
      cpu_seconds_total: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
      cpu_waited_seconds_total: budget.waitedMs / 1000,
      events_total: events,
      lines_high_total: high,
      lines_bulk_total: bulk,
      late_total: late,
      ...(redacted === undefined ? {} : { redacted_total: redacted, redacted_whole_total: pump.hiddenWhole ?? 0 }),
      duplicates_total: pump.duplicates,
      serials_missing: pump.missing,
      containers: knowledge.containerCount,
      processes: knowledge.processes.size,
    }
    for (const [name, count] of Object.entries(rejects)) measures[`rejects_${name}_total`] = count
    for (const [name, count] of Object.entries(leftOut)) measures[`left_out_${name}_total`] = count
    for (const { name, counters } of sources) {
      for (const [counter, value] of Object.entries(counters)) {
        const suffix = counter === 'behindBytes' ? 'behind_bytes' : `${counter}_total`
        measures[`source_${name}_${suffix}`] = (measures[`source_${name}_${suffix}`] ?? 0) + value
      }
    }
    for (const [lane, spool] of rooms.all.flatMap(spoolsOf)) {
      measures[`spool_${lane}_bytes`] = spool.bytes
      measures[`spool_${lane}_unsent_bytes`] = spool.unsentBytes
      measures[`spool_${lane}_appended_total`] = spool.counters.appended
      measures[`spool_${lane}_acked_total`] = spool.counters.acked
      measures[`spool_${lane}_dropped_total`] = spool.counters.dropped
      measures[`spool_${lane}_write_errors_total`] = spool.counters.writeErrors
    }
    for (const [name, value] of Object.entries(this.shipper?.counters ?? {})) measures[`shipped_${snake(name)}_total`] = value
    for (const [name, value] of Object.entries(this.#status ?? {})) measures[`kernel_audit_${name}`] = value
    for (const [name, value] of Object.entries(this.#free)) measures[`disk_free_share_${name}`] = value
    if (probe !== undefined)
      Object.assign(measures, { probe_last_ms: probe.lastMs, probes_total: probe.sent, probes_missed_total: probe.missed })
    return { ...measures, ...this.#parts.keeper?.measures() }
  }

  unready(): string[] {
    return this.#parts.keeper?.problems() ?? []
  }

  problems(): string[] {
    const { rooms, probe } = this.#parts
    const problems: string[] = []
    for (const { refusal } of rooms.spools) if (refusal !== undefined) problems.push(`spool: ${refusal}`)
    const silentMs = Date.now() - (this.shipper?.lastSentMs || this.#startedMs)
    if (this.shipper?.trouble !== undefined && silentMs > SILENT_MS) problems.push(`output: ${this.shipper.trouble}`)
    if (this.#status !== undefined && this.#status.enabled === 0) problems.push('kernel: auditing is off')
    if (probe?.failing === true) problems.push('probe: the last one did not come back')
    for (const [name, share] of Object.entries(this.#free)) {
      if (share >= 0 && share < LEAST_FREE) problems.push(`disk: ${name} has ${Math.round(share * 100)} % left`)
    }
    return problems
  }

  /** A node where nothing happens has nothing to lose; auditd that ends closes its socket. */
  #pollMs(): number {
    const { events, opened, errors } = this.#stir()
    if (opened !== this.#polled.opened) return POLL_MS.opened
    return events - this.#polled.events > QUIET_EVENTS || errors !== this.#polled.errors ? POLL_MS.busy : POLL_MS.quiet
  }

  #stir(): typeof NOTHING_YET {
    const { pump, sources } = this.#parts
    const sum = (of: (source: Source) => number): number => sources.reduce((total, source) => total + of(source), 0)
    return {
      events: pump.counters.events,
      opened: sum(({ counters }) => counters.opened),
      errors: sum(({ counters }) => counters.errors),
    }
  }

  async #poll(nowMs: number): Promise<void> {
    const { stateFolder, logPaths, rooms, pump, boot, machine, keeper, say } = this.#parts
    this.#free = { state: await freeShare(stateFolder) }
    for (const path of logPaths) this.#free.audit_log = await freeShare(dirname(path))
    const now = await auditStatus(machine)
    if (now === undefined) return
    const before = this.#status
    const sinceMs = this.#statusMs
    this.#status = now
    this.#statusMs = nowMs
    const lost = newlyLost(before, now)
    if (lost > 0) {
      const id = `kernel ${sinceMs} ${now.lost}`
      const reason = 'the kernel dropped records (lost in auditctl -s): its backlog was full or its rate limit was reached'
      await pump.loss({ id, boot, hop: 'kernel', sinceMs, untilMs: nowMs, count: lost, reason })
    }
    const findings = auditFindings(before, now)
    for (const { text } of findings) say(text)
    if (findings.length > 0) keeper?.wake()
    if (findings.length > 0) await rooms.keep(findings.map(({ rule, text }) => findingLine(nowMs, rule, text)))
  }

  async #beat(timeMs: number): Promise<void> {
    const { boot, rooms, facts, keeper } = this.#parts
    const known = { ...facts, ...keeper?.facts() }
    await rooms.pass(heartbeatLine({ boot, timeMs, counters: this.measures(), facts: known }))
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The spools of a room with the names of their measures. */
function spoolsOf({ name, lanes }: SpoolRoom): (readonly [string, Spool])[] {
  const begin = name === '' ? '' : `${name}_`
  return [
    [`${begin}high`, lanes.high],
    [`${begin}bulk`, lanes.bulk],
  ]
}
