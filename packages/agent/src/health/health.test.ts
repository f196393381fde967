import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { auditFindings, newlyLost, parseAuditStatus } from './audit-status.ts'
import { serveHealth } from './metrics-server.ts'

const STATUS =
  'enabled 1\nfailure 1\npid 704\nrate_limit 0\nbacklog_limit 8192\nlost 12\nbacklog 3\nloginuid_immutable 0 unlocked\n'

it('reads the state of the kernel’s audit, of new and old auditctl', () => {
  expect(parseAuditStatus(STATUS)).toMatchObject({ enabled: 1, pid: 704, lost: 12, backlog_limit: 8192 })
  expect(parseAuditStatus('AUDIT_STATUS: enabled=1 flag=1 pid=9 rate_limit=0 backlog_limit=320 lost=4 backlog=0')).toMatchObject({
    pid: 9,
    lost: 4,
  })
  expect(parseAuditStatus('nonsense')).toEqual({})
})

it.each([
  [{ enabled: 0 }, ['audit_disabled']],
  [{ pid: 0 }, ['auditd_stopped']],
  [{ pid: 9 }, ['audit_pid_changed']],
  [{ rate_limit: 100 }, ['audit_rate_limited']],
  [{ backlog: 999 }, []],
])('finds %j', (change, rules) => {
  const before = parseAuditStatus(STATUS)
  expect(auditFindings(before, { ...before, ...change }).map(({ rule }) => rule)).toEqual(rules)
  expect(auditFindings(undefined, { ...before, ...change })).toEqual([])
})

it('counts what the kernel lost since it looked, also after the counter began anew', () => {
  expect(newlyLost(undefined, { lost: 50 })).toBe(0)
  expect(newlyLost({ lost: 50 }, { lost: 53 })).toBe(3)
  expect(newlyLost({ lost: 50 }, { lost: 2 })).toBe(2)
})

it('serves metrics and health, and says what is wrong', async () => {
  const problems: string[] = []
  const source = { measures: () => ({ events_total: 3, 'rejects_a.b_total': 1, bad: Number.NaN }), problems: () => problems }
  const server = await serveHealth(source, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('# TYPE podwitness_agent_events_total counter\npodwitness_agent_events_total 3\n')
    expect(metrics).toContain('podwitness_agent_rejects_a_b_total 1\n')
    expect(metrics).not.toContain('NaN')
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    problems.push('spool: full')
    const sick = await fetch(`${url}/healthz`)
    expect([sick.status, await sick.text()]).toEqual([503, 'spool: full\n'])
    expect((await fetch(`${url}/else`)).status).toBe(404)
    await expect(serveHealth(source, { host: '127.0.0.1', port: (server.address() as AddressInfo).port })).rejects.toMatchObject({
      code: 'PW-AG-006',
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
