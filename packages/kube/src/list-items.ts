/**
 * Finds the bytes of each element of the `items` array of a JSON document, so that an event of an
 * EventList can be kept exactly as it was received.
 *
 * @param bytes UTF-8 JSON that is known to parse.
 * @param key Name of the array, searched at any depth but not inside its own elements.
 * @returns Begin and end offsets, end exclusive; empty where there is no such array.
 */
export function listItems(bytes: Buffer, key = 'items'): [number, number][] {
  const open = findArray(bytes, Buffer.from(`"${key}"`))
  if (open < 0) return []
  const spans: [number, number][] = []
  let depth = 0
  let begin = -1
  for (let at = open + 1; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at)
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth++ === 0) begin = at
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth-- === 0) return spans
      if (depth === 0) spans.push([begin, at + 1])
    }
  }
  return spans
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Offset of the bracket that opens the array of a key; −1 where there is none. Strings that merely contain the key are passed over. */
function findArray(bytes: Buffer, quoted: Buffer): number {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== QUOTE) continue
    const end = endOfString(bytes, at)
    let next = end + 1
    while (isBlank(bytes[next])) next++
    if (bytes[next] === 0x3a && bytes.subarray(at, end + 1).equals(quoted)) {
      next++
      while (isBlank(bytes[next])) next++
      if (bytes[next] === OPEN_BRACKET) return next
    }
    at = end
  }
  return -1
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

function endOfString(bytes: Buffer, open: number): number {
  let at = open + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}
