/**
 * Undoes rsyslog's escapes of control characters (`#035` for 0x1D), outside double quotes only: a quoted
 * value of the kernel never holds a control character (it would have been logged as hex), so a `#011` there
 * is what the program wrote.
 * Source: rsyslog, `$EscapeControlCharactersOnReceive`, default on, `#` and three octal digits.
 *
 * @returns A copy without escapes; undefined where there is nothing to undo.
 */
export function unescapeSyslog(buffer: Buffer, start: number, end: number): Buffer | undefined {
  let hash = start
  while (hash < end && !(buffer[hash] === 0x23 && controlAt(buffer, hash, end) >= 0)) hash++
  if (hash >= end) return undefined
  const out = Buffer.allocUnsafe(end - start)
  let length = 0
  let quoted = false
  for (let at = start; at < end; at++) {
    const byte = buffer[at] as number
    if (byte === 0x22) quoted = !quoted
    const control = !quoted && byte === 0x23 ? controlAt(buffer, at, end) : -1
    out[length++] = control < 0 ? byte : control
    if (control >= 0) at += 3
  }
  return out.subarray(0, length)
}

function controlAt(buffer: Buffer, at: number, end: number): number {
  if (at + 3 >= end) return -1
  let value = 0
  for (let i = 1; i <= 3; i++) {
    const digit = (buffer[at + i] as number) - 48
    if (digit < 0 || digit > 7) return -1
    value = value * 8 + digit
  }
  return value < 32 || value === 127 ? value : -1
}
