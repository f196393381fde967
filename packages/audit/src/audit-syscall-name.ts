import { archName, syscallName } from './syscall-name.ts'

/**
 * Calls that auditctl and ausearch know by another name than the kernel's headers.
 * Source: the output of `ausyscall ARCH --dump` of Debian's auditd 3.0.9.
 */
const AUDIT_NAMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  x86_64: { 17: 'pread', 18: 'pwrite' },
  i386: { 283: 'sys_kexec_load', 423: 'sched_rr_get_interval64' },
  aarch64: { 61: 'getdents', 67: 'pread', 68: 'pwrite', 80: 'newfstat' },
  arm: {
    140: 'llseek',
    142: 'newselect',
    149: 'sysctl',
    270: 'fadvise64_64',
    341: 'sync_file_range',
    423: 'sched_rr_get_interval64',
  },
  s390x: { 180: 'pread', 181: 'pwrite' },
  ppc64le: { 179: 'pread', 180: 'pwrite', 291: 'fstatat64', 306: 'timerfd', 319: 'perf_counter_open' },
}
const SAME_NAMES: Readonly<Record<string, string>> = { ppc64: 'ppc64le', ppc: 'ppc64le' }

/** Calls that one number of i386 and its like stands for, by the first argument. Source: include/uapi/linux/net.h, SYS_*. */
const SOCKET_CALLS = (
  'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt getsockopt ' +
  'sendmsg recvmsg accept4 recvmmsg sendmmsg'
).split(' ')

/** Source: include/uapi/linux/ipc.h. */
const IPC_CALLS: Readonly<Record<number, string>> = {
  1: 'semop',
  2: 'semget',
  3: 'semctl',
  4: 'semtimedop',
  11: 'msgsnd',
  12: 'msgrcv',
  13: 'msgget',
  14: 'msgctl',
  21: 'shmat',
  22: 'shmdt',
  23: 'shmget',
  24: 'shmctl',
}

/** Name of a system call as the audit tools give it; see `syscallName` for the kernel's own. */
export function auditSyscallName(token: string, number: number): string | undefined {
  const arch = archName(token) ?? ''
  return AUDIT_NAMES[SAME_NAMES[arch] ?? arch]?.[number] ?? syscallName(token, number)
}

/** Number of a system call by the audit tools' name, where that is not the kernel's; undefined for any other name. */
export function auditSyscallNumber(arch: string, name: string): number | undefined {
  const names = AUDIT_NAMES[SAME_NAMES[arch] ?? arch] ?? {}
  const number = Object.keys(names).find((key) => names[Number(key)] === name)
  return number === undefined ? undefined : Number(number)
}

/**
 * The call that `socketcall` or `ipc` was made for.
 *
 * @param first Argument a0, hexadecimal.
 */
export function multiplexedCall(name: string, first: string): string | undefined {
  const number = Number.parseInt(first, 16)
  if (name === 'socketcall') return SOCKET_CALLS[number - 1]
  return name === 'ipc' ? IPC_CALLS[number & 0xffff] : undefined
}
