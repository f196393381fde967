/** Value of a hex digit, 255 for any other byte. */
export const HEX_DIGIT = new Uint8Array(256).fill(255)
for (let i = 0; i < 16; i++) HEX_DIGIT['0123456789ABCDEF'.charCodeAt(i)] = i
/** The same, upper case only. */
export const UPPER_HEX_DIGIT = Uint8Array.from(HEX_DIGIT)
for (let i = 10; i < 16; i++) HEX_DIGIT['0123456789abcdef'.charCodeAt(i)] = i

/**
 * How many bytes from `start` on are hex digits.
 *
 * @param upper Upper case only, which is all that the kernel and libaudit write: user space also wrote plain words
 *   without quotes (`acct=dad0`). Some loggers rewrite the kernel's own values in lower case.
 */
export function hexLength(buffer: Uint8Array, start: number, end: number, upper: boolean): number {
  const digits = upper ? UPPER_HEX_DIGIT : HEX_DIGIT
  let at = start
  while (at < end && (digits[buffer[at] as number] as number) < 16) at++
  return at - start
}

/** Decodes `digits` hex digits into `out` at `offset`; an odd last digit is dropped. Returns the bytes written. */
export function writeHex(buffer: Uint8Array, start: number, digits: number, out: Uint8Array, offset: number): number {
  const length = digits >> 1
  for (let i = 0; i < length; i++) {
    const at = start + i * 2
    out[offset + i] = ((HEX_DIGIT[buffer[at] as number] as number) << 4) | (HEX_DIGIT[buffer[at + 1] as number] as number)
  }
  return length
}
