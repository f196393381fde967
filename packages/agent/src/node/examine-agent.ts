import { bad, type NodeCheck, ok, warn } from './node-check.ts'

const TIMEOUT_MS = 2000
/** Of what comes in; more than that is rather a filter that fits too much than one that is meant so. */
const MOST_LEFT_OUT = 0.9
const PREFIX = 'podwitness_agent_'

/**
 * Asks the node's agent what it left out, hid, could not read and had to drop. An agent that does not answer is no fault: a
 * node can be kept without one.
 *
 * @param url Where its health is served, without a path.
 */
export async function examineAgent(url: string): Promise<NodeCheck[]> {
  const [metrics, health] = await Promise.all([textOf(`${url}/metrics`), textOf(`${url}/healthz`)])
  if (metrics === undefined || health === undefined)
    return [ok('agent', `none answers at ${url}: what it leaves out cannot be told`)]
  const counts = countsOf(metrics.text)
  const problems = health.status === 200 ? [] : health.text.split('\n').filter((line) => line !== '')
  return [
    ...problems.map((text) => bad('agent', text, 'See the log of the agent.')),
    ...checkLeftOut(counts),
    ...checkHidden(counts),
    ...checkDropped(counts),
  ]
}

async function textOf(url: string): Promise<{ status: number; text: string } | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return undefined
  }
}

/** Numbers by name, without what all names begin with. Source: Prometheus, text exposition format 0.0.4. */
function countsOf(text: string): ReadonlyMap<string, number> {
  const rows = [...text.matchAll(/^(\w+) ([\d.e+-]+)$/gm)]
  return new Map(rows.map(([, name = '', value]) => [name.replace(PREFIX, ''), Number(value)]))
}

/** Those of a kind that have counted, with the part of their name between begin and end. */
function counted(counts: ReadonlyMap<string, number>, name: RegExp): { name: string; count: number }[] {
  const found = [...counts].flatMap(([key, count]) => {
    const part = name.exec(key)?.[1]
    return part === undefined || count === 0 ? [] : [{ name: part, count }]
  })
  return found.sort((a, b) => b.count - a.count)
}

const listText = (list: readonly { name: string; count: number }[]): string =>
  list.map(({ name, count }) => `${name} ${count}`).join(', ')
const sum = (list: readonly { count: number }[]): number => list.reduce((total, { count }) => total + count, 0)

function checkLeftOut(counts: ReadonlyMap<string, number>): NodeCheck[] {
  const rules = counted(counts, /^left_out_(.+)_total$/)
  const events = counts.get('events_total') ?? 0
  if (rules.length === 0) return [ok('left-out', `none of ${events} events was left out by a rule`)]
  const text = `${sum(rules)} of ${events} events were left out: ${listText(rules)}`
  if (sum(rules) <= events * MOST_LEFT_OUT) return [ok('left-out', text)]
  return [warn('left-out', text, 'See whether the rule fits more than it is meant to.')]
}

function checkHidden(counts: ReadonlyMap<string, number>): NodeCheck[] {
  const hidden = counts.get('redacted_total')
  const whole = counts.get('redacted_whole_total') ?? 0
  if (whole > 0) {
    const text = `${whole} command lines were hidden whole: a demanded rule is missing, or a pattern took too long`
    return [warn('redaction', text, 'podwitness node translate --oms FOLDER names the rule; see also the log of the agent.')]
  }
  return hidden === undefined ? [] : [ok('redaction', `text of ${hidden} events was hidden`)]
}

function checkDropped(counts: ReadonlyMap<string, number>): NodeCheck[] {
  const rejects = counted(counts, /^rejects_(.+)_total$/)
  const dropped = counted(counts, /^spool_(.+)_dropped_total$/)
  const found: NodeCheck[] = []
  if (rejects.length > 0)
    found.push(warn('rejects', `lines without a record: ${listText(rejects)}`, 'podwitness decode shows why.'))
  if (dropped.length > 0)
    found.push(
      warn(
        'spool',
        `lines dropped as the spool was full: ${listText(dropped)}`,
        'Raise spool.maxBytes, or see why the server is away.',
      ),
    )
  return found
}
