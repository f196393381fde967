/**
 * How long compiling a query takes once warm. Run: npx tsx --conditions=podwitness-source bench/query.bench.ts [ROUNDS]
 */
import { advauditCatalog, compile } from '../packages/query/src/index.ts'

const ROUNDS = Number(process.argv[2] ?? 500)
const QUERIES = [
  '* and k8s.pod.namespace: default and k8s.pod.name: web-1',
  `kind: Kubernetes | select "time", json_extract(k8s, '$.user.groups') as groups, json_extract(k8s, '$.pod.labels') as labels from log`,
  `* | with t as (select traceId, min(__time__) s, max(__time__) e from log group by traceId) select traceId, e - s as d from t order by d desc`,
]

for (const text of QUERIES) {
  const timesMs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    compile({ lang: 'sls', text, catalog: advauditCatalog })
    timesMs.push(performance.now() - start)
  }
  timesMs.sort((a, b) => a - b)
  const at = (share: number) => (timesMs[Math.floor(ROUNDS * share)] ?? 0).toFixed(3)
  process.stdout.write(`median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms: ${text.slice(0, 60)}\n`)
}
