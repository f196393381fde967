/** Keys that send one control character. Source: ASCII; the names are those that terminals' key caps have. */
const CONTROL: Readonly<Record<number, string>> = { 8: 'backspace', 9: 'tab', 10: 'nl', 13: 'ret', 127: 'backspace' }

/** Final letters of `ESC [ X` and `ESC O X`. Source: ECMA-48 cursor keys, DEC VT220 keypads, xterm's ctlseqs. */
const LETTERS: Readonly<Record<string, string>> = {
  '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[F': 'end', '[H': 'home', '[Z': 'back-tab',
  OA: 'up', OB: 'down', OC: 'right', OD: 'left', OF: 'end', OH: 'home', OM: 'send', OP: 'F1', OQ: 'F2', OR: 'F3', OS: 'F4',
} // biome-ignore format: a table

/** Numbers of `ESC [ N ~`. Source: DEC VT220 editing and function keys, xterm's ctlseqs. */
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home', 2: 'insert', 3: 'delete', 4: 'end', 5: 'page-up', 6: 'page-down', 7: 'home', 8: 'end', 11: 'F1', 12: 'F2', 13: 'F3',
  14: 'F4', 15: 'F5', 17: 'F6', 18: 'F7', 19: 'F8', 20: 'F9', 21: 'F10', 23: 'F11', 24: 'F12',
} // biome-ignore format: a table

const ESCAPE = 0x1b

/** Longest `ESC [ N ~` looked for, bytes. */
const MAX_SEQUENCE = 5

/**
 * What was typed, in words: `"ls",<tab>,<up>,<ret>`, the form in which `ausearch -i` shows terminal input.
 * Text stands in quotes, bytes that are neither text nor a key as three octal digits. Linear in the input.
 */
export function keysInWords(bytes: Uint8Array): string {
  const parts: string[] = []
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const [name, length] = keyAt(bytes, at)
    if (name === undefined) text += printable(bytes[at] as number)
    else {
      if (text !== '') parts.push(`"${text}"`)
      text = ''
      parts.push(`<${name}>`)
    }
    at += length
  }
  if (text !== '') parts.push(`"${text}"`)
  return parts.join(',')
}

/** The key whose bytes begin here and how many they are; no name where it is text. */
function keyAt(bytes: Uint8Array, at: number): [string | undefined, number] {
  const byte = bytes[at] as number
  if (byte !== ESCAPE) {
    const letter = byte >= 1 && byte <= 26 ? `^${String.fromCharCode(byte + 64)}` : undefined
    return [CONTROL[byte] ?? letter, 1]
  }
  const rest = Buffer.from(bytes.subarray(at + 1, at + 1 + MAX_SEQUENCE)).toString('latin1')
  const letter = LETTERS[rest.slice(0, 2)]
  if (letter !== undefined) return [letter, 3]
  const digits = /^\[(\d{1,2})~/.exec(rest)?.[1]
  const numbered = digits === undefined ? undefined : NUMBERS[digits]
  return numbered === undefined ? ['esc', 1] : [numbered, 1 + 2 + (digits as string).length]
}

function printable(byte: number): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, '0')}`
  const character = String.fromCharCode(byte)
  return character === '\\' || character === '"' ? `\\${character}` : character
}
