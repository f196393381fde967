/**
 * How long it takes from a command, or an entry, to the message at the channel. Run:
 * npx tsx --conditions=podwitness-source bench/alert-times.bench.ts
 *
 * The bundled recording (128 s) is played in real time with its times moved to now: the node's lines go to the intake
 * over TLS each second, as an agent sends them at the latest; the API server's events in batches of 30 s, its webhook's
 * default. From there everything is what a server does: derivation, the guide's two rules each minute, the second one
 * also on the stream, and a webhook. A delay is the arrival of the message less the time of the event that its row names.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorFake } from '../packages/alert/testdata/vendor-fake.ts'
import { AlertDesk, AlertLoop, startLiveIntake } from '../packages/server/src/index.ts'
import { SenderClient } from '../packages/server/src/intake/testing/sender-client.ts'
import { openStore } from '../packages/store/src/index.ts'
import { type RecordedItem, recordedStream } from '../tests/recorded-stream.ts'

const WEBHOOK_MS = 30_000
const CLUSTER = 'bench'
/** After the last event: a minute for the rule, and time for what is late. */
const AFTER_MS = 75_000

const folder = mkdtempSync(join(tmpdir(), 'podwitness-bench-'))
const guide = readFileSync(new URL('../rules/ack-container-audit.yaml', import.meta.url), 'utf8').split('---\n')

/** Rules that tell the webhook of their name; one of them as soon as something arrives. */
function rulesYaml(url: string): string {
  const [enter = '', danger = ''] = guide
  const onStream = danger.replace(/^id: .*$/m, 'id: danger-on-stream').replace(/^check: .*$/m, 'check: stream')
  const told = [enter, danger, onStream].map((yaml) => {
    const id = /^id: (.*)$/m.exec(yaml)?.[1] ?? ''
    return [`kind: channel\nid: ${id}\ntype: webhook\noptions: {url: "${url}/${id}"}\n`, `${yaml.trim()}\nnotify: [${id}]\n`]
  })
  return told.flat().join('---\n')
}

/** The item with its times moved. */
function moved(item: RecordedItem, byMs: number): RecordedItem {
  const seconds = (text: string) => (Number(text) + byMs / 1000).toFixed(3)
  const iso = (text: string) =>
    text.replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, (at) => JSON.stringify(new Date(Date.parse(at.slice(1, -1)) + byMs)))
  const line = item.line as { raw64?: string; container?: { t: number } } | undefined
  const raw = line?.raw64 === undefined ? '' : Buffer.from(line.raw64, 'base64').toString('latin1')
  const shifted = raw.replace(/audit\((\d+\.\d+):/g, (_, at: string) => `audit(${seconds(at)}:`)
  return {
    ...{ arrivalMs: item.arrivalMs + byMs, node: item.node },
    ...(line === undefined
      ? {}
      : {
          line:
            line.raw64 === undefined
              ? JSON.parse(iso(JSON.stringify(line)))
              : { ...line, raw64: Buffer.from(shifted, 'latin1').toString('base64') },
        }),
    ...(item.apiEvent === undefined ? {} : { apiEvent: iso(item.apiEvent) }),
  }
}

const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
const arrivedAt: { rule: string; alertId: string; atMs: number }[] = []
const fake = await vendorFake(({ path, body }) => {
  arrivedAt.push({ rule: path.slice(1), alertId: String((JSON.parse(body) as { incident: string }).incident), atMs: Date.now() })
  return { status: 200, body: 'ok' }
})
const intake = await startLiveIntake(store, { folder, host: '127.0.0.1', port: 0 })
const { tokens, authority } = intake.parts
const stranger = new SenderClient(intake.port, authority.certificate)
const node = await stranger.join(
  tokens.create({ kind: 'join', cluster: CLUSTER, name: '' }, authority.fingerprint).text,
  CLUSTER,
  'k8s-node-1',
)
const bearer = { authorization: `Bearer ${tokens.create({ kind: 'apiserver', cluster: CLUSTER, name: '' }, '').text}` }
const loop = new AlertLoop(store, { origin: 'http://pw', send: { allowTargets: [fake.host], env: {} } })

/** Sends what is due, second by second, until all is sent. */
async function play(): Promise<void> {
  // The API server's own order: what the recorded stream delays at random is put back, and waits for its batch instead.
  const items = recordedStream().map((item) =>
    item.apiEvent === undefined
      ? item
      : { ...item, arrivalMs: Date.parse((JSON.parse(item.apiEvent) as { stageTimestamp: string }).stageTimestamp) },
  )
  items.sort((a, b) => a.arrivalMs - b.arrivalMs)
  const began = Date.now()
  const byMs = began - (items[0]?.arrivalMs ?? 0)
  let waiting: string[] = []
  let nextWebhook = began + WEBHOOK_MS
  let at = 0
  for (let batch = 0; at < items.length || waiting.length > 0; batch++) {
    const lines: object[] = []
    for (let item = items[at]; item !== undefined && item.arrivalMs + byMs <= Date.now(); item = items[++at]) {
      const { line, apiEvent } = moved(item, byMs)
      if (line !== undefined) lines.push(line)
      if (apiEvent !== undefined) waiting.push(apiEvent)
    }
    if (lines.length > 0) await node.batch(`bench.1.${batch}`, lines)
    if (Date.now() >= nextWebhook || at >= items.length) {
      nextWebhook = Date.now() + WEBHOOK_MS
      const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${waiting.join(',')}]}`
      const { status } = await stranger.post(`/intake/v1/apiserver/${CLUSTER}`, list, bearer)
      if (status !== 200) throw new Error(`the API server's batch was answered ${status}`)
      waiting = []
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Seconds after the event until it was stored, until its session was, until it alerted, until the channel had it. */
interface Stages {
  readonly stored: number
  readonly placed: number
  readonly alerted: number
  readonly told: number
}

async function stagesOf(rule: string): Promise<Stages[]> {
  const { rows } = await store.reader.query({
    sql: `SELECT a.alert_id, toUnixTimestamp64Milli(a.time), toUnixTimestamp64Milli(a.created),
        toUnixTimestamp64Milli(toDateTime64(e.stored, 3, 'UTC')), toUnixTimestamp64Milli(toDateTime64(p.placed, 3, 'UTC'))
      FROM (SELECT alert_id, toDateTime64(created, 3, 'UTC') AS created, key,
          parseDateTime64BestEffort(JSONExtractString(row, 'time'), 3, 'UTC') AS time FROM audit.alerts FINAL
        ARRAY JOIN arraySlice(row_keys, 1, length(JSONExtractArrayRaw(results))) AS key, JSONExtractArrayRaw(results) AS row WHERE rule_id = {rule:String}) AS a
      LEFT JOIN (SELECT event_id, min(received) AS stored FROM (SELECT event_id, received FROM audit.events
        UNION ALL SELECT event_id, received FROM audit.entries) GROUP BY event_id) AS e ON e.event_id = a.key
      LEFT JOIN (SELECT event_id, min(received) AS placed FROM (SELECT event_id, received FROM audit.placements WHERE entry != ''
        UNION ALL SELECT event_id, received FROM audit.entries) GROUP BY event_id) AS p ON p.event_id = a.key`,
    params: { rule },
  })
  return rows.map(([alertId, time, created, stored, placed]) => {
    const after = (ms: unknown): number => (Number(ms) - Number(time)) / 1000
    const told = arrivedAt.find((one) => one.alertId === alertId)?.atMs ?? Number.NaN
    return { stored: after(stored), placed: after(placed), alerted: after(created), told: after(told) }
  })
}

const middle = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

try {
  await new AlertDesk(store).applyRules(rulesYaml(fake.url), Date.now())
  loop.start()
  await play()
  await new Promise((resolve) => setTimeout(resolve, AFTER_MS))
  await loop.stop()
  for (const rule of ['ack-container-enter', 'ack-container-run-danger-cmd', 'danger-on-stream']) {
    const stages: readonly Stages[] = await stagesOf(rule)
    for (const stage of ['stored', 'placed', 'alerted', 'told'] as const) {
      const delays = stages.map((one) => one[stage]).sort((x, y) => x - y)
      const figures = [middle(delays, 0.5), middle(delays, 0.95), delays.at(-1) ?? 0].map((one) => one.toFixed(1))
      process.stdout.write(`| \`${rule}\` | ${stage} | ${delays.length} | ${figures.join(' | ')} |\n`)
    }
  }
} finally {
  node.close()
  stranger.close()
  await intake.close()
  await fake.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
