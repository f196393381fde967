import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { AuditDecoder } from '@podwitness/audit'
import { describe, expect, it } from 'vitest'
import { frameSplitter } from './binary-frames.ts'

/** Records of the bundled recording, as one auditd writes them into its log: goldens of what another must bring over its socket. */
const RECORDS = gunzipSync(readFileSync(join(import.meta.dirname, '../../../../recordings/dev/audit.log.gz')))
  .toString('latin1')
  .split('\n')
  .slice(0, 3000)
  .filter((line) => line !== '')
const TYPES: Readonly<Record<string, number>> = { SYSCALL: 1300, PATH: 1302, CWD: 1307, EXECVE: 1309, PROCTITLE: 1327, EOE: 1320 }

/** A frame of `format = binary`. Source: audit-userspace, lib/libaudit.h, struct audit_dispatcher_header. */
function frame(text: string, version: 0 | 1, end = ''): Buffer {
  const body = Buffer.from(`${text}${end}`, 'latin1')
  const header = Buffer.alloc(16)
  header.writeUInt32LE(version, 0)
  header.writeUInt32LE(16, 4)
  header.writeUInt32LE(TYPES[/type=(\w+)/.exec(text)?.[1] ?? ''] ?? 1100, 8)
  header.writeUInt32LE(body.length, 12)
  return Buffer.concat([header, body])
}

/** Ids and record types of the events in a stream. */
function eventsOf(chunks: readonly Buffer[]): string[] {
  const events: string[] = []
  const decoder = new AuditDecoder({
    onEvent: (event) => events.push(`${event.timeMs}:${event.seq} ${event.recordTypes.join(' ')}`),
    onReject: () => {},
    maxEventBytes: 1024 * 1024,
    splitGlued: true,
  })
  const split = frameSplitter()
  for (const chunk of chunks) decoder.push(split(chunk))
  decoder.end()
  return events.sort()
}

/** Pieces of uneven sizes, as a socket gives them. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    found.push(bytes.subarray(at, at + size))
    at += size
  }
  return found
}

const wanted = eventsOf([Buffer.from(`${RECORDS.join('\n')}\n`, 'latin1')])

describe('what the af_unix plugin of each version sends, to the same events', () => {
  const byWrite = (size: number, texts: readonly string[]): Buffer[] =>
    Array.from({ length: Math.ceil(texts.length / size) }, (_, i) =>
      Buffer.from(texts.slice(i * size, (i + 1) * size).join(''), 'latin1'),
    )
  it.each([
    ['3.0.9, string', pieces(Buffer.from(RECORDS.map((line) => `${line}\n`).join(''), 'latin1'), [4096])],
    [
      '4.0.3, string, empty lines between',
      byWrite(
        20,
        RECORDS.map((line) => `${line}\n\n`),
      ),
    ],
    ['4.0.5, string, no newline', byWrite(7, RECORDS)],
    ['4.0.5, string, no newline, one by one', byWrite(1, RECORDS)],
    ['4.0.4, binary, protocol 1', pieces(Buffer.concat(RECORDS.map((line) => frame(line, 1))), [65_536])],
    ['4.1, binary, ended by NUL', pieces(Buffer.concat(RECORDS.map((line) => frame(line, 1, '\0'))), [1, 15, 4096, 3])],
  ])('%s', (_version, chunks) => {
    expect(eventsOf(chunks)).toEqual(wanted)
  })
})

it('takes bare text of protocol 0 by the type in its header', () => {
  const [, text = ''] = /type=SYSCALL msg=(.*)$/s.exec(RECORDS.find((line) => line.includes('type=SYSCALL')) ?? '') ?? []
  const header = frame('type=SYSCALL', 0)
  const bare = Buffer.from(text, 'latin1')
  header.writeUInt32LE(bare.length, 12)
  const [event] = eventsOf([Buffer.concat([header.subarray(0, 16), bare])])
  expect(event).toContain('SYSCALL')
})

it('loses the record that was cut for a slow reader, and no other', () => {
  // 3.1.1 to 4.1.1: a short write is forgotten, and the next record follows at once.
  const cut = RECORDS.map((line, i) => (i === 500 ? line.slice(0, 40) : `${line}\n`)).join('')
  expect(
    wanted.length - eventsOf([Buffer.from(cut, 'latin1')]).filter((event) => wanted.includes(event)).length,
  ).toBeLessThanOrEqual(2)
  const frames = RECORDS.map((line, i) => (i === 500 ? frame(line, 1).subarray(0, 40) : frame(line, 1)))
  const found = new Set(eventsOf([Buffer.concat(frames)]))
  expect(wanted.filter((event) => !found.has(event)).length).toBeLessThanOrEqual(2)
})
