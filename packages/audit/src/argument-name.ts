/** What a field name of EXECVE names. Filled by `readArgumentName`. */
export interface ArgumentName {
  /** N of `aN`, `aN_len`, `aN[i]`. */
  argument: number
  /** `WHOLE_PART` for `aN`, `LENGTH_PART` for `aN_len`, else i of `aN[i]`. */
  part: number
}

/** `part` of `aN` and of `aN_len`. */
export const WHOLE_PART = -2
export const LENGTH_PART = -1

/** Most digits of a number in a name: more is left to the long way. */
const MAX_DIGITS = 6

/**
 * Reads a field name of EXECVE as the kernel writes it (kernel/auditsc.c, audit_log_execve_info).
 *
 * @returns false for any other name.
 */
export function readArgumentName(buffer: Uint8Array, start: number, end: number, name: ArgumentName): boolean {
  if (buffer[start] !== 0x61) return false
  const stop = endOfNumber(buffer, start + 1, end)
  if (stop < 0) return false
  name.argument = numberAt(buffer, start + 1, stop)
  name.part = WHOLE_PART
  if (stop === end) return true
  if (buffer[stop] === 0x5f) {
    name.part = LENGTH_PART
    return end - stop === 4 && buffer[stop + 1] === 0x6c && buffer[stop + 2] === 0x65 && buffer[stop + 3] === 0x6e
  }
  if (buffer[stop] !== 0x5b || buffer[end - 1] !== 0x5d || endOfNumber(buffer, stop + 1, end - 1) !== end - 1) return false
  name.part = numberAt(buffer, stop + 1, end - 1)
  return true
}

/** Behind the digits from `start` on; −1 where there are none, too many, or a leading zero. */
function endOfNumber(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (buffer[at] as number) >= 48 && (buffer[at] as number) <= 57) at++
  const digits = at - start
  return digits === 0 || digits > MAX_DIGITS || (digits > 1 && buffer[start] === 0x30) ? -1 : at
}

function numberAt(buffer: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) value = value * 10 + (buffer[i] as number) - 48
  return value
}
