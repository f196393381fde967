import { join } from 'node:path'
import { readDefines } from './headers.mjs'

// Table name → package, folder and headers. The generic table is read with the macros of a 64-bit machine.
const TABLES = {
  x86_64: ['linux-libc-dev', 'usr/include/x86_64-linux-gnu', ['asm/unistd_64.h']],
  i386: ['linux-libc-dev', 'usr/include/x86_64-linux-gnu', ['asm/unistd_32.h']],
  x32: ['linux-libc-dev', 'usr/include/x86_64-linux-gnu', ['asm/unistd_x32.h']],
  aarch64: ['linux-libc-dev-arm64-cross', 'usr/aarch64-linux-gnu/include', ['asm-generic/unistd.h']],
  arm: ['linux-libc-dev-armhf-cross', 'usr/arm-linux-gnueabihf/include', ['asm/unistd-eabi.h', 'asm/unistd.h']],
  riscv64: ['linux-libc-dev-riscv64-cross', 'usr/riscv64-linux-gnu/include', ['asm-generic/unistd.h', 'asm/unistd.h']],
  s390x: ['linux-libc-dev-s390x-cross', 'usr/s390x-linux-gnu/include', ['asm/unistd_64.h']],
  ppc64le: ['linux-libc-dev-ppc64el-cross', 'usr/powerpc64le-linux-gnu/include', ['asm/unistd_64.h']],
}

// In the generic header the 64-bit names stand behind aliases (`#define __NR_fcntl __NR3264_fcntl`).
const BASES = new Map([
  ['__X32_SYSCALL_BIT', 0],
  ['__NR_SYSCALL_BASE', 0],
  ['__NR_arch_specific_syscall', 244],
])

/** System calls by number for each architecture; x32 without its bit 30. */
export function syscallTables(root, versions) {
  const parts = []
  const sources = new Set()
  for (const [arch, [name, folder, headers]] of Object.entries(TABLES)) {
    sources.add(`${name} ${versions[name]}`)
    const names = new Map()
    let known = new Map(BASES)
    for (const header of headers) {
      const defines = readDefines(join(root, name, folder, header), known)
      known = new Map([...known, ...defines])
      for (const define of defines) add(names, define, known, header.startsWith('asm-generic'))
    }
    const list = [...names].sort((a, b) => a[0] - b[0])
    parts.push(`  ${arch}:${wrap(list.map(([number, syscall]) => `${number}:${syscall}`))},`)
  }
  const text = `// Made by scripts/generate-tables.mjs from ${[...sources].join(', ')}; do not edit.\n
/** System calls of an architecture as \`number:name\`, separated by blanks. */
export const SYSCALLS: Readonly<Record<string, string>> = {
${parts.join('\n')}
}
`
  return { 'syscalls.ts': text }
}

function add(names, [macro, number], known, generic) {
  const match = /^__(?:NR|ARM_NR)(3264)?_(\w+)$/.exec(macro)
  if (
    match === null ||
    /^(syscalls|SYSCALL_BASE|SYSCALL_MASK|OABI_SYSCALL_BASE|BASE|COMPAT_\w+|arch_specific_syscall)$/.test(match[2])
  )
    return
  let name = match[2]
  // The generic header guards these by word size and by architecture, which a plain reader of macros does not see.
  if (generic && number >= 403 && number <= 423 && number !== 415) return
  if (generic && name === 'sync_file_range2') return
  if (match[1] === '3264') {
    const alias = [...known.keys()].find((key) => key !== macro && key.startsWith('__NR_') && known.get(key) === number)
    name = alias?.slice(5) ?? (name === 'fstatat' ? 'newfstatat' : name)
  }
  if (!names.has(number)) names.set(number, name)
}

/** Lines of a template that stays readable in a diff. */
export function wrap(words) {
  const lines = []
  let line = ''
  for (const word of words) {
    if (line.length + word.length > 110) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  if (line !== '') lines.push(line)
  if (lines.length === 1) return ` '${lines[0]}'`
  // As the formatter has it: two short pieces stand on one line.
  const both = `    '${lines[0]} ' + '${lines[1]}',`
  if (lines.length === 2 && both.length <= 130) return `\n${both.slice(0, -1)}`
  return lines.map((each, i) => `\n    '${each}${i < lines.length - 1 ? ' ' : ''}'${i < lines.length - 1 ? ' +' : ''}`).join('')
}
