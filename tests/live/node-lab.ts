/** What the live tests of node management share: a ConfigMap-shaped folder, and a look at the machine before and after. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A folder as kubelet mounts a ConfigMap: keys are links into `..data`, which is swapped as a whole. */
export class ConfigMapFolder {
  readonly path: string
  #version = 0

  constructor(path: string) {
    this.path = path
    mkdirSync(path, { recursive: true })
  }

  /** Replaces all keys, in kubelet's order: new version, swap, keys, old version. Source: kubelet's atomic writer. */
  write(keys: Readonly<Record<string, string>>): void {
    const version = `..version_${++this.#version}`
    mkdirSync(join(this.path, version))
    for (const [name, text] of Object.entries(keys)) writeFileSync(join(this.path, version, name), text)
    const data = join(this.path, '..data')
    symlinkSync(version, `${data}_tmp`)
    renameSync(`${data}_tmp`, data)
    for (const name of readdirSync(this.path)) if (!name.startsWith('..') && !(name in keys)) rmSync(join(this.path, name))
    for (const name of Object.keys(keys)) {
      if (lstatSync(join(this.path, name), { throwIfNoEntry: false }) === undefined)
        symlinkSync(`..data/${name}`, join(this.path, name))
    }
    rmSync(join(this.path, `..version_${this.#version - 1}`), { recursive: true, force: true })
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'podwitness-live-'))
}

/** The kernel's rules as auditctl prints them. */
export function kernelRules(): string[] {
  const lines = execFileSync('auditctl', ['-l'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line !== '' && line !== 'No rules')
}

/** Settings of the kernel's audit system that somebody sets; not its counters. */
export function kernelSettings(): string[] {
  const lines = execFileSync('auditctl', ['-s'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => /^(enabled|failure|rate_limit|backlog_limit|backlog_wait_time) /.test(line))
}

/** Whether a process takes the kernel's records. */
export function auditPid(): number {
  return Number(/^pid (\d+)/m.exec(execFileSync('auditctl', ['-s'], { encoding: 'utf8' }))?.[1])
}

/** Every file and folder below some paths: mode, owner, and content and time of files. */
export function treeOf(...paths: readonly string[]): string[] {
  return paths.flatMap((path): string[] => {
    const info = lstatSync(path, { throwIfNoEntry: false })
    if (info === undefined) return []
    const line = `${path} ${info.mode.toString(8)} ${info.uid}:${info.gid}`
    if (!info.isDirectory()) return [`${line} ${Math.round(info.mtimeMs)} ${readFileSync(path).toString('base64')}`]
    return [
      line,
      ...treeOf(
        ...readdirSync(path)
          .sort()
          .map((name) => join(path, name)),
      ),
    ]
  })
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean, atMostMs = 30_000): Promise<void> {
  for (const end = Date.now() + atMostMs; !holds(); await sleep(50)) {
    if (Date.now() > end) throw new Error(`still not so: ${what}`)
  }
}

/** Ends the process that takes the records, where there is one. */
export async function endAuditd(): Promise<void> {
  const pid = auditPid()
  if (pid === 0) return
  process.kill(pid, 'SIGTERM')
  await until('no process takes the records', () => auditPid() === 0)
}

/** A root file system with nothing but auditctl: the program, its libraries, os-release and empty audit folders. */
export function smallRoot(): string {
  const root = temporaryFolder()
  const program = execFileSync('sh', ['-c', 'command -v auditctl'], { encoding: 'utf8' }).trim()
  const libraries = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+)/g)].map(
    ([, path]) => path as string,
  )
  for (const path of [program, ...libraries]) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    spawnSync('cp', ['-L', path, join(root, path)])
  }
  for (const folder of ['etc/audit/rules.d', 'etc/audit/plugins.d', 'var/lib', 'tmp', 'dev', 'usr/bin'])
    mkdirSync(join(root, folder), { recursive: true })
  if (existsSync('/etc/os-release')) spawnSync('cp', ['-L', '/etc/os-release', join(root, 'etc/os-release')])
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  return root
}
