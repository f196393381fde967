import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Machine } from '../node/machine.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 5000

/** Numbers of `auditctl -s`, by name: enabled, pid, lost, backlog, backlog_limit, rate_limit, … Source: auditctl(8). */
export type AuditStatus = Readonly<Record<string, number>>

/** Asks the kernel's audit for its state, with the node's auditctl where a node is given; undefined where that cannot be done. */
export async function auditStatus(node?: Machine): Promise<AuditStatus | undefined> {
  try {
    const { stdout } = await (node?.run('auditctl', ['-s'], { timeoutMs: TIMEOUT_MS }) ??
      run('auditctl', ['-s'], { timeout: TIMEOUT_MS }))
    return stdout === '' ? undefined : parseAuditStatus(stdout)
  } catch {
    return undefined
  }
}

/** One `name value` a line; older versions write all on one line as `name=value`. */
export function parseAuditStatus(text: string): AuditStatus {
  return Object.fromEntries([...text.matchAll(/([a-z_]+)[ =](\d+)/g)].map(([, name = '', value]) => [name, Number(value)]))
}

/** What changed between two states and matters to people; the kernel's own loss is counted apart. */
export function auditFindings(before: AuditStatus | undefined, now: AuditStatus): { rule: string; text: string }[] {
  if (before === undefined) return []
  const findings: { rule: string; text: string }[] = []
  if (before.enabled !== undefined && before.enabled > 0 && now.enabled === 0) {
    findings.push({ rule: 'audit_disabled', text: 'Auditing was switched off in the kernel.' })
  }
  if (before.pid !== undefined && before.pid > 0 && now.pid === 0) {
    findings.push({ rule: 'auditd_stopped', text: `auditd (process ${before.pid}) no longer receives the kernel's records.` })
  } else if (before.pid !== undefined && before.pid > 0 && now.pid !== before.pid) {
    findings.push({
      rule: 'audit_pid_changed',
      text: `Process ${now.pid} receives the kernel's records in place of ${before.pid}.`,
    })
  }
  if (before.rate_limit === 0 && (now.rate_limit ?? 0) > 0) {
    findings.push({ rule: 'audit_rate_limited', text: `The kernel now drops records over ${now.rate_limit} a second.` })
  }
  return findings
}

/** Records the kernel dropped since the state before; its counter begins anew with a boot and when it is reset. */
export function newlyLost(before: AuditStatus | undefined, now: AuditStatus): number {
  const lost = now.lost ?? 0
  const known = before?.lost ?? lost
  return lost >= known ? lost - known : lost
}
