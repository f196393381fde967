/**
 * How fast files become sessions, and where the time goes.
 *
 * Run: npx tsx --conditions=podwitness-source bench/import.bench.ts [COPIES]
 * Input: the bundled recording COPIES times over (default 10), each copy 200 s later with serials of its own. Peers in
 * the same run: reading and unpacking lines (a limit nothing can beat), decoding alone (the decoder's own speed).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AuditDecoder } from '../packages/audit/src/index.ts'
import { importPaths } from '../packages/server/src/index.ts'
import { openFile, readLines } from '../packages/server/src/ingest/line-reader.ts'
import { openStore } from '../packages/store/src/index.ts'

const RECORDING = fileURLToPath(new URL('../recordings/dev/', import.meta.url))
const COPY_SECONDS = 200
const COPY_SERIALS = 20_000

const copies = Number(process.argv[2] ?? 10)
const folder = mkdtempSync(join(tmpdir(), 'podwitness-import-bench-'))

function audit(): string {
  const text = gunzipSync(readFileSync(join(RECORDING, 'audit.log.gz'))).toString('latin1')
  const parts: string[] = []
  for (let copy = 0; copy < copies; copy++) {
    parts.push(
      text.replace(
        /audit\((\d+)\.(\d+):(\d+)\)/g,
        (_whole, seconds, millis, serial) =>
          `audit(${Number(seconds) + copy * COPY_SECONDS}.${millis}:${Number(serial) + copy * COPY_SERIALS})`,
      ),
    )
  }
  const path = join(folder, 'audit.log.gz')
  writeFileSync(path, gzipSync(Buffer.from(parts.join(''), 'latin1'), { level: 1 }))
  return path
}

interface Run {
  readonly name: string
  readonly events: number
  readonly wallMs: number
  readonly cpuMs: number
}

async function measure(name: string, work: () => Promise<number>): Promise<Run> {
  const began = performance.now()
  const before = process.cpuUsage()
  const events = await work()
  const { user, system } = process.cpuUsage(before)
  return { name, events, wallMs: performance.now() - began, cpuMs: (user + system) / 1000 }
}

async function main(): Promise<void> {
  const path = audit()
  const lines = await measure('unpack and cut into lines', async () => {
    let count = 0
    for await (const block of readLines(openFile(path, true).bytes, 65_536)) count += block.length
    return count
  })
  const decode = await measure('decode', async () => {
    const decoder = new AuditDecoder()
    for await (const chunk of openFile(path, true).bytes) decoder.push(chunk)
    decoder.end()
    return decoder.counters.events
  })
  const store = await openStore({ dataDir: join(folder, 'data'), role: 'command' })
  const whole = await measure('import: decode, store, work out sessions', async () => {
    const { files } = await importPaths(store, [path], { cluster: 'bench', rejectsDir: folder })
    return files[0]?.events ?? 0
  })
  await store.close()
  const again = [lines, decode, whole]
  process.stdout.write('| step | events | wall s | CPU s of this process | events/s | of decoding |\n|---|---|---|---|---|---|\n')
  for (const { name, events, wallMs, cpuMs } of again) {
    const count = name === lines.name ? decode.events : events
    const rate = count / (wallMs / 1000)
    const ratio = rate / (decode.events / (decode.wallMs / 1000))
    process.stdout.write(
      `| ${name} | ${count} | ${(wallMs / 1000).toFixed(2)} | ${(cpuMs / 1000).toFixed(2)} | ${Math.round(rate)} | ${ratio.toFixed(2)} |\n`,
    )
  }
  process.stdout.write(`\npeak memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`)
}

void main().finally(() => rmSync(folder, { recursive: true, force: true }))
