import { createServer, type Server, type ServerResponse } from 'node:http'
import { AgentError } from '../agent-error.ts'
import type { Measures } from '../measures.ts'

export interface HealthSource {
  measures(): Measures
  /** Why the agent does not do its work; empty where it does. */
  problems(): readonly string[]
  /** Why the node is not audited as asked for; empty where it is, or where that is not the agent's to know. */
  unready?(): readonly string[]
}

function tell(answer: ServerResponse, problems: readonly string[]): void {
  const text = problems.length === 0 ? 'ok\n' : `${problems.join('\n')}\n`
  answer.writeHead(problems.length === 0 ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

/** Prometheus text of measures; names that only differ in characters it does not have are one. Source: Prometheus, text exposition format 0.0.4. */
function metricsText(measures: Measures): string {
  const metrics = new Map<string, number>()
  for (const [name, value] of Object.entries(measures)) {
    const metric = `podwitness_agent_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`
    if (Number.isFinite(value)) metrics.set(metric, (metrics.get(metric) ?? 0) + value)
  }
  return [...metrics]
    .map(([metric, value]) => `# TYPE ${metric} ${metric.endsWith('_total') ? 'counter' : 'gauge'}\n${metric} ${value}\n`)
    .join('')
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` (200, or 503 with the problems, one a line), and `/livez`.
 *
 * @throws AgentError where the port cannot be had.
 */
export async function serveHealth(source: HealthSource, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer((request, answer) => {
    const path = (request.url ?? '').split('?')[0]
    if (request.method !== 'GET') answer.writeHead(405).end()
    else if (path === '/metrics') {
      answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metricsText(source.measures()))
    } else if (path === '/healthz') {
      tell(answer, source.problems())
    } else if (path === '/livez') {
      tell(answer, []) // That it answers is what is asked: what a restart does not mend is told by the other two.
    } else if (path === '/readyz') {
      tell(answer, source.unready?.() ?? [])
    } else answer.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AgentError(
          'PW-AG-006',
          {
            what: `Health cannot be served on ${host}:${port}.`,
            why: cause.message,
            do: 'Choose another health.port; 0 takes any free one.',
          },
          { cause },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  return server
}
