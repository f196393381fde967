/**
 * A real systemd-journald where systemd does not run: in mount namespaces of its own, with its journal in a folder of ours.
 * It reads the kernel's audit itself, from the multicast group, beside auditd.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { kernelSettings, until } from './node-lab.ts'
import { endChild } from './relay-lab.ts'

const JOURNALD = '/lib/systemd/systemd-journald'
const SETTINGS = '[Journal]\\nStorage=volatile\\nAudit=yes\\nRateLimitIntervalSec=0\\nForwardToSyslog=no\\n'
const START = `mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/log/journal && mount --bind "$1" /run/log/journal &&
mount -t tmpfs tmpfs /etc/systemd && printf '${SETTINGS}' > /etc/systemd/journald.conf &&
if [ ! -s /etc/machine-id ]; then printf '0123456789abcdef0123456789abcdef\\n' > /run/systemd/id && mount --bind /run/systemd/id /etc/machine-id; fi &&
exec env -u NOTIFY_SOCKET ${JOURNALD}`

export class JournalLab {
  readonly folder: string
  #child: ChildProcess | undefined
  /** Whether auditing was on: journald switches it on. */
  #enabled = ''

  constructor(folder: string) {
    this.folder = folder
  }

  async open(): Promise<void> {
    mkdirSync(this.folder, { recursive: true })
    this.#enabled =
      kernelSettings()
        .find((line) => line.startsWith('enabled '))
        ?.split(' ')[1] ?? ''
    this.#child = spawn('unshare', ['-m', 'sh', '-c', START, 'sh', this.folder], { stdio: 'ignore' })
    await until('journald keeps a journal', () =>
      readdirSync(this.folder).some((id) => existsSync(join(this.folder, id, 'system.journal'))),
    )
  }

  async close(): Promise<void> {
    await endChild(this.#child)
    if (this.#enabled !== '') execFileSync('auditctl', ['-e', this.#enabled])
  }
}
