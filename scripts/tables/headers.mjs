// Fetches Debian's header packages through apt and reads `#define`s out of them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The packages the tables come from. Every one is in Debian 12 main. */
export const PACKAGES = [
  'linux-libc-dev',
  'linux-libc-dev-arm64-cross',
  'linux-libc-dev-armhf-cross',
  'linux-libc-dev-riscv64-cross',
  'linux-libc-dev-s390x-cross',
  'linux-libc-dev-ppc64el-cross',
  'libaudit-dev',
  'netbase',
]

/** Downloads and unpacks the packages into `folder` (kept between runs); returns name → version. */
export function fetchPackages(folder) {
  mkdirSync(folder, { recursive: true })
  const versions = {}
  for (const name of PACKAGES) {
    let file = readdirSync(folder).find((entry) => entry.startsWith(`${name}_`))
    if (file === undefined) {
      execFileSync('apt-get', ['download', name], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
      file = readdirSync(folder).find((entry) => entry.startsWith(`${name}_`))
    }
    const target = join(folder, 'x', name)
    if (!existsSync(target)) {
      mkdirSync(target, { recursive: true })
      execFileSync('dpkg-deb', ['-x', file, target], { cwd: folder })
    }
    versions[name] = execFileSync('dpkg-deb', ['-f', file, 'Version'], { cwd: folder, encoding: 'utf8' }).trim()
  }
  return versions
}

/**
 * Reads the numeric macros of a header.
 *
 * @returns Map name → number, in the order of the file. Expressions are resolved against macros read before them.
 */
export function readDefines(file, known = new Map()) {
  const defines = new Map()
  const text = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\\\n/g, ' ')
  for (const match of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(.+)$/gm)) {
    const value = evaluate(match[2].trim(), new Map([...known, ...defines]))
    if (value !== undefined) defines.set(match[1], value)
  }
  return defines
}

/** Reads the members of `enum NAME { … }`, counting as C does. */
export function readEnum(file, name) {
  const text = readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$|^[ \t]*#.*$/gm, '')
  const body = new RegExp(`enum\\s+${name}\\s*\\{([^}]*)\\}`).exec(text)
  const members = new Map()
  let next = 0
  for (const part of (body?.[1] ?? '').split(',')) {
    const match = /(\w+)\s*(?:=\s*(.+))?/s.exec(part.trim())
    if (match === null) continue
    const value = match[2] === undefined ? next : evaluate(match[2].trim(), members)
    if (value === undefined) continue
    members.set(match[1], value)
    next = value + 1
  }
  return members
}

function evaluate(expression, known) {
  let text = expression.replace(/\/\/.*$/, '').replace(/\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]+\b/g, '$1')
  text = text.replace(/\b[A-Za-z_]\w*\b/g, (word) =>
    known.has(word) ? String(known.get(word)) : /^0?[xX]/.test(word) ? word : '?',
  )
  text = text.replace(/\b0([0-7]+)\b/g, '0o$1')
  if (!/^[\s0-9a-fA-FxXo()|<+*~&-]+$/.test(text)) return undefined
  try {
    const value = Function(`return (${text})`)()
    return Number.isFinite(value) ? (value < 0 && text.includes('<<') ? value >>> 0 : value) : undefined
  } catch {
    return undefined
  }
}
