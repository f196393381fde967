import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { madeRecords } from '../testdata/made-records.mjs'
import { AuditDecoder, interpretField, recordFields } from './index.ts'

/** Debian package `auditd`. Under CI a machine without it fails instead of passing unseen. */
const installed = spawnSync('ausearch', ['--version']).status === 0
const recording = join(import.meta.dirname, '../../../recordings/dev/audit.log.gz')

/** Accounts are named from the machine's own users, control characters are escaped for the terminal: both on purpose not ours. */
const NOT_COMPARED = /^(?:text|seresult|seperms|old-ses|.*#\d+|.*[ug]id)$/

function ausearch(log: Buffer): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-ausearch-'))
  try {
    writeFileSync(join(folder, 'audit.log'), log)
    const output = execFileSync('ausearch', ['-i', '-if', join(folder, 'audit.log')], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const lines = new Map<string, string[]>()
    for (const line of output.split('\n')) {
      const match = /type=(\S+) msg=audit\([^)]*:(\d+)\) : (.*)$/.exec(line)
      if (match !== null) lines.set(`${match[1]}:${match[2]}`, [...(lines.get(`${match[1]}:${match[2]}`) ?? []), ` ${match[3]} `])
    }
    return lines
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Fields of every record whose words differ, and how many were compared. */
function differences(log: Buffer): { compared: number; different: string[] } {
  const theirs = ausearch(log)
  const different: string[] = []
  let compared = 0
  const decoder = new AuditDecoder({
    onEvent: (event) => {
      for (const record of event.records) {
        const type = record.type.name
        const lines = theirs.get(`${type}:${event.seq}`)
        if (lines === undefined) {
          different.push(`${type}:${event.seq} is missing`)
          continue
        }
        const fields = recordFields(record)
        for (const [name, value] of Object.entries(fields)) {
          if (NOT_COMPARED.test(name) || /[^ -~]/.test(value ?? '')) continue
          compared++
          const word = interpretField(type, name, fields)
          const plain = type === 'SYSCALL' && /^a[0-3]$/.test(name) ? `0x${value}` : (value ?? '(null)')
          const ours = `${name}=${word ?? plain}`
          if (!lines.some((line) => line.includes(` ${ours} `) || line.includes(`'${ours} `) || line.includes(` ${ours}'`)))
            different.push(`${type}:${event.seq} ${ours}`)
        }
      }
    },
  })
  decoder.push(log)
  decoder.end()
  return { compared, different }
}

describe('against ausearch -i', () => {
  it('is run where CI runs', () => expect(installed || process.env.CI !== 'true').toBe(true))

  it.runIf(installed)(
    'says the same of the recording',
    () => {
      const { compared, different } = differences(gunzipSync(readFileSync(recording)))
      expect(compared).toBeGreaterThan(400_000)
      // openat's mode argument is in words here and a bare number there.
      expect(different.filter((line) => !/a3=0666$/.test(line))).toEqual([])
    },
    60_000,
  )

  it.runIf(installed)('says the same of made records of every kind that has words', () => {
    const { compared, different } = differences(Buffer.from(`${madeRecords().join('\n')}\n`))
    expect(compared).toBeGreaterThan(5_000)
    expect(different).toEqual([])
  })
})
