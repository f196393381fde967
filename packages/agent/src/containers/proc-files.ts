import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type CgroupPlace, readCgroup } from './cgroup-path.ts'

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
const MAX_ARGUMENTS = 1024
const MAX_EXE = 4096

/** Reads processes; the folder is another one where the node's /proc is mounted elsewhere. Source: proc(5). */
export class ProcFiles {
  readonly #root: string

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

  /** A process; undefined where it is gone. */
  read(pid: number): ProcessFact | undefined {
    const stat = this.#text(pid, 'stat')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (stat === '' || fields.length < 20) return undefined
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

  /** Where a process is; nowhere where it is gone. */
  place(pid: number): CgroupPlace {
    return readCgroup(this.#text(pid, 'cgroup'))
  }

  #text(pid: number, name: string): string {
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
