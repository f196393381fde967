/** An auditd of our own on this machine: its configuration and log are in a folder; rules and settings are put back. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditPid, endAuditd, kernelRules, kernelSettings, until } from './node-lab.ts'

const RULE = ['-a', 'always,exit', '-F', 'arch=b64', '-S', 'execve,execveat', '-k', 'agentlab']

export class AuditLab {
  readonly folder: string
  readonly log: string
  readonly socket: string
  #auditd: ChildProcess | undefined
  #before: { rules: string[]; settings: string[] } | undefined

  constructor(folder: string) {
    this.folder = folder
    this.log = join(folder, 'audit.log')
    this.socket = join(folder, 'events')
  }

  /**
   * Starts auditd with its af_unix plugin, and audits program starts.
   *
   * @param plugins Further files of plugins.d, by name.
   */
  async open(maxLogMegabytes = 8, plugins: Readonly<Record<string, string>> = {}): Promise<void> {
    await endAuditd()
    this.#before = { rules: kernelRules(), settings: kernelSettings() }
    mkdirSync(join(this.folder, 'plugins.d'), { recursive: true })
    writeFileSync(
      join(this.folder, 'plugins.d', 'af_unix.conf'),
      `active = yes\ndirection = out\npath = builtin_af_unix\ntype = builtin\nargs = 0600 ${this.socket}\nformat = string\n`,
      { mode: 0o640 },
    )
    for (const [name, text] of Object.entries(plugins)) writeFileSync(join(this.folder, 'plugins.d', name), text, { mode: 0o640 })
    const settings = {
      local_events: 'yes',
      log_file: this.log,
      log_format: 'RAW',
      write_logs: 'yes',
      flush: 'INCREMENTAL_ASYNC',
      freq: '50',
      max_log_file: String(maxLogMegabytes),
      num_logs: '20',
      max_log_file_action: 'ROTATE',
      space_left: '75',
      space_left_action: 'IGNORE',
      admin_space_left: '50',
      admin_space_left_action: 'IGNORE',
      disk_full_action: 'IGNORE',
      disk_error_action: 'IGNORE',
      q_depth: '20000',
      overflow_action: 'SYSLOG',
      plugin_dir: join(this.folder, 'plugins.d'),
    }
    const text = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
    writeFileSync(join(this.folder, 'auditd.conf'), text.join(''), { mode: 0o640 })
    await this.start()
    execFileSync('auditctl', ['-b', '65536'])
    execFileSync('auditctl', RULE)
  }

  async start(): Promise<void> {
    this.#auditd = spawn('auditd', ['-n', '-c', this.folder], { stdio: 'ignore' })
    await until('auditd takes the records', () => auditPid() === this.#auditd?.pid)
    execFileSync('auditctl', ['-e', '1'])
  }

  /** Makes auditd begin a new log file. */
  rotate(): void {
    this.#auditd?.kill('SIGUSR1')
  }

  /** Ends auditd without a word. */
  async kill(): Promise<void> {
    this.#auditd?.kill('SIGKILL')
    await until('nobody takes the records', () => auditPid() === 0)
  }

  /** Ends auditd and puts rules and settings back. */
  async close(): Promise<void> {
    await endAuditd()
    if (this.#before === undefined) return
    execFileSync('auditctl', ['-d', ...RULE.slice(1)])
    for (const line of this.#before.settings) {
      const [name = '', value = ''] = line.split(' ')
      const option = ({ enabled: '-e', backlog_limit: '-b' } as Record<string, string>)[name]
      if (option !== undefined) execFileSync('auditctl', [option, value])
    }
    if (JSON.stringify(kernelRules()) !== JSON.stringify(this.#before.rules))
      throw new Error('the kernel’s rules were not put back')
  }
}
