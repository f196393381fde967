import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditStatus, readAuditStatus } from './kernel-audit.ts'
import type { Machine } from './machine.ts'
import { NodeError } from './node-error.ts'
import type { NodeFacts } from './node-facts.ts'

/** Milliseconds auditd may take until the kernel sends it records. */
const START_MS = 10_000
const POLL_MS = 50

/** Name of the process that takes the kernel's records; empty for none, `?` where it cannot be seen from here. */
export function recordTaker(machine: Machine, pid: number): string {
  if (pid === 0) return ''
  for (const path of [machine.path(`/proc/${pid}/comm`), `/proc/${pid}/comm`]) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      // Another process namespace's /proc.
    }
  }
  return '?'
}

/** The command that starts auditd. */
export function startCommand(facts: NodeFacts): readonly [string, readonly string[]] {
  return facts.serviceManager === 'systemd' ? ['systemctl', ['start', 'auditd']] : ['auditd', []]
}

/** Starts auditd and waits until the kernel sends it records. Throws PW-ND-010. */
export async function startAuditd(machine: Machine, facts: NodeFacts): Promise<AuditStatus> {
  const [command, args] = startCommand(facts)
  const { code, stdout, stderr } = await machine.run(command, args)
  if (code !== 0) throw notRunning(`${machine.commandText(command, args)} ended with ${code}: ${`${stderr}${stdout}`.trim()}`)
  const status = await waitForTaker(machine, (pid) => pid !== 0)
  if (facts.serviceManager === 'none') leaveControlGroup(machine, status.pid)
  return status
}

/**
 * Moves auditd to the control groups of the node's first process. One that was started directly is in ours, and a container
 * runtime ends everything in a container's groups with the container. Source: cgroups(7), /proc/PID/cgroup.
 */
function leaveControlGroup(machine: Machine, pid: number): void {
  for (const line of readGroups(1)) {
    if (readGroups(process.pid).includes(line)) continue
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    const names = [...controllers.split(',').map((name) => name.replace(/^name=/, '')), controllers]
    const folders =
      controllers === '' ? ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] : names.map((name) => `/sys/fs/cgroup/${name}`)
    const file = folders
      .map((folder) => machine.path(`${folder}${path === '/' ? '' : path}/cgroup.procs`))
      .find((each) => existsSync(each))
    try {
      if (file === undefined) continue
      writeFileSync(file, String(pid))
      for (const plugin of childrenOf(pid)) writeFileSync(file, plugin) // Later ones are born there.
    } catch {
      // Not allowed here: auditd runs all the same, and is started again when it ended with us.
    }
  }
}

function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
  })
}

function readGroups(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}

/** Stops auditd as its service manager does; without one, with SIGTERM, and waits until it has let go. */
export async function stopAuditd(machine: Machine, facts: NodeFacts, pid: number): Promise<void> {
  if (facts.serviceManager === 'systemd') {
    // Some distributions refuse a manual stop of the unit: the signal is what their own documentation says to send.
    const { code } = await machine.run('systemctl', ['stop', 'auditd'])
    if (code === 0) return
  }
  process.kill(pid, 'SIGTERM')
  await waitForTaker(machine, (taker) => taker === 0)
}

/** Makes auditd read its configuration and its plugins again, without losing records. Source: auditd(8), SIGHUP. */
export function reloadAuditd(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP')
  } catch (cause) {
    throw new NodeError('PW-ND-010', { what: 'auditd cannot be told to read its plugins again.', why: String(cause) }, { cause })
  }
}

async function waitForTaker(machine: Machine, done: (pid: number) => boolean): Promise<AuditStatus> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += POLL_MS) {
    const status = await readAuditStatus(machine)
    if (done(status.pid)) return status
    await sleep(POLL_MS)
  }
  throw notRunning(`After ${START_MS / 1000} s the kernel's list of takers had not changed.`)
}

function notRunning(why: string): NodeError {
  return new NodeError('PW-ND-010', { what: 'auditd does not do as it was told.', why })
}
