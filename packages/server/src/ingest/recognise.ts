import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { detectAuditLines } from '@podwitness/audit'
import { isLegacyLine } from '@podwitness/kube'
import { ImportError } from './import-error.ts'
import { isGzip } from './line-reader.ts'

/** What a file is, by its content. */
export const FORMATS = ['audit', 'kube-log', 'kube-list', 'kube-webhook', 'containers', 'pods'] as const
export type Format = (typeof FORMATS)[number]

/** A file that was recognised. */
export interface Recognised {
  readonly path: string
  readonly format: Format
  readonly gzip: boolean
  readonly sizeBytes: number
}

/** How much of a file's beginning is looked at, bytes (unpacked). */
const HEAD_BYTES = 256 * 1024

/**
 * Tells what a file is by its first bytes; its name does not matter.
 *
 * @throws ImportError PW-IM-001 where it is nothing we know, PW-IM-002 where it cannot be read.
 */
export async function recognise(path: string): Promise<Recognised> {
  const { head, gzip, sizeBytes } = await readHead(path)
  const format = formatOf(head)
  if (format !== null) return { path, format, gzip, sizeBytes }
  throw new ImportError('PW-IM-001', {
    what: `${path} is in no format podwitness knows.`,
    why:
      sizeBytes === 0
        ? 'The file is empty.'
        : `Its beginning is neither Linux audit lines nor JSON of a known shape: ${preview(head)}`,
    do: 'Give audit.log or syslog files, kube-apiserver audit logs, webhook EventLists, containers.jsonl or pod lists; each may be gzipped.',
  })
}

async function readHead(path: string): Promise<{ head: Buffer; gzip: boolean; sizeBytes: number }> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      const head = buffer.subarray(0, bytesRead)
      const gzip = isGzip(head)
      return { head: gzip ? await unpackHead(head) : head, gzip, sizeBytes: size }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new ImportError(
      'PW-IM-002',
      {
        what: `Cannot read ${path}.`,
        why: cause instanceof Error ? cause.message : String(cause),
        do: 'Check that the file exists and may be read.',
      },
      { cause },
    )
  }
}

/** As much of a gzip beginning as can be unpacked; what is damaged further on shows when the file is checked. */
function unpackHead(packed: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let length = 0
    const unpacked = createGunzip()
    const finish = (): void => resolve(Buffer.concat(parts).subarray(0, HEAD_BYTES))
    unpacked.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (length >= HEAD_BYTES) unpacked.destroy()
    })
    unpacked.on('error', finish)
    unpacked.on('close', finish)
    unpacked.end(packed)
  })
}

function formatOf(head: Buffer): Format | null {
  const first = firstByte(head)
  if (isLegacyLine(head.toString('latin1', 0, 256))) return 'kube-log'
  if (first === 0x7b || first === 0x5b) return jsonFormat(head)
  return detectAuditLines(head) ? 'audit' : null
}

/** Tells JSON shapes apart: one object a line by its keys, a document that spans lines by the names near its beginning. */
function jsonFormat(head: Buffer): Format | null {
  const end = head.indexOf(10)
  const line = head.subarray(0, end < 0 ? head.length : end).toString('utf8')
  const object = parseObject(line)
  if (object !== null) return lineFormat(object)
  const start = head.subarray(0, 64 * 1024).toString('utf8')
  if (/"kind"\s*:\s*"EventList"/.test(start)) return /"receivedAt"\s*:/.test(start.slice(0, 4096)) ? 'kube-webhook' : 'kube-list'
  if (/"auditID"\s*:/.test(start))
    return /"receivedAt"\s*:/.test(start.slice(0, 4096)) ? 'kube-webhook' : /"items"\s*:/.test(start) ? 'kube-list' : 'kube-log'
  if (/"kind"\s*:\s*"(?:PodList|Pod|List)"/.test(start) || (/"items"\s*:/.test(start) && /"spec"\s*:|"metadata"\s*:/.test(start)))
    return 'pods'
  if (/^\s*\{\s*"t"\s*:/.test(start) && /"cgroups?"\s*:/.test(start)) return 'containers'
  return null
}

function lineFormat(object: Record<string, unknown>): Format | null {
  if (typeof object.receivedAt === 'number' && typeof object.body === 'object') return 'kube-webhook'
  if (object.kind === 'EventList') return 'kube-list'
  if (typeof object.auditID === 'string') return 'kube-log'
  if (typeof object.t === 'number' && (object.kind === 'container' || object.kind === 'sample' || object.kind === 'gone'))
    return 'containers'
  if (object.kind === 'Pod' || object.kind === 'PodList' || object.kind === 'List') return 'pods'
  return null
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function firstByte(head: Buffer): number {
  return head.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) ?? 0
}

function preview(head: Buffer): string {
  return JSON.stringify(head.subarray(0, 40).toString('latin1'))
}
