import { SYSCALLS } from './tables/syscalls.ts'

/**
 * Table of each arch token. Tokens: AUDIT_ARCH_* of include/uapi/linux/audit.h, which is the ELF machine number
 * (linux/elf-em.h) with flags for 64 bit (0x80000000) and little endian (0x40000000).
 */
const ARCHS: Readonly<Record<string, string>> = {
  c000003e: 'x86_64',
  '40000003': 'i386',
  c00000b7: 'aarch64',
  '40000028': 'arm',
  c00000f3: 'riscv64',
  '80000016': 's390x',
  c0000015: 'ppc64le',
  '80000015': 'ppc64',
  '14': 'ppc',
  '28': 'arm',
  '16': 's390',
  '400000f3': 'riscv32',
  c0000102: 'loongarch64',
  c0000032: 'ia64',
  c0009026: 'alpha',
  '8': 'mips',
  '40000008': 'mipsel',
  '80000008': 'mips64',
  c0000008: 'mipsel64',
  '8000002b': 'sparc64',
  f: 'parisc',
}

/** Architectures that count their calls as another one does. */
const SHARED_TABLES: Readonly<Record<string, string>> = {
  ...{ ppc64: 'ppc64le', ppc: 'ppc64le', riscv32: 'riscv64' },
  // arch/loongarch/include/uapi/asm/unistd.h: asm-generic's numbers, as aarch64 has them.
  loongarch64: 'aarch64',
}

/** Calls of Arm's kernel that are not in its table. Source: arch/arm/include/uapi/asm/unistd.h, __ARM_NR_BASE. */
const ARM_PRIVATE: ReadonlyMap<number, string> = new Map([
  [0x0f_0001, 'breakpoint'],
  [0x0f_0002, 'cacheflush'],
  [0x0f_0003, 'usr26'],
  [0x0f_0004, 'usr32'],
  [0x0f_0005, 'set_tls'],
  [0x0f_0006, 'get_tls'],
])

/** Bit 30 marks an x32 call on x86_64. Source: arch/x86/include/uapi/asm/unistd.h, __X32_SYSCALL_BIT. */
const X32_BIT = 0x4000_0000
/** From here on numbers are x32's own. */
const X32_OWN = 512

/** Tokens seen, with their architecture or '' where it is unknown. Records can claim any: no more are remembered. */
const archOfToken = new Map<string, string>()
const MAX_TOKENS = 64

const tables = new Map<string, Map<number, string>>()

/** Architecture name of an `arch=` token, e.g. `x86_64`; undefined for one that is not known. */
export function archName(token: string): string | undefined {
  return ARCHS[token.toLowerCase().replace(/^0+(?=.)/, '')]
}

/** `arch=` token of an architecture name; undefined for one that is not known. */
export function archToken(name: string): string | undefined {
  return Object.keys(ARCHS).find((token) => ARCHS[token] === name)
}

/**
 * Name of a system call.
 *
 * @param token `arch=` as logged, e.g. `c000003e`.
 * @returns undefined where the architecture or number is unknown, also for −1 (a call that seccomp or ptrace skipped).
 */
export function syscallName(token: string, number: number): string | undefined {
  let arch = archOfToken.get(token)
  if (arch === undefined) {
    arch = archName(token) ?? ''
    if (archOfToken.size < MAX_TOKENS) archOfToken.set(token, arch)
  }
  if (arch === '' || number < 0) return undefined
  if (arch === 'x86_64' && number >= X32_BIT) {
    // Kernels before 5.6 took the numbers of 64-bit calls with the bit as well. Source: arch/x86/entry/common.c, do_syscall_64.
    const own = number - X32_BIT
    return syscallTable('x32').get(own) ?? (own < X32_OWN ? syscallTable('x86_64').get(own) : undefined)
  }
  return syscallTable(arch).get(number) ?? (arch === 'arm' ? ARM_PRIVATE.get(number) : undefined)
}

/** Number → name of an architecture (`x86_64`, `i386`, `x32`, `aarch64`, `arm`, `riscv64`, `s390x`, `ppc64le`). */
export function syscallTable(arch: string): ReadonlyMap<number, string> {
  let table = tables.get(arch)
  if (table === undefined) {
    table = new Map()
    for (const entry of (SYSCALLS[SHARED_TABLES[arch] ?? arch] ?? '').split(' ')) {
      const colon = entry.indexOf(':')
      if (colon > 0) table.set(Number(entry.slice(0, colon)), entry.slice(colon + 1))
    }
    tables.set(arch, table)
  }
  return table
}
