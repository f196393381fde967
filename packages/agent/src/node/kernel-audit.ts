import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'

/** State of the kernel's audit system, as `auditctl -s` prints it. */
export interface AuditStatus {
  /** 0 off, 1 on, 2 on and locked until the next boot. */
  readonly enabled: number
  /** 0 silent, 1 printk, 2 panic. */
  readonly failure: number
  /** Process that takes the records; 0 for none. */
  readonly pid: number
  /** Records a second; 0 for no limit. */
  readonly rateLimit: number
  readonly backlogLimit: number
  readonly lost: number
  readonly backlog: number
  /** Jiffies a process waits where the backlog is full; null for kernels that do not tell. */
  readonly backlogWaitTime: number | null
}

/** Asks the kernel. Throws PW-ND-004, -005 or -017 where it cannot be asked. */
export async function readAuditStatus(machine: Machine): Promise<AuditStatus> {
  const text = await auditctl(machine, ['-s'])
  const number = (name: string): number | null => {
    const match = new RegExp(`^${name} (-?\\d+)`, 'm').exec(text)
    return match === null ? null : Number(match[1])
  }
  const needed = (name: string): number => number(name) ?? 0
  return {
    enabled: needed('enabled'),
    failure: needed('failure'),
    pid: needed('pid'),
    rateLimit: needed('rate_limit'),
    backlogLimit: needed('backlog_limit'),
    lost: needed('lost'),
    backlog: needed('backlog'),
    backlogWaitTime: number('backlog_wait_time'),
  }
}

/** The kernel's rules, one a line, in the kernel's order. */
export async function listKernelRules(machine: Machine): Promise<string[]> {
  const text = await auditctl(machine, ['-l'])
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && line.trim() !== 'No rules')
    .map(repairListedRule)
}

/** auditctl 3.0.9 prints a permission that stands before its path as ` -p wa-w /path -k key`. */
function repairListedRule(line: string): string {
  const match = /^ -p ([rwxa]+)-w (\S+)(.*)$/.exec(line)
  return match === null ? line.trim() : `-a always,exit -F perm=${match[1]} -F path=${match[2]}${match[3]}`
}

/** Runs auditctl and answers its output; throws the reason in our words. */
async function auditctl(machine: Machine, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await machine.run('auditctl', args)
  if (code === 0) return stdout
  throw auditctlError(code, `${stderr}${stdout}`.trim())
}

function auditctlError(code: number, said: string): NodeError {
  if (code === 127 || code === 126)
    return new NodeError('PW-ND-004', { what: 'auditctl is not installed on this node.', why: said.split('\n')[0] ?? '' })
  if (/must be root|not permitted|Permission denied/i.test(said))
    return new NodeError('PW-ND-005', { what: 'The kernel does not let this process manage auditing.', why: said })
  if (/Connection refused|Protocol not supported|not supported/i.test(said))
    return new NodeError('PW-ND-017', { what: 'This kernel has no audit system, or it is switched off.', why: said })
  return new NodeError('PW-ND-009', { what: 'auditctl failed.', why: said || `exit code ${code}` })
}
