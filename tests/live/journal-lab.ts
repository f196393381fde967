/**
 * A real systemd-journald where systemd does not run: in mount namespaces of its own, with its journal in a folder of ours.
 * It reads the kernel's audit itself, from the multicast group, beside auditd.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './node-lab.ts'
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

  constructor(folder: string) {
    this.folder = folder
  }

  async open(): Promise<void> {
    mkdirSync(this.folder, { recursive: true })
    this.#child = spawn('unshare', ['-m', 'sh', '-c', START, 'sh', this.folder], { stdio: 'ignore' })
    await until('journald keeps a journal', () =>
      readdirSync(this.folder).some((id) => existsSync(join(this.folder, id, 'system.journal'))),
    )
  }

  close(): Promise<void> {
    return endChild(this.#child)
  }
}
