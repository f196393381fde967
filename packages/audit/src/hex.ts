/** Value of an upper-case hex digit, 255 for any other byte: the kernel and libaudit write upper case only. */
const DIGIT = new Uint8Array(256).fill(255)
for (let i = 0; i < 16; i++) DIGIT['0123456789ABCDEF'.charCodeAt(i)] = i

/** How many bytes from `start` on are upper-case hex digits. */
export function hexLength(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (DIGIT[buffer[at] as number] as number) < 16) at++
  return at - start
}

/** Decodes `digits` hex digits into `out` at `offset`; an odd last digit is dropped. Returns the bytes written. */
export function writeHex(buffer: Uint8Array, start: number, digits: number, out: Uint8Array, offset: number): number {
  const length = digits >> 1
  for (let i = 0; i < length; i++) {
    const at = start + i * 2
    out[offset + i] = ((DIGIT[buffer[at] as number] as number) << 4) | (DIGIT[buffer[at + 1] as number] as number)
  }
  return length
}
