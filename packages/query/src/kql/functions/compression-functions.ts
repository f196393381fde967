import type { Scalar } from '../scalar.ts'
import { inflate } from './inflate.ts'
import { fn, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Most bytes of a stored block, RFC 1951 §3.2.4. */
const BLOCK_BYTES = 65_535

const littleEndian = (value: string, type: 'UInt16' | 'UInt32'): string =>
  `rightPad(reinterpretAsString(to${type}(${value})), ${type === 'UInt16' ? 2 : 4}, char(0))`

/**
 * The bytes as deflate blocks that store them as they are: a valid stream that every reader unpacks, as Kusto makes it of
 * short texts. It is not smaller than the text.
 */
const storedBlocks = (text: string): string => {
  const count = `greatest(intDiv(length(${text}) + ${BLOCK_BYTES - 1}, ${BLOCK_BYTES}), 1)`
  const part = `substring(${text}, b * ${BLOCK_BYTES} + 1, ${BLOCK_BYTES})`
  const size = littleEndian(`length(${part})`, 'UInt16')
  const check = littleEndian(`65535 - length(${part})`, 'UInt16')
  return `arrayStringConcat(arrayMap(b -> concat(char(if(b + 1 = ${count}, 1, 0)), ${size}, ${check}, ${part}), range(${count})))`
}

/** Source: RFC 1952 §2.3. */
const gzip: KqlFunction = fn('string', 'string', ([x = "''"], { context }) =>
  context.once(x, (text) => {
    const header = "unhex('1f8b08000000000000ff')"
    const end = `concat(${littleEndian(`CRC32(${text})`, 'UInt32')}, ${littleEndian(`length(${text})`, 'UInt32')})`
    return `base64Encode(concat(${header}, ${storedBlocks(text)}, ${end}))`
  }),
)

/** Source: RFC 1950 §2.2 and §8: the sum of the bytes, and the sum of those sums, both modulo 65521. */
const zlib: KqlFunction = fn('string', 'string', ([x = "''"], { context }) =>
  context.once(x, (text) => {
    const bytes = `arrayMap(b -> toUInt64(ascii(substring(${text}, b + 1, 1))) % 256, range(length(${text})))`
    const low = `((1 + arraySum(${bytes})) % 65521)`
    const high = `((length(${text}) + arraySum((d, b) -> d * (length(${text}) - b), ${bytes}, range(length(${text})))) % 65521)`
    return `base64Encode(concat(unhex('7801'), ${storedBlocks(text)}, reverse(${littleEndian(`${high} * 65536 + ${low}`, 'UInt32')})))`
  }),
)

/** A constant is unpacked while the query is compiled; the engine cannot unpack what a column holds. */
const unpacked = (open: (bytes: Uint8Array) => Uint8Array | undefined): KqlFunction =>
  withScalars('string', 'string', (args: readonly Scalar[], { context, node }: KqlCall) => {
    const constant = args[0]?.constant
    if (constant === undefined)
      throw context.refuse(node, 'Only a constant can be unpacked.', 'Give the text itself between quotes.')
    const body = /^[A-Za-z0-9+/]*={0,2}$/.test(constant)
      ? open(Uint8Array.from(atob(padded(constant)), (c) => c.charCodeAt(0)))
      : undefined
    return context.string(body === undefined ? '' : textOf(body))
  })

const padded = (base64: string): string => {
  const bare = base64.replace(/=+$/, '')
  return bare.length % 4 === 1 ? '' : bare
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return ''
  }
}

/** The stream behind a gzip header without optional fields, or after the file's name. */
function openGzip(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined
  const flags = bytes[3] ?? 0
  if ((flags & ~0x08) !== 0) return undefined
  const start = flags === 0 ? 10 : bytes.indexOf(0, 10) + 1
  return start < 10 ? undefined : inflate(bytes.subarray(start))
}

const openZlib = (bytes: Uint8Array): Uint8Array | undefined =>
  ((bytes[0] ?? 0) & 15) !== 8 || ((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)) % 31 !== 0 ? undefined : inflate(bytes.subarray(2))

export const COMPRESSION_FUNCTIONS: KqlFunctionTable = {
  gzip_compress_to_base64_string: gzip,
  zlib_compress_to_base64_string: zlib,
  gzip_decompress_from_base64_string: unpacked(openGzip),
  zlib_decompress_from_base64_string: unpacked(openZlib),
}
