import { setMaxListeners } from 'node:events'
import { createAuditDecoder, type DecodedEvent } from '@podwitness/audit'
import { pause } from '@podwitness/pipeline'
import { closeAuditLine, type OpenLine, openAuditLine, openRawLine, releaseLine } from './audit-line.ts'
import type { CpuBudget } from './cpu-budget.ts'
import { GapTracker, type Hole } from './gap-tracker.ts'
import { type LossLine, lossLine, recordsOf } from './intake-lines.ts'
import { type LaneName, type Lanes, laneOf } from './lanes.ts'
import { isDaemon, type Routed, RouteMerge, type Routes } from './route-merge.ts'
import type { SourceName, SourceSink } from './source.ts'
import type { SpoolRooms } from './spool-rooms.ts'

const MAX_NODES = 64
/** How often events that wait for other routes are looked at, milliseconds; at shorter waits more often. */
const DUE_EVERY_MS = 100
const LEAST_DUE_MS = 20
const FAREWELL_MS = 3000
/** Of each lane; more than what is read twice after a kill. */
const REMEMBERED_BYTES = 32 * 1024 * 1024
/** Bytes that may be on their way to the disk before sources have to wait. */
const MAX_PENDING_BYTES = 2 * 1024 * 1024

/** What decides about an event before it is stored. */
export interface EventStages {
  /** Learns from every event of this node, also from those that are left out. Other nodes have the same pids for other processes. */
  observe?(event: DecodedEvent): void
  /**
   * Why the event is left out; undefined to keep it.
   *
   * @param node Whose event it is: empty for this node's own.
   */
  leaveOut?(event: DecodedEvent, node: string): string | undefined
  /** Where the event's process was, JSON; undefined on the host, and where that is not known. Asked of this node's events only. */
  place?(event: DecodedEvent): string | undefined
  /** The bytes to keep in place of the event's records; undefined where they may stay as they are. */
  redact?(event: DecodedEvent): Buffer | undefined
  /** Command lines that were hidden whole so far. */
  hiddenWhole?(): number
}

/** An event that was looked at: its line, or the rule that leaves it out. */
type KeptEvent =
  | {
      readonly lanes: Lanes
      readonly lane: LaneName
      readonly line: OpenLine
      readonly redacted: boolean
      readonly place: string | undefined
    }
  | { readonly why: string }

/** What the pump has counted since the start. */
export interface PumpCounters {
  events: number
  high: number
  bulk: number
  /** Records that came after their event had been given out, and were shipped as an addition to it. */
  late: number
  /** Events with text that was hidden; undefined where nothing is. */
  redacted?: number
  rejects: Record<string, number>
  leftOut: Record<string, number>
}

export interface PumpParts {
  readonly rooms: SpoolRooms
  readonly boot: string
  readonly routes: Routes
  /** What this node calls itself. */
  readonly names: ReadonlySet<string>
  readonly stages: EventStages
  /** Highest serial of each node before the restart, and what was missing then. */
  readonly highest: Readonly<Record<string, number>>
  readonly holes: Readonly<Record<string, readonly Hole[]>>
  /** What all work has to keep to. */
  readonly budget: CpuBudget
  say(text: string): void
}

/** Takes the events of all routes, makes one of each, and puts it on the disk. */
export class EventPump {
  readonly counters: PumpCounters = { events: 0, high: 0, bulk: 0, late: 0, rejects: {}, leftOut: {} }
  readonly #parts: PumpParts
  readonly #merge: RouteMerge<KeptEvent>
  /** Lines that were not given to their spool yet. */
  readonly #lines = new Map<Lanes, Record<LaneName, Buffer[]>>()
  /** Lanes of sources that bring events which others bring too. */
  readonly #sharing = new Set<Lanes>()
  /** Where what is being taken goes, and whose it is: empty for this node's own. */
  #into: Lanes
  #from = ''
  readonly #gaps = new Map<string, GapTracker>()
  readonly #untold = new Set<LossLine>()
  /** Appends that are not durable yet, in their order, and since when. */
  readonly #appending = new Map<Promise<unknown>, { readonly sinceMs: number; readonly lanes: Lanes }>()
  /** Runs only while events wait for other routes. */
  #timer: NodeJS.Timeout | undefined
  readonly #closing = new AbortController()
  /** Makes `untold` durable before a loss goes to the spool, so that a crash in between tells it neither never nor twice. */
  noteUntold: () => Promise<void> = async () => {}
  /** When the newest event was taken, milliseconds since the Unix epoch; 0 none was. */
  lastEventMs = 0

  constructor(parts: PumpParts) {
    this.#parts = parts
    setMaxListeners(0, this.#closing.signal) // Each read of a socket waits by itself.
    this.#into = parts.rooms.shared
    this.#merge = new RouteMerge(
      parts.routes,
      (event) => this.#keep(event),
      (kept) => 'line' in kept && releaseLine(kept.line.buffer),
    )
    for (const [node, highest] of Object.entries(parts.highest))
      this.#gaps.set(node, new GapTracker(highest, parts.holes[node], Date.now()))
    if (parts.stages.redact !== undefined) this.counters.redacted = 0
  }

  /** Notes events that a killed agent had put on the disk: a log is read again from a little before its end. */
  async rememberSpooled(): Promise<void> {
    const onEvent = (event: DecodedEvent): void => this.#merge.remember(event, this.#nodeOf(event.node, 'syslog'))
    const decoder = createAuditDecoder({ onEvent, transient: true })
    for (const spool of this.#parts.rooms.spools) {
      for await (const payload of spool.recent(REMEMBERED_BYTES)) {
        const raw = recordsOf(payload)
        if (raw === undefined) continue
        decoder.push(raw)
        decoder.end()
      }
    }
  }

  /** Where a source puts its events. @param lanes Its own, or the shared ones. */
  sinkOf(lanes: Lanes): SourceSink {
    return {
      take: (event, from) => this.#take(event, from, lanes),
      room: () => this.#room(lanes),
      unsafeSinceMs: (from) => Math.min(this.#unsafeSinceMs(lanes), this.#merge.waitingSinceMs(from)),
      reject: (code, from) => this.reject(code, from),
      say: (text) => this.say(text),
    }
  }

  #take(event: DecodedEvent, from: SourceName, lanes: Lanes): void {
    const now = Date.now()
    this.lastEventMs = now
    this.#into = lanes
    const node = this.#nodeOf(event.node, from)
    this.#from = node
    if (!event.late && !isDaemon(event.main.type.number)) this.#gapsOf(node)?.note(event.seq, event.timeMs, now)
    const before = this.#merge.duplicates
    const merged = this.#merge.add(event, { from, node, nowMs: now })
    if (this.#merge.duplicates > before) this.#sharing.add(lanes)
    if (merged !== undefined) this.#put(merged)
    this.#awaitDue()
  }

  /** Events of a source may be kept with another's, which brought them first: its own room is what it waits for. */
  async #room(lanes: Lanes): Promise<void> {
    this.#store()
    await this.#parts.budget.ready(this.#closing.signal)
    while (Math.max(lanes.high.pendingBytes, lanes.bulk.pendingBytes) > MAX_PENDING_BYTES) {
      const oldest = [...this.#appending].find(([, appended]) => appended.lanes === lanes)
      if (oldest === undefined) return
      await oldest[0]
    }
  }

  reject(code: string, from: SourceName): void {
    const name = `${from}.${code}`
    this.counters.rejects[name] = (this.counters.rejects[name] ?? 0) + 1
  }

  say(text: string): void {
    this.#parts.say(text)
  }

  /** A source is safe when its own events are, and those of others where it brought the same. */
  #unsafeSinceMs(own: Lanes): number {
    const shares = this.#sharing.has(own)
    for (const { sinceMs, lanes } of this.#appending.values()) if (shares || lanes === own) return sinceMs
    return Number.POSITIVE_INFINITY
  }

  /** Copies of events that came by more than one route. */
  get duplicates(): number {
    return this.#merge.duplicates
  }

  /** Command lines that were hidden whole; undefined where nothing is hidden. */
  get hiddenWhole(): number | undefined {
    return this.#parts.stages.hiddenWhole?.()
  }

  /** Serials missing at the moment; they may still come. */
  get missing(): number {
    let sum = 0
    for (const gaps of this.#gaps.values()) sum += gaps.missing
    return sum
  }

  /** Highest serial of each node, for the next start. */
  get highest(): Record<string, number> {
    return Object.fromEntries([...this.#gaps].map(([node, { highest }]) => [node, highest]))
  }

  /** What is missing at the moment, for the next start. */
  get holes(): Record<string, Hole[]> {
    return Object.fromEntries([...this.#gaps].flatMap(([node, { holes }]) => (holes.length > 0 ? [[node, holes]] : [])))
  }

  /** Losses on their way to the disk, for the next start. */
  get untold(): LossLine[] {
    return [...this.#untold]
  }

  /** Serials that no route has brought since `beforeMs`, and whose they are. */
  lost(beforeMs: number): { node: string; hole: Hole }[] {
    return [...this.#gaps].flatMap(([node, gaps]) => gaps.lost(beforeMs).map((hole) => ({ node, hole })))
  }

  /** Puts losses of other hops on the disk. */
  async loss(...losses: readonly LossLine[]): Promise<void> {
    for (const loss of losses) this.#untold.add(loss)
    await this.noteUntold()
    await this.#parts.rooms.keep(losses.map(lossLine))
    for (const loss of losses) this.#untold.delete(loss)
  }

  /** Stores what waits for other routes, and ends. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    this.#storeDue(Number.POSITIVE_INFINITY)
    const stored = Promise.all(this.#appending.keys())
    await Promise.race([stored, pause(FAREWELL_MS)]) // A disk that takes nothing must not keep the agent from ending.
  }

  /** What is needed of an event when its memory is used again. */
  #keep(event: DecodedEvent): KeptEvent {
    const { stages } = this.#parts
    const own = this.#from === ''
    if (own) stages.observe?.(event)
    const why = stages.leaveOut?.(event, this.#from)
    if (why !== undefined) return { why }
    const hidden = stages.redact?.(event)
    const lane = laneOf(event)
    const place = own ? stages.place?.(event) : undefined
    return hidden === undefined
      ? { lanes: this.#into, lane, line: openAuditLine(event), redacted: false, place }
      : { lanes: this.#into, lane, line: openRawLine(hidden), redacted: true, place }
  }

  #put(routed: Routed<KeptEvent>): void {
    this.#putOne(routed)
    for (const kept of routed.additions ?? []) this.#putOne({ kept, via: routed.via, late: true })
  }

  #putOne({ kept, via, late }: Routed<KeptEvent>): void {
    this.counters.events++
    if ('why' in kept) {
      this.counters.leftOut[kept.why] = (this.counters.leftOut[kept.why] ?? 0) + 1
      return
    }
    if (kept.redacted) this.counters.redacted = (this.counters.redacted ?? 0) + 1
    if (late) this.counters.late++
    this.counters[kept.lane]++
    const { line, place } = kept
    const tail = { boot: this.#parts.boot, via, late, ...(place === undefined ? {} : { place }) }
    this.#linesOf(kept.lanes)[kept.lane].push(closeAuditLine(line, tail))
  }

  /** Comes back as long as events wait for other routes; a timer that always ran would cost an idle node most of what the agent does. */
  #awaitDue(): void {
    if (this.#timer !== undefined || this.#merge.waiting === 0 || this.#closing.signal.aborted) return
    const { waitMs } = this.#parts.routes
    const due = (): void => {
      this.#timer = undefined
      this.#storeDue(Date.now())
      this.#awaitDue()
    }
    this.#timer = setTimeout(due, Math.min(DUE_EVERY_MS, Math.max(LEAST_DUE_MS, waitMs)))
  }

  #storeDue(nowMs: number): void {
    for (const routed of this.#merge.due(nowMs)) this.#put(routed)
    this.#store()
  }

  #linesOf(lanes: Lanes): Record<LaneName, Buffer[]> {
    let lines = this.#lines.get(lanes)
    if (lines === undefined) {
      lines = { high: [], bulk: [] }
      this.#lines.set(lanes, lines)
    }
    return lines
  }

  #store(): void {
    for (const [lanes, { high, bulk }] of this.#lines) {
      const appended = Promise.all([lanes.high.append(high), lanes.bulk.append(bulk)])
        .catch((error: Error) => this.say(`Lines could not be kept: ${error.message}`))
        .finally(() => {
          this.#appending.delete(appended)
          for (const line of high) releaseLine(line)
          for (const line of bulk) releaseLine(line)
        })
      this.#appending.set(appended, { sinceMs: Date.now(), lanes })
    }
    this.#lines.clear()
  }

  /**
   * Whose event it is: empty for this node's own. auditd's socket and log and the journal are this node's; a syslog message
   * has a host in front, and journald and auditd's `name_format` put a name of the node there.
   */
  #nodeOf(node: string | null, from: SourceName): string {
    if (node === null || (from !== 'syslog' && from !== 'stdin')) return ''
    return this.#parts.names.has(node) ? '' : node
  }

  #gapsOf(node: string): GapTracker | undefined {
    const known = this.#gaps.get(node)
    if (known !== undefined || this.#gaps.size >= MAX_NODES) return known
    const made = new GapTracker()
    this.#gaps.set(node, made)
    return made
  }
}
