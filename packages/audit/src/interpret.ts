import type { DecodedEvent } from './decoded-event.ts'
import { archName, syscallName } from './syscall-name.ts'

/** The event's numbers in words. A number without a word is left out. */
export function interpretEvent(event: DecodedEvent): Record<string, string> {
  const words: Record<string, string> = {}
  const arch = archName(event.arch)
  if (arch !== undefined) words.arch = arch
  const syscall = syscallName(event.arch, event.syscall)
  if (syscall !== undefined) words.syscall = syscall
  return words
}
