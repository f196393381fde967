/** version, header size, type, size: four 32-bit words in the machine's byte order. Source: audit-userspace, lib/libaudit.h, struct audit_dispatcher_header. */
const HEADER_BYTES = 16
const KNOWN_VERSIONS = [0, 1]
/** Longest text of a frame, bytes: MAX_AUDIT_MESSAGE_LENGTH (8970) and the prefix. */
const MAX_TEXT_BYTES = 65_536
const NEWLINE = Buffer.from('\n')

/**
 * Makes lines of what auditd's af_unix plugin sends: text as it is, and from 4.0.4 on, where its default is
 * `format = binary`, the frames' texts. Which of the two it is shows in the first bytes of a connection.
 */
export function frameSplitter(): (chunk: Buffer) => Buffer {
  let binary: boolean | undefined
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    if (binary === false) return chunk
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (binary === undefined) {
      if (bytes.length < HEADER_BYTES && bytes[0] !== undefined && bytes[0] <= 1) {
        rest = bytes
        return Buffer.alloc(0)
      }
      binary = isHeader(bytes, 0)
      if (!binary) return bytes
    }
    const lines: Buffer[] = []
    let at = 0
    while (at + HEADER_BYTES <= bytes.length) {
      if (!isHeader(bytes, at)) {
        at++ // A frame that a slow reader got only in part: look for the next one.
        continue
      }
      const end = at + HEADER_BYTES + bytes.readUInt32LE(at + 12)
      if (end > bytes.length) break
      const record = recordOf(bytes.readUInt32LE(at + 8), bytes.subarray(at + HEADER_BYTES, end))
      lines.push(record, NEWLINE)
      at = end
    }
    rest = Buffer.from(bytes.subarray(at))
    return Buffer.concat(lines)
  }
}

function isHeader(bytes: Buffer, at: number): boolean {
  if (at + HEADER_BYTES > bytes.length) return false
  const type = bytes.readUInt32LE(at + 8)
  return (
    KNOWN_VERSIONS.includes(bytes.readUInt32LE(at)) &&
    bytes.readUInt32LE(at + 4) === HEADER_BYTES &&
    type >= 1000 &&
    type < 3000 &&
    bytes.readUInt32LE(at + 12) <= MAX_TEXT_BYTES
  )
}

/** Version 0 frames carry the kernel's bare text, `audit(…): …`; version 1 the formatted record. */
function recordOf(type: number, text: Buffer): Buffer {
  let end = text.length
  while (end > 0 && (text[end - 1] === 0 || text[end - 1] === 0x0a)) end--
  const body = text.subarray(0, end)
  return body.subarray(0, 6).equals(BARE) ? Buffer.concat([Buffer.from(`type=${type} msg=`), body]) : body
}

const BARE = Buffer.from('audit(')
