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

// Calls newer than Debian 12's headers; from 403 on every architecture counts alike. Source: scripts/syscall.tbl of Linux 7.0.
const NEWER = (
  '451:cachestat 452:fchmodat2 453:map_shadow_stack 454:futex_wake 455:futex_wait 456:futex_requeue 457:statmount 458:listmount ' +
  '459:lsm_get_self_attr 460:lsm_set_self_attr 461:lsm_list_modules 462:mseal 463:setxattrat 464:getxattrat 465:listxattrat ' +
  '466:removexattrat 467:open_tree_attr 468:file_getattr 469:file_setattr 470:listns 471:rseq_slice_yield'
).split(' ')

// Calls of one architecture that its headers leave out: the newest, arm's of the old ABI (arch/arm/tools/syscall.tbl,
// "oabi").
const LEFT_OUT = {
  x86_64: ['335:uretprobe'],
  riscv64: ['258:riscv_hwprobe'],
  s390x: ['447:memfd_secret'],
  // A 64-bit kernel takes these from 32-bit programs (arch/powerpc/kernel/syscalls/syscall.tbl, "32").
  ppc64le: (
    '192:mmap2 193:truncate64 194:ftruncate64 195:stat64 196:lstat64 197:fstat64 204:fcntl64 226:sendfile64 254:fadvise64_64 ' +
    '403:clock_gettime64 404:clock_settime64 405:clock_adjtime64 406:clock_getres_time64 407:clock_nanosleep_time64 ' +
    '408:timer_gettime64 409:timer_settime64 410:timerfd_gettime64 411:timerfd_settime64 412:utimensat_time64 413:pselect6_time64 ' +
    '414:ppoll_time64 416:io_pgetevents_time64 417:recvmmsg_time64 418:mq_timedsend_time64 419:mq_timedreceive_time64 ' +
    '420:semtimedop_time64 421:rt_sigtimedwait_time64 422:futex_time64 423:sched_rr_get_interval_time64'
  ).split(' '),
  arm: '13:time 22:umount 25:stime 27:alarm 30:utime 76:getrlimit 82:select 89:readdir 90:mmap 102:socketcall 113:syscall 117:ipc'.split(
    ' ',
  ),
}

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
    for (const entry of [...NEWER, ...(LEFT_OUT[arch] ?? [])]) {
      const [number, name] = entry.split(':')
      if (!names.has(Number(number))) names.set(Number(number), name)
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
