// Rewrites expected.json of every case from the built package. Read the difference before you commit it.
// Usage: npx tsc -b packages/audit && node packages/audit/testdata/write-golden.mjs
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AuditDecoder } from '../dist/index.js'

const root = dirname(fileURLToPath(import.meta.url))
for (const name of readdirSync(root)) {
  const folder = join(root, name)
  if (!statSync(folder).isDirectory()) continue
  const events = []
  const rejects = []
  const decoder = new AuditDecoder({
    onEvent: (event) => events.push(event.toJSON({ interpret: true })),
    onReject: ({ line, code, bytes }) => rejects.push({ line, code, bytes }),
  })
  decoder.push(readFileSync(join(folder, 'input.log')))
  decoder.end()
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify({ events, rejects, gaps: decoder.counters.gaps }, null, 1)}\n`)
}
