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
  const text = textSplitter()
  let binary: boolean | undefined
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    if (binary === false) return text(chunk)
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (binary === undefined) {
      if (bytes.length < HEADER_BYTES && bytes[0] !== undefined && bytes[0] <= 1) {
        rest = Buffer.from(bytes) // The reader uses its memory again.
        return Buffer.alloc(0)
      }
      binary = isHeader(bytes, 0)
      if (!binary) return text(bytes)
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

/** Where a record begins. In quoted text a blank or an equals sign would be in hexadecimal. Source: kernel/audit.c, audit_log_untrustedstring. */
const RECORD = /(?:node=[^\s"=]+ )?type=[A-Z0-9_[\]]+ msg=audit\(/g
/** Node's read of a socket; one that is shorter ends where a write ended. */
const FULL_READ_BYTES = 65_536

/**
 * Text as it is, but for 4.0.4 and 4.0.5, which end no record with a newline in string form: until a connection has brought a newline,
 * one is put before each record, and after a read that ended with a write. Source: audit-userspace, change log of 4.1.0.
 */
function textSplitter(): (chunk: Buffer) => Buffer {
  let newlines = false
  return (chunk) => {
    newlines ||= chunk.includes(0x0a)
    if (newlines) return chunk
    const split = chunk.toString('latin1').replace(RECORD, (start, at: number) => (at === 0 ? start : `\n${start}`))
    return Buffer.from(chunk.length < FULL_READ_BYTES ? `${split}\n` : split, 'latin1')
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
