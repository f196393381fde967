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
}

/** Bit 30 marks an x32 call on x86_64. Source: arch/x86/include/uapi/asm/unistd.h, __X32_SYSCALL_BIT. */
const X32_BIT = 0x4000_0000

const tables = new Map<string, Map<number, string>>()

/** Architecture name of an `arch=` token, e.g. `x86_64`; undefined for one without a table. */
export function archName(token: string): string | undefined {
  return ARCHS[token.toLowerCase()]
}

/** `arch=` token of an architecture name; undefined for one without a table. */
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
  const arch = archName(token)
  if (arch === undefined || number < 0) return undefined
  if (arch === 'x86_64' && number >= X32_BIT) return syscallTable('x32').get(number - X32_BIT)
  return syscallTable(arch).get(number)
}

/** Number → name of an architecture (`x86_64`, `i386`, `x32`, `aarch64`, `arm`, `riscv64`, `s390x`, `ppc64le`). */
export function syscallTable(arch: string): ReadonlyMap<number, string> {
  let table = tables.get(arch)
  if (table === undefined) {
    table = new Map()
    for (const entry of (SYSCALLS[arch] ?? '').split(' ')) {
      const colon = entry.indexOf(':')
      if (colon > 0) table.set(Number(entry.slice(0, colon)), entry.slice(colon + 1))
    }
    tables.set(arch, table)
  }
  return table
}
