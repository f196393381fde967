import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { AuditDecoder } from '@podwitness/audit'

const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))

/** Something a sender had at a moment of the recording. */
export interface RecordedItem {
  /** When it reaches the server, ms of recorded time. */
  readonly arrivalMs: number
  /** A line of a node's batch, or an API event's JSON. */
  readonly line?: object
  readonly apiEvent?: string
  readonly node: string
}

const read = (name: string): Buffer => gunzipSync(readFileSync(RECORDING + name))

/** Numbers from 0 to 1, the same every time. */
function seeded(): () => number {
  let state = 20_261_121
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Every audit event of the recording as its node's agent would send it. */
function auditItems(): RecordedItem[] {
  const items: RecordedItem[] = []
  const decoder = new AuditDecoder({
    onEvent: (event) => {
      const line = { kind: 'audit', boot: 'recorded', via: ['audit.log'], raw64: event.raw().toString('base64') }
      items.push({ arrivalMs: event.timeMs, line, node: event.node ?? '' })
    },
  })
  decoder.push(read('audit.log.gz'))
  decoder.end()
  return items
}

function containerItems(): RecordedItem[] {
  return read('containers.jsonl.gz')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((text) => {
      const container = JSON.parse(text) as { t: number; node?: string }
      const time = new Date(container.t * 1000).toISOString()
      return { arrivalMs: container.t * 1000, line: { kind: 'container', time, container }, node: container.node ?? '' }
    })
}

/** API events, each delayed by up to 120 s of recorded time, so that their order is lost. */
function apiItems(): RecordedItem[] {
  const random = seeded()
  return read('apiserver-audit.log.gz')
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((apiEvent) => {
      const { stageTimestamp } = JSON.parse(apiEvent) as { stageTimestamp: string }
      return { arrivalMs: Date.parse(stageTimestamp) + random() * 120_000, apiEvent, node: '' }
    })
}

function podItems(name: string, arrivalMs: number): RecordedItem[] {
  const list: unknown = JSON.parse(read(name).toString('utf8'))
  return [{ arrivalMs, line: { kind: 'pods', time: new Date(arrivalMs).toISOString(), list }, node: '' }]
}

/** The recording in the order in which it reaches the server, both sides mixed. */
export function recordedStream(): RecordedItem[] {
  const audit = auditItems()
  const first = audit[0]?.arrivalMs ?? 0
  const last = audit.at(-1)?.arrivalMs ?? 0
  const pods = [...podItems('pods-start.json.gz', first), ...podItems('pods-end.json.gz', last)]
  return [...audit, ...containerItems(), ...apiItems(), ...pods].sort((a, b) => a.arrivalMs - b.arrivalMs)
}
