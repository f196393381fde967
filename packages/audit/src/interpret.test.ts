import { describe, expect, it } from 'vitest'
import { interpretField } from './index.ts'

/** A system call's record with its arguments. */
const call = (arch: string, syscall: number, a0 = '0', a1 = '0', a2 = '0', a3 = '0') => ({
  arch,
  syscall: String(syscall),
  a0,
  a1,
  a2,
  a3,
})
const X86 = 'c000003e'

describe('arguments of calls in words', () => {
  it.each([
    ['fcntl: FD_CLOEXEC', call(X86, 72, '3', '2', '1'), { a1: 'F_SETFD', a2: 'FD_CLOEXEC' }],
    ['fcntl: no flag', call(X86, 72, '3', '4', '800'), { a1: 'F_SETFL', a2: undefined }],
    ['setsockopt of a socket', call(X86, 54, '3', '1', '2'), { a1: 'SOL_SOCKET', a2: 'SO_REUSEADDR' }],
    ['setsockopt of TCP', call(X86, 54, '3', '6', '1'), { a1: 'tcp', a2: 'TCP_NODELAY' }],
    ['setsockopt of IP', call(X86, 54, '3', '0', '40'), { a1: 'ip', a2: 'IPT_SO_SET_REPLACE' }],
    ['setsockopt of IPv6', call(X86, 54, '3', '29', '1a'), { a1: 'ipv6', a2: 'IPV6_V6ONLY' }],
    ['setsockopt of UDP', call(X86, 54, '3', '11', '68'), { a1: 'udp', a2: 'UDP_GRO' }],
    ['getsockopt of packets', call(X86, 55, '3', '107', '12'), { a1: 'SOL_PACKET', a2: 'PACKET_FANOUT' }],
    ['setsockopt of an unknown level', call(X86, 54, '3', 'f000', '1'), { a1: undefined, a2: undefined }],
    ['personality', call(X86, 135, '40008'), { a0: 'PER_LINUX32|~ADDR_NO_RANDOMIZE' }],
    ['prctl: a signal', call(X86, 157, '1', 'f'), { a0: 'PR_SET_PDEATHSIG', a1: 'SIGTERM' }],
    ['prctl: a capability', call(X86, 157, '18', '15'), { a0: 'PR_CAPBSET_DROP', a1: 'sys_admin' }],
    ['prctl: a number', call(X86, 157, '4', '1'), { a0: 'PR_SET_DUMPABLE', a1: undefined }],
    ['mmap of a file', call(X86, 9, '0', '1', '0', '0'), { a2: 'PROT_NONE', a3: 'MAP_FILE' }],
    ['mknod', call(X86, 133, '0', '21b6'), { a1: 'character,666' }],
    ['ioctl', call(X86, 16, '0', '5412'), { a1: 'TIOCSTI' }],
    ['exit_group', call(X86, 231, '1'), { a0: 'EXIT_FAILURE' }],
    ['shmget', call(X86, 29, '0', '0', '3b6'), { a2: 'IPC_CREAT|0666' }],
    ['socketcall', call('40000003', 102, '3'), { syscall: 'socketcall(connect)', a0: 'connect' }],
    ['ipc', call('40000003', 117, '17'), { syscall: 'ipc(shmget)', a0: undefined }],
    ["the audit tools' own name", call(X86, 17), { syscall: 'pread' }],
    ['a call newer than the headers', call(X86, 452), { syscall: 'fchmodat2' }],
    ['arm, old ABI', call('40000028', 102, '1'), { syscall: 'socketcall(socket)' }],
    ['big-endian ppc64', call('80000015', 327), { arch: 'ppc64', syscall: 'bind' }],
    ['x32', call(X86, 1073742117), { syscall: 'pipe2' }],
  ])('%s', (_, fields, words) => {
    const found = Object.fromEntries(Object.keys(words).map((name) => [name, interpretField('SYSCALL', name, fields)]))
    expect(found).toEqual(words)
  })
})

describe('fields in words', () => {
  it.each([
    ['SYSCALL', 'per', '400000', 'PER_LINUX'],
    ['SYSCALL', 'per', '1', undefined],
    ['URINGOP', 'uring_op', '18', 'openat'],
    ['CONFIG_CHANGE', 'perm', '15', 'read,write,exec,attr'],
    ['CONFIG_CHANGE', 'list', '6', 'filesystem'],
    ['AVC', 'ioctlcmd', '0x5401', 'TCGETS'],
    ['NETFILTER_PKT', 'hook', '1', 'INPUT'],
    ['NETFILTER_PKT', 'action', '1', 'DROP'],
    ['USER_AVC', 'action', '1', undefined],
    ['NETFILTER_PKT', 'icmptype', '8', 'echo'],
    ['NETFILTER_PKT', 'proto', '58', 'ipv6-icmp'],
    ['NETFILTER_CFG', 'family', '0', 'unspecified'],
    ['MMAP', 'flags', '0x0', 'MAP_FILE'],
    ['SOCKADDR', 'saddr', '0000', 'unknown-family(0)'],
    [
      'TTY',
      'data',
      'ls\t\x1b[A\x1b[3~\x1bOP\x1b[15~\x01\x7f\x1bx"\\\x1c\r',
      '"ls",<tab>,<up>,<delete>,<F1>,<F5>,<^A>,<backspace>,<esc>,"x\\"\\\\\\034",<ret>',
    ],
    ['USER_TTY', 'data', 'é', '"\\303\\251"'],
    ['USER_CMD', 'data', 'x', undefined],
  ])('%s %s=%j', (type, name, value, word) => {
    expect(interpretField(type, name, { [name]: value })).toBe(word)
  })
})
