import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
  ptrace: [
    ['linux/ptrace.h', '../include/x86_64-linux-gnu/asm/ptrace-abi.h'],
    /^(PTRACE_(?!O_|EVENT_|EVENTMSG|SYSCALL_INFO|MODE|SEIZE_DEVEL|PEEKSIGINFO_SHARED|OLDSETOPTIONS|SINGLEBLOCK|ARCH)[A-Z0-9_]+)$/,
  ],
  rlimit: [['asm-generic/resource.h'], /^(RLIMIT_[A-Z]+)$/],
  clock: [['linux/time.h'], /^(CLOCK_[A-Z_]+)$/],
  scheduler: [['linux/sched.h'], /^(SCHED_(?!RESET|FLAG)[A-Z]+)$/],
  epoll: [['linux/eventpoll.h'], /^(EPOLL_CTL_[A-Z]+)$/],
  resolve: [['linux/openat2.h'], /^(RESOLVE_[A-Z_]+)$/],
  seek: [['linux/fs.h'], /^(SEEK_(?!MAX)[A-Z]+)$/],
  ioctl: [['asm-generic/ioctls.h', 'linux/kd.h'], /^((?:TC|TIOC|FIO)[A-Z0-9]+|KD[SG]ETMODE)$/],
  socketOption: [['asm-generic/socket.h'], /^(SO_[A-Z0-9_]+?|SCM_TIMESTAMPING_[A-Z_]+)(?:_OLD)?$/],
  ipOption: [
    ['linux/in.h', 'linux/netfilter_ipv4/ip_tables.h'],
    /^(IP_(?!PMTUDISC|DEFAULT|MAX)[A-Z_]+|MCAST_(?!EXCLUDE|INCLUDE)[A-Z_]+|IPT_SO_[SG]ET_[A-Z_]+)$/,
  ],
  ip6Option: [
    ['linux/in.h', 'linux/in6.h', 'linux/netfilter_ipv6/ip6_tables.h'],
    /^(IPV6_(?!PMTUDISC|TLV|FL_|FLOWINFO_[FP]|PRIORITY|PREFER)[A-Z_0-9]+|MCAST_(?!EXCLUDE|INCLUDE)[A-Z_]+|IP6T_SO_[SG]ET_[A-Z_]+)$/,
  ],
  tcpOption: [['linux/tcp.h'], /^(TCP_(?!MSS_|S_|REPAIR_O|NLA|MD5SIG_(?!EXT)|RECEIVE)[A-Z0-9_]+)$/],
  udpOption: [['linux/udp.h'], /^(UDP_(?:CORK|ENCAP|NO_CHECK6_TX|NO_CHECK6_RX|SEGMENT|GRO))$/],
  packetOption: [
    ['linux/if_packet.h'],
    /^(PACKET_(?!HOST|BROADCAST|MULTICAST|OTHERHOST|OUTGOING|LOOPBACK|USER|KERNEL|FASTROUTE|FANOUT_(?!DATA)|MR_)[A-Z_]+)$/,
  ],
}

const SOCKET_DOMAINS =
  'local inet ax25 ipx appletalk netrom bridge atmpvc x25 inet6 rose decnet netbeui security key netlink packet ash econet atmsvc rds sna irda pppox wanpipe llc ib mpls can tipc bluetooth iucv rxrpc isdn phonet ieee802154 caif alg nfc vsock kcm qipcrtr smc xdp mctp'.split(
    ' ',
  )

/** Protocols by number, under the first name that /etc/protocols gives. */
function protocols(file) {
  const numbers = new Map()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name, number] = /^([\w.+-]+)\s+(\d+)\b/.exec(line) ?? []
    if (name !== undefined && !numbers.has(Number(number))) numbers.set(Number(number), name)
  }
  return [...numbers].sort((a, b) => a[0] - b[0])
}

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
  // The C library's names; the kernel's headers say PEEKUSR and POKEUSR.
  tables.ptrace = tables.ptrace.map(([value, word]) => [value, word.replace(/USR$/, 'USER')])
  tables.socketDomain = SOCKET_DOMAINS.map((name, i) => [i + 1, name])
  const operations = readEnum(join(include, 'linux/io_uring.h'), 'io_uring_op')
  tables.ringOperation = [...operations]
    .filter(([name]) => name !== 'IORING_OP_LAST')
    .map(([name, value]) => [value, name.slice('IORING_OP_'.length).toLowerCase()])
  tables.protocol = protocols(join(root, 'netbase/etc/protocols'))
  const parts = Object.entries(tables).map(
    ([name, list]) => `  ${name}:${wrap(list.map(([value, word]) => `${value}:${word}`))},`,
  )
  const text = `// Made by scripts/generate-tables.mjs from linux-libc-dev ${versions['linux-libc-dev']}, netbase ${versions.netbase}; do not edit.\n
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
