import type { EventReading } from './event-reading.ts'
import { KEY } from './field-dictionary.ts'
import { fieldText } from './field-value.ts'
import { syscallName } from './syscall-name.ts'

/** Which argument of a call is a directory descriptor for relative names. Source: the calls' manual pages, section 2. */
const DIRECTORY_ARGUMENTS: Readonly<Record<string, readonly ('a0' | 'a1' | 'a2')[]>> = {
  openat: ['a0'],
  openat2: ['a0'],
  mkdirat: ['a0'],
  mknodat: ['a0'],
  fchownat: ['a0'],
  futimesat: ['a0'],
  newfstatat: ['a0'],
  fstatat64: ['a0'],
  unlinkat: ['a0'],
  renameat: ['a0', 'a2'],
  renameat2: ['a0', 'a2'],
  linkat: ['a0', 'a2'],
  symlinkat: ['a1'],
  readlinkat: ['a0'],
  fchmodat: ['a0'],
  fchmodat2: ['a0'],
  faccessat: ['a0'],
  faccessat2: ['a0'],
  utimensat: ['a0'],
  utimensat_time64: ['a0'],
  name_to_handle_at: ['a0'],
  execveat: ['a0'],
  statx: ['a0'],
}

/** Whether a relative name of this event may start from another directory than the process's own. */
export function ownDirectory(event: EventReading): boolean {
  if (!event.hasSyscall) return false
  const args = DIRECTORY_ARGUMENTS[syscallName(event.arch, event.syscall) ?? '']
  return args?.some((name) => !isCurrentDirectory(fieldText(event.main, KEY[name]))) ?? false
}

/** AT_FDCWD, −100, as the kernel prints an unsigned long of either size. Source: include/uapi/linux/fcntl.h. */
function isCurrentDirectory(value: string | null | undefined): boolean {
  return value === undefined || value === null || /^f+9c$/.test(value)
}
