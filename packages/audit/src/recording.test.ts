import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AuditDecoder, type DecodedEvent, detectAuditLines, type Reject } from './index.ts'

const folder = join(import.meta.dirname, '../../../recordings/dev')
const read = (name: string) => gunzipSync(readFileSync(join(folder, name)))

function decode(bytes: Buffer) {
  const events: DecodedEvent[] = []
  const rejects: Reject[] = []
  const decoder = new AuditDecoder({ onEvent: (event) => events.push(event), onReject: (reject) => rejects.push(reject) })
  for (let at = 0; at < bytes.length; at += 65_536) decoder.push(bytes.subarray(at, at + 65_536))
  decoder.end()
  return { events, rejects, counters: decoder.counters }
}

const file = decode(read('audit.log.gz'))
const syslog = decode(read('syslog.log.gz'))

describe('the recording', () => {
  it('has the events and records its README counts', () => {
    const records: Record<string, number> = {}
    for (const event of file.events) for (const type of event.recordTypes) records[type] = (records[type] ?? 0) + 1
    expect(file.events.length).toBe(12_467)
    expect(records).toEqual({
      PATH: 16_075, SYSCALL: 12_384, PROCTITLE: 12_384, CWD: 9080, EXECVE: 4409, BPRM_FCAPS: 4318, SOCKADDR: 1394, NETFILTER_CFG: 80,
      SECCOMP: 33, ANOM_PROMISCUOUS: 21, CONFIG_CHANGE: 20, USER_ACCT: 8, USER_START: 8, USER_END: 8, CRED_DISP: 8, USER_CMD: 6,
      CRED_REFR: 6, LOGIN: 3, USER_AUTH: 2, CRED_ACQ: 2, DAEMON_START: 1, DAEMON_END: 1,
    }) // biome-ignore format: a table
  })

  it('loses nothing: no reject, no late record, no flag; the holes are the events removed from it', () => {
    expect(file.rejects).toEqual([])
    expect(file.counters).toMatchObject({ late: 0, cut: 0, gaps: 3806, records: 60_251 })
    expect(file.events.filter((event) => Object.keys(event.flags).length > 0)).toEqual([])
  })

  it('reads the same from syslog', () => {
    expect(syslog.rejects.map(({ code }) => code)).toEqual(Array(5).fill('not_audit'))
    const left = new Map(file.events.map((event) => [event.serial, event]))
    expect(syslog.events.length).toBe(left.size)
    for (const event of syslog.events) {
      const twin = left.get(event.serial)
      expect(event.argv()).toEqual(twin?.argv())
      expect(JSON.stringify(event)).toBe(JSON.stringify(twin))
    }
  }, 30_000)

  it('joins arguments of hundreds of kilobytes', () => {
    const longest = Math.max(...file.events.map((event) => event.argv().join(' ').length))
    expect(longest).toBeGreaterThan(10_000)
  })

  it('is recognised by its beginning, other files are not', () => {
    expect(detectAuditLines(read('audit.log.gz').subarray(0, 4096))).toBe(true)
    expect(detectAuditLines(read('syslog.log.gz').subarray(0, 4096))).toBe(true)
    expect(detectAuditLines(read('apiserver-audit.log.gz').subarray(0, 65_536))).toBe(false)
    expect(detectAuditLines(read('containers.jsonl.gz').subarray(0, 65_536))).toBe(false)
    expect(detectAuditLines(Buffer.alloc(0))).toBe(false)
  })
})
