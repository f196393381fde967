import type { RefusalCounts } from '../limits/refusal-counts.ts'
import type { LiveIntake } from './live-intake.ts'

interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
}

/** What is counted. */
export interface Measured {
  /** Absent where nothing is taken in. */
  readonly intake: LiveIntake | undefined
  /** What the page's listener refused. */
  readonly refused: RefusalCounts
}

/** What the server counts, in Prometheus' text format (version 0.0.4). @param nowMs Milliseconds since the epoch. */
export function metricsText({ intake, refused }: Measured, nowMs: number): string {
  const taken = intake === undefined ? [] : [...writing(intake), ...deriving(intake), ...senders(intake, nowMs)]
  return [...ownProcess(refused), ...taken].map(textOf).join('')
}

function ownProcess(refused: RefusalCounts): Metric[] {
  const { rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    gauge('process_resident_memory_bytes', 'Memory of the server without its engine.', rss),
    counter('process_cpu_seconds_total', 'CPU time of the server without its engine.', (user + system) / 1e6),
    gauge('process_start_time_seconds', 'When it began, since the epoch.', Math.round(performance.timeOrigin / 1000)),
    {
      name: 'podwitness_http_refused_total',
      help: 'Requests to the page and the API that were not answered as asked, by code.',
      type: 'counter',
      values: refused.list().map(({ code, count }) => ({ labels: { code }, value: count })),
    },
  ]
}

function writing({ parts: { writer, rejects } }: LiveIntake): Metric[] {
  const { groups, parcels, duplicates, events, refusedBusy, refusedStore } = writer.counters
  return [
    counter('podwitness_intake_groups_total', 'Durable writes.', groups),
    counter('podwitness_intake_batches_total', 'Batches and lists stored, repeats included.', parcels),
    counter('podwitness_intake_duplicate_batches_total', 'Batches that had been stored before.', duplicates),
    counter('podwitness_intake_events_total', 'Events stored that were new.', events),
    counter('podwitness_intake_busy_total', 'Batches sent back because too much waited.', refusedBusy),
    counter('podwitness_intake_store_failures_total', 'Batches sent back because the store did not take them.', refusedStore),
    gauge('podwitness_intake_waiting_bytes', 'Memory of what waits to be stored.', writer.waitingBytes),
    {
      name: 'podwitness_intake_refused_total',
      help: 'Lines, items and requests that were not taken.',
      type: 'counter',
      values: rejects.counts().map(({ source, code, count }) => ({ labels: { source, code }, value: count })),
    },
  ]
}

function deriving({ derivation }: LiveIntake): Metric[] {
  const { rounds, failures, changedRows, lastMs, totalMs } = derivation.counters
  return [
    counter('podwitness_derive_rounds_total', 'Rounds in which sessions were worked out.', rounds),
    counter('podwitness_derive_failures_total', 'Rounds that failed and were repeated.', failures),
    counter('podwitness_derive_changed_rows_total', 'Rows that were new or differed.', changedRows),
    counter('podwitness_derive_seconds_total', 'Time spent on rounds.', totalMs / 1000),
    gauge('podwitness_derive_last_seconds', 'Length of the last round.', lastMs / 1000),
  ]
}

function senders({ silence }: LiveIntake, nowMs: number): Metric[] {
  return [
    {
      name: 'podwitness_sender_silent_seconds',
      help: 'Time since a node, or with an empty node an API log, was heard.',
      type: 'gauge',
      values: silence
        .voices()
        .map(({ cluster, node, lastMs }) => ({ labels: { cluster, node }, value: (nowMs - lastMs) / 1000 })),
    },
  ]
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: 'counter', values: [{ value }] }
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', values: [{ value }] }
}

function textOf({ name, help, type, values }: Metric): string {
  const lines = values.map(({ labels = {}, value }) => {
    const inner = Object.entries(labels).map(
      ([key, text]) => `${key}="${text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
    )
    return `${name}${inner.length === 0 ? '' : `{${inner.join(',')}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
