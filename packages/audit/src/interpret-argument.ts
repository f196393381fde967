import { multiplexedCall } from './audit-syscall-name.ts'
import { capabilityNumberWord, constants, flagWords, modeWords, permissionWords } from './constant-words.ts'
import { personalityWords } from './personality-words.ts'
import { socketLevelWord, socketOptionWord } from './socket-option-words.ts'

type Interpreter = (value: bigint, all: readonly bigint[]) => string | undefined

const MASK32 = 0xffff_ffffn

const word =
  (table: string): Interpreter =>
  (value) =>
    constants(table).get(Number(value & MASK32))

const flags =
  (table: string): Interpreter =>
  (value) =>
    flagWords(table, value) || undefined

/** AT_FDCWD is −100 in either word size. Source: include/uapi/linux/fcntl.h. */
const directory: Interpreter = (value) => ((value & MASK32) === 0xffff_ff9cn ? 'AT_FDCWD' : undefined)
const mode: Interpreter = (value) => permissionWords(Number(value & 0xffffn))
const account: Interpreter = (value) => ((value & MASK32) === MASK32 ? 'unset' : (value & MASK32) === 0n ? 'root' : undefined)
const signal: Interpreter = word('signal')
const open: Interpreter = (value) => openWords(value)
const openMode =
  (at: number): Interpreter =>
  (value, all) =>
    ((all[at] ?? 0n) & 0o100n) !== 0n ? permissionWords(Number(value & 0xffffn)) : undefined
const access: Interpreter = (value) => accessWords(Number(value & 7n))
const prot: Interpreter = (value) => ((value & 7n) === 0n ? 'PROT_NONE' : flagWords('prot', value))
const mapping: Interpreter = (value) => mappingWords(value)
const clone: Interpreter = (value) => cloneWords(value)
const message: Interpreter = (value) => {
  const words = MESSAGE_FLAGS.filter(([bit]) => value & BigInt(bit)).map(([, name]) => name)
  return words.length > 0 ? words.join('|') : undefined
}
const level: Interpreter = (value) => socketLevelWord(Number(value & MASK32))
const option: Interpreter = (value, all) => socketOptionWord(Number((all[1] ?? 0n) & MASK32), Number(value & MASK32))
const node: Interpreter = (value) => modeWords(Number(value & 0xffffn))
const personality: Interpreter = (value) => personalityWords((value & MASK32).toString(16))
const exitCode: Interpreter = (value) => (value === 0n ? 'EXIT_SUCCESS' : value === 1n ? 'EXIT_FAILURE' : undefined)
const socketCall: Interpreter = (value) => multiplexedCall('socketcall', value.toString(16))
/** F_SETFD's only flag. Source: include/uapi/asm-generic/fcntl.h. */
const descriptorFlag: Interpreter = (value, all) => (all[1] === 2n && value === 1n ? 'FD_CLOEXEC' : undefined)
/** PR_SET_PDEATHSIG takes a signal, PR_CAPBSET_READ and _DROP a capability. Source: include/uapi/linux/prctl.h. */
const processOption: Interpreter = (value, all) => {
  if (all[0] === 1n) return signal(value, all)
  return all[0] === 23n || all[0] === 24n ? capabilityNumberWord(Number(value & MASK32)) : undefined
}
/** Source: include/uapi/linux/ipc.h, include/linux/shm.h. */
const shared: Interpreter = (value) => {
  const names: readonly (readonly [bigint, string])[] = [
    [0o1000n, 'IPC_CREAT'],
    [0o2000n, 'IPC_EXCL'],
    [0o4000n, 'IPC_NOWAIT'],
  ]
  const words = names.filter(([bit]) => value & bit).map(([, name]) => name)
  return [...words, permissionWords(Number(value & 0o777n))].join('|')
}
const unmount: Interpreter = (value) => {
  const words = ['MNT_FORCE', 'MNT_DETACH', 'MNT_EXPIRE', 'UMOUNT_NOFOLLOW'].filter((_, bit) => (value >> BigInt(bit)) & 1n)
  return words.length > 0 ? words.join('|') : undefined
}

/** Flags of send and recv. Source: include/linux/socket.h (not exported to user space). */
const MESSAGE_FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'MSG_OOB'],
  [0x2, 'MSG_PEEK'],
  [0x4, 'MSG_DONTROUTE'],
  [0x8, 'MSG_CTRUNC'],
  [0x10, 'MSG_PROXY'],
  [0x20, 'MSG_TRUNC'],
  [0x40, 'MSG_DONTWAIT'],
  [0x80, 'MSG_EOR'],
  [0x100, 'MSG_WAITALL'],
  [0x200, 'MSG_FIN'],
  [0x400, 'MSG_SYN'],
  [0x800, 'MSG_CONFIRM'],
  [0x1000, 'MSG_RST'],
  [0x2000, 'MSG_ERRQUEUE'],
  [0x4000, 'MSG_NOSIGNAL'],
  [0x8000, 'MSG_MORE'],
  [0x10000, 'MSG_WAITFORONE'],
  [0x20000000, 'MSG_FASTOPEN'],
  [0x40000000, 'MSG_CMSG_CLOEXEC'],
]

/** Socket types, in the low four bits. Source: include/linux/net.h. */
const SOCKET_TYPES: Readonly<Record<number, string>> = {
  1: 'SOCK_STREAM',
  2: 'SOCK_DGRAM',
  3: 'SOCK_RAW',
  4: 'SOCK_RDM',
  5: 'SOCK_SEQPACKET',
  6: 'SOCK_DCCP',
  10: 'SOCK_PACKET',
}

/** Meaning of the arguments a0 to a3 of a call, in order. Source: each call's manual page, section 2. */
const ARGUMENTS: Readonly<Record<string, readonly (Interpreter | undefined)[]>> = {
  access: [undefined, access],
  bpf: [word('bpf')],
  chmod: [undefined, mode],
  chown: [undefined, account, account],
  clock_settime: [word('clock')],
  clone: [clone],
  creat: [undefined, mode],
  epoll_ctl: [undefined, word('epoll')],
  execveat: [directory],
  faccessat: [directory, undefined, access],
  faccessat2: [directory, undefined, access],
  fchmod: [undefined, mode],
  fchmodat: [directory, undefined, mode],
  fchown: [undefined, account, account],
  fchownat: [directory, undefined, account, account],
  exit: [exitCode],
  exit_group: [exitCode],
  fcntl: [undefined, word('fcntl'), descriptorFlag],
  fcntl64: [undefined, word('fcntl'), descriptorFlag],
  fstatat64: [directory],
  futimesat: [directory],
  getrlimit: [word('rlimit')],
  getsockopt: [undefined, level, option],
  ioctl: [undefined, word('ioctl')],
  kill: [undefined, signal],
  lchown: [undefined, account, account],
  linkat: [directory, undefined, directory],
  lseek: [undefined, undefined, word('seek')],
  mkdir: [undefined, mode],
  mkdirat: [directory, undefined, mode],
  mknod: [undefined, node],
  mknodat: [directory, undefined, mode],
  mmap: [undefined, undefined, prot, mapping],
  mmap2: [undefined, undefined, prot, mapping],
  mount: [undefined, undefined, undefined, flags('mount')],
  mprotect: [undefined, undefined, prot],
  mq_open: [undefined, open, openMode(1)],
  name_to_handle_at: [directory],
  newfstatat: [directory],
  open: [undefined, open, openMode(1)],
  open_by_handle_at: [undefined, undefined, open],
  openat: [directory, undefined, open, openMode(2)],
  openat2: [directory],
  personality: [personality],
  prctl: [word('prctl'), processOption],
  ptrace: [word('ptrace')],
  readlinkat: [directory],
  recvfrom: [undefined, undefined, undefined, message],
  recvmmsg: [undefined, undefined, undefined, message],
  recvmsg: [undefined, undefined, message],
  renameat: [directory, undefined, directory],
  renameat2: [directory, undefined, directory],
  rt_sigaction: [signal],
  sched_setscheduler: [undefined, word('scheduler')],
  sendmmsg: [undefined, undefined, undefined, message],
  sendmsg: [undefined, undefined, message],
  sendto: [undefined, undefined, undefined, message],
  setfsgid: [account],
  setfsuid: [account],
  setgid: [account],
  setns: [undefined, clone],
  setregid: [account, account],
  setresgid: [account, account, account],
  setresuid: [account, account, account],
  setreuid: [account, account],
  setrlimit: [word('rlimit')],
  setsockopt: [undefined, level, option],
  setuid: [account],
  shmget: [undefined, undefined, shared],
  socketcall: [socketCall],
  socket: [word('socketDomain'), (value) => SOCKET_TYPES[Number(value & 15n)], word('protocol')],
  statx: [directory],
  symlinkat: [undefined, directory],
  tgkill: [undefined, undefined, signal],
  tkill: [undefined, signal],
  umount2: [undefined, unmount],
  unlinkat: [directory],
  unshare: [clone],
  utimensat: [directory],
}

/** Architectures whose clone takes the stack first and the flags second. Source: arch/Kconfig, CLONE_BACKWARDS2. */
const CLONE_BACKWARDS2 = new Set(['s390x'])

/**
 * An argument of a system call in words.
 *
 * @param args a0 to a3 as logged, hexadecimal.
 * @returns undefined where the argument is a plain number or address, or its value has no word.
 */
export function interpretArgument(arch: string, syscall: string, args: readonly string[], index: number): string | undefined {
  const place = syscall === 'clone' && CLONE_BACKWARDS2.has(arch) ? 1 - index : index
  const interpreter = ARGUMENTS[syscall]?.[place]
  if (interpreter === undefined) return undefined
  const values = args.map((text) => (/^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n))
  return interpreter(values[index] ?? 0n, values)
}

/** Flags of mmap in words; 0 is a plain file. Source: include/uapi/asm-generic/mman-common.h. */
export function mappingWords(value: bigint): string | undefined {
  return value === 0n ? 'MAP_FILE' : flagWords('mmap', value) || undefined
}

/** Flags of open in words: access mode first. Source: include/uapi/asm-generic/fcntl.h. */
export function openWords(value: bigint): string {
  const words = flagWords('open', value & ~3n)
  const mode = constants('open').get(Number(value & 3n)) ?? ''
  if (words === '') return mode
  return (value & 3n) === 0n ? `O_RDONLY|${words}` : `${mode}|${words}`
}

function accessWords(value: number): string {
  if (value === 0) return 'F_OK'
  return [value & 1 ? 'X_OK' : '', value & 2 ? 'W_OK' : '', value & 4 ? 'R_OK' : ''].filter(Boolean).join('|')
}

/** Flags of clone, unshare and setns; the low byte is the signal sent at the child's end. */
function cloneWords(value: bigint): string | undefined {
  const words = flagWords('clone', value & ~0xffn)
  const name = constants('signal').get(Number(value & 0xffn))
  return [words, name].filter(Boolean).join('|') || undefined
}
