import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CgroupPlace, NOWHERE, readCgroup } from './cgroup-path.ts'

/** A process as /proc shows it. */
export interface ProcessFact {
  readonly pid: number
  readonly ppid: number
  /** Clock ticks since boot. */
  readonly startTicks: number
  readonly exe: string
  readonly argv: readonly string[]
  readonly place: CgroupPlace
  /** 4294967295 where nobody logged in. */
  readonly loginuid: number
  readonly auditSession: number
}

const UNSET = 0xffff_ffff
/** Of the times in /proc. Source: proc(5): sysconf(_SC_CLK_TCK), which is USER_HZ, 100 on all that Linux runs on here. */
const TICK_MS = 10
/** How much later than its first event a process may seem to have begun: seconds of boot are whole, and clocks are set. */
const START_SLACK_MS = 2000
/** How often the time of boot is read: setting the clock moves it. */
const BOOT_EVERY_MS = 60_000
const MAX_ARGUMENTS = 1024
const MAX_EXE = 4096

/** Reads processes; the folder is another one where the node's /proc is mounted elsewhere. Source: proc(5). */
export class ProcFiles {
  readonly #root: string
  #bootMs: number | undefined
  #bootReadMs = 0

  constructor(root: string) {
    this.#root = root
  }

  /** Pids at the moment. */
  pids(): number[] {
    try {
      return readdirSync(this.#root)
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    } catch {
      return []
    }
  }

  /** A process; undefined where it is gone, or began after `atMs`, so that it is another one with the same number. */
  read(pid: number, atMs?: number): ProcessFact | undefined {
    const fields = this.#statOf(pid)
    if (fields === undefined || this.#isLater(fields, atMs)) return undefined
    const cmdline = this.#text(pid, 'cmdline')
    return {
      pid,
      ppid: Number(fields[1]),
      startTicks: Number(fields[19]),
      exe: this.#link(pid).slice(0, MAX_EXE),
      argv: cmdline === '' ? [] : cmdline.replace(/\0$/, '').split('\0').slice(0, MAX_ARGUMENTS),
      place: this.place(pid),
      loginuid: this.#number(pid, 'loginuid'),
      auditSession: this.#number(pid, 'sessionid'),
    }
  }

  /** Where a process is; nowhere (`path` is empty) where it is gone, or began after `atMs`. */
  place(pid: number, atMs?: number): CgroupPlace {
    const place = readCgroup(this.#text(pid, 'cgroup'))
    return place.path !== '' && atMs !== undefined && this.#isLater(this.#statOf(pid), atMs) ? NOWHERE : place
  }

  /** Device of a process's root folder, as records of audit write it, and since when the process is; undefined where that cannot be seen. */
  root(pid: number): { device: string; sinceMs: number } | undefined {
    const fields = this.#statOf(pid)
    const bootMs = this.#boot()
    if (fields === undefined || bootMs === undefined) return undefined
    try {
      const { dev } = statSync(join(this.#root, String(pid), 'root'), { bigint: true })
      return { device: deviceText(dev), sinceMs: bootMs + Number(fields[19]) * TICK_MS }
    } catch {
      return undefined
    }
  }

  /** Fields of stat from the state on; undefined where there is none. */
  #statOf(pid: number): string[] | undefined {
    const stat = this.#text(pid, 'stat')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return stat === '' || fields.length < 20 ? undefined : fields
  }

  #isLater(stat: readonly string[] | undefined, atMs: number | undefined): boolean {
    const bootMs = atMs === undefined ? undefined : this.#boot()
    if (stat === undefined || atMs === undefined || bootMs === undefined) return false
    return bootMs + Number(stat[19]) * TICK_MS > atMs + START_SLACK_MS
  }

  /** When the node was started, milliseconds since the Unix epoch; undefined where /proc does not tell. */
  #boot(): number | undefined {
    const now = Date.now()
    if (now - this.#bootReadMs > BOOT_EVERY_MS) {
      this.#bootReadMs = now
      const seconds = /^btime (\d+)$/m.exec(this.#text('', 'stat'))?.[1]
      this.#bootMs = seconds === undefined ? undefined : Number(seconds) * 1000
    }
    return this.#bootMs
  }

  #text(pid: number | '', name: string): string {
    try {
      return readFileSync(join(this.#root, String(pid), name), 'utf8')
    } catch {
      return ''
    }
  }

  #number(pid: number, name: string): number {
    const text = this.#text(pid, name).trim()
    return /^\d+$/.test(text) ? Number(text) : UNSET
  }

  #link(pid: number): string {
    try {
      return readlinkSync(join(this.#root, String(pid), 'exe'))
    } catch {
      return ''
    }
  }
}

/** Numbers of a device in hexadecimal. Sources: glibc, gnu_dev_major(3); kernel/auditsc.c, audit_log_name: `dev=%02x:%02x`. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return [major, minor].map((number) => number.toString(16).padStart(2, '0')).join(':')
}
