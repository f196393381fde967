import { isUtf8 } from 'node:buffer'

/** Bytes as text in which control characters, `%`, `+` and what is not UTF-8 are written `%xx`: nothing is lost. */
export function percentText(bytes: Buffer): string {
  if (isUtf8(bytes))
    return bytes.toString('utf8').replace(/[\u0000-\u001f\u007f%+]/g, (character) => percent(character.charCodeAt(0)))
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    text += length > 1 ? bytes.toString('utf8', at, at + length) : byteText(bytes[at] as number)
    at += length
  }
  return text
}

/** Bytes of the UTF-8 character at a place, 1 where there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 2; length <= 4; length++) {
    if (at + length <= bytes.length && (bytes[at] as number) >= 0xc2 && isUtf8(bytes.subarray(at, at + length))) return length
  }
  return 1
}

function byteText(byte: number): string {
  return byte < 0x20 || byte >= 0x7f || byte === 0x25 || byte === 0x2b ? percent(byte) : String.fromCharCode(byte)
}

function percent(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`
}
