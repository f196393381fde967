/** What a JSON text may hold. */
export interface JsonBounds {
  /** How deep objects and arrays may hold each other. */
  readonly depth: number
  /** Values and names together, roughly: each costs memory whatever its length. */
  readonly values: number
}

/** Kubernetes objects are some 30 deep; bodies are tens of MiB with some 20 bytes a value. */
const JSON_BOUNDS: JsonBounds = { depth: 128, values: 4_000_000 }

/** Why a JSON text is not read. */
export type JsonFault = 'too_deep' | 'too_many_values'

/**
 * Looks over a JSON text before it is parsed: 16 MiB of `[` or `{},` would become a gigabyte of objects, or overflow
 * the stack of what walks over them. Says nothing about its form.
 */
export function jsonFault(bytes: Buffer, { depth: deepest, values: most }: JsonBounds = JSON_BOUNDS): JsonFault | undefined {
  let depth = 0
  let values = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      values++
      if (++depth > deepest) return 'too_deep'
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
    else if (byte === COMMA && ++values > most) return 'too_many_values'
  }
  return values > most ? 'too_many_values' : undefined
}

/** The value of a JSON text within the bounds; undefined where it is none. */
export function parseBounded(bytes: Buffer, bounds: JsonBounds = JSON_BOUNDS): unknown {
  if (jsonFault(bytes, bounds) !== undefined) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
