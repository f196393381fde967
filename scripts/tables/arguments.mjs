import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { readDefines, readEnum } from './headers.mjs'
import { wrap } from './syscalls.mjs'

// Table → headers and the macros taken from them (first group of the pattern = the word shown).
const MACROS = {
  errno: [['asm-generic/errno-base.h', 'asm-generic/errno.h'], /^(E[A-Z0-9]+)$/],
  signal: [['asm-generic/signal.h'], /^(SIG(?!RTMIN|RTMAX|IOT$|POLL$|STKSZ|_)[A-Z0-9]+)$/],
  capability: [['linux/capability.h'], /^CAP_(?!LAST_CAP)([A-Z0-9_]+)$/, 'lower'],
  open: [['asm-generic/fcntl.h'], /^(__O_SYNC|O_(?!ACCMODE|SYNC$|NDELAY$|TMPFILE)[A-Z]+|__O_TMPFILE)$/],
  fcntl: [
    ['asm-generic/fcntl.h', 'linux/fcntl.h'],
    /^(F_(?!LINUX_SPECIFIC_BASE|RDLCK|WRLCK|UNLCK|EXLCK|SHLCK|OWNER_|SEAL_)[A-Z0-9_]+)$/,
  ],
  prot: [['asm-generic/mman-common.h'], /^(PROT_(?!NONE)[A-Z]+)$/],
  mmap: [
    ['linux/mman.h', 'asm-generic/mman-common.h', 'asm-generic/mman.h'],
    /^(MAP_(?!TYPE|FILE|UNINITIALIZED|HUGE_)[A-Z_0-9]+)$/,
  ],
  clone: [['linux/sched.h'], /^(CLONE_(?!ARGS)[A-Z_]+)$/],
  mount: [['linux/mount.h'], /^(MS_(?!RMT_MASK|MGC_|VERBOSE|BORN|ACTIVE|NOUSER|SUBMOUNT|NOREMOTELOCK|NOSEC|RMT)[A-Z_]+)$/],
  prctl: [
    ['linux/prctl.h'],
    /^(PR_(?!SET_MM_|MCE_KILL_|SVE_|SME_VL|FP_|TIMING_|ENDIAN_|TSC_|TAGGED|PAC_AP|SPEC_|CAP_AMBIENT_|SET_PTRACER_|UNALIGN|FPEMU|SCHED_CORE_|MTE_|SYS_DISPATCH)[A-Z_0-9]+)$/,
  ],
  ptrace: [['linux/ptrace.h'], /^(PTRACE_(?!O_|EVENT_|EVENTMSG|SYSCALL_INFO|MODE|SEIZE_DEVEL|PEEKSIGINFO_SHARED)[A-Z0-9_]+)$/],
  rlimit: [['asm-generic/resource.h'], /^(RLIMIT_[A-Z]+)$/],
  clock: [['linux/time.h'], /^(CLOCK_[A-Z_]+)$/],
  scheduler: [['linux/sched.h'], /^(SCHED_(?!RESET|FLAG)[A-Z]+)$/],
  epoll: [['linux/eventpoll.h'], /^(EPOLL_CTL_[A-Z]+)$/],
  resolve: [['linux/openat2.h'], /^(RESOLVE_[A-Z_]+)$/],
  seek: [['linux/fs.h'], /^(SEEK_(?!MAX)[A-Z]+)$/],
}

const SOCKET_DOMAINS =
  'local inet ax25 ipx appletalk netrom bridge atmpvc x25 inet6 rose decnet netbeui security key netlink packet ash econet atmsvc rds sna irda pppox wanpipe llc ib mpls can tipc bluetooth iucv rxrpc isdn phonet ieee802154 caif alg nfc vsock kcm qipcrtr smc xdp mctp'.split(
    ' ',
  )

/** Numbers that calls take as arguments, and the words for them. */
export function argumentTables(root, versions) {
  const include = join(root, 'linux-libc-dev/usr/include')
  const tables = {}
  for (const [name, [headers, pattern, form]] of Object.entries(MACROS)) {
    const values = new Map()
    let known = new Map()
    for (const header of headers) {
      const defines = readDefines(join(include, header), known)
      known = new Map([...known, ...defines])
      for (const [macro, value] of defines) {
        const word = pattern.exec(macro)?.[1]
        if (word !== undefined && !values.has(value)) values.set(value, form === 'lower' ? word.toLowerCase() : word)
      }
    }
    tables[name] = [...values].sort((a, b) => a[0] - b[0])
  }
  const commands = readEnum(join(include, 'linux/bpf.h'), 'bpf_cmd')
  tables.clone = tables.clone.filter(([value]) => value < 2 ** 32)
  tables.bpf = [...commands]
    .map(([name, value]) => [value, name])
    .filter(([value], i, all) => all.findIndex(([other]) => other === value) === i)
  tables.socketDomain = SOCKET_DOMAINS.map((name, i) => [i + 1, name])
  const protocols = readEnum(join(include, 'linux/in.h'), '')
  const list = protocols.size > 0 ? protocols : readDefines(join(include, 'linux/in.h'))
  tables.protocol = [...list]
    .filter(([name]) => name.startsWith('IPPROTO_'))
    .map(([name, value]) => [value, name.slice(8).toLowerCase()])
  const parts = Object.entries(tables).map(
    ([name, list]) => `  ${name}:${wrap(list.map(([value, word]) => `${value}:${word}`))},`,
  )
  const text = `// Made by scripts/generate-tables.mjs from linux-libc-dev ${versions['linux-libc-dev']}; do not edit.\n
/** Constants of system calls as \`number:word\`, separated by blanks. */
export const CONSTANTS: Readonly<Record<string, string>> = {
${parts.join('\n')}
}

/** What the C library says of each error number, by number. */
export const ERROR_TEXTS: readonly string[] = [
${errorTexts(Math.max(...tables.errno.map(([value]) => value)))}
]
`
  return { 'constants.ts': text }
}

/** Texts of strerror(3) in the C locale: they are libc's, no header holds them. */
function errorTexts(last) {
  const script = `for (0..${last}) { $! = $_; print "$!\\n" }`
  const lines = execFileSync('perl', ['-e', script], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
    .trimEnd()
    .split('\n')
  return lines.map((line) => `  ${line.includes("'") ? JSON.stringify(line) : `'${line}'`},`).join('\n')
}
