import { createAuditDecoder, type DecodedEvent } from '@podwitness/audit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { closeAuditLine, openAuditLine, openRawLine, releaseLine } from './audit-line.ts'

const HEAD = 'type=USER_LOGIN msg=audit(1700000000.100:7):'
const about = { boot: 'b', via: ['af_unix', 'audit.log'] }

/** Runs with the event of some lines, which may not be looked at afterwards. */
function withEvent<T>(text: Buffer, use: (event: DecodedEvent) => T): T {
  const found: T[] = []
  const decoder = createAuditDecoder({ onEvent: (event) => found.push(use(event)), transient: true })
  decoder.push(text)
  decoder.end()
  return found[0] as T
}

const parsed = (line: Buffer): Record<string, unknown> => JSON.parse(line.toString('utf8'))

it('writes records as JSON does, whatever bytes they have', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 }), (bodies) => {
      const lines = bodies.map((body) => Buffer.concat([Buffer.from(`${HEAD} `), body.filter((byte) => byte !== 10)]))
      const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
      const [line, raw] = withEvent(text, (event) => [closeAuditLine(openAuditLine(event), about), event.raw()])
      expect(line).toEqual(closeAuditLine(openRawLine(raw as Buffer), about))
      const { raw: told, raw64 } = parsed(line as Buffer) as { raw?: string; raw64?: string }
      expect(told === undefined ? Buffer.from(raw64 ?? '', 'base64') : Buffer.from(told)).toEqual(raw)
    }),
  )
})

it('keeps lines apart that share memory, also very long ones and ones with a long tail', () => {
  const text = (length: number): Buffer => Buffer.from(`${HEAD} a="${'x'.repeat(length)}"\t\n`)
  const open = [10, 50_000, 60_000, 20].map((length) => withEvent(text(length), openAuditLine))
  const closed = open.map((line, index) => closeAuditLine(line, { boot: 'b'.repeat(index * 200), via: [], late: index === 1 }))
  expect(closed.map((line) => String(parsed(line).raw).length)).toEqual([10, 50_000, 60_000, 20].map((n) => n + HEAD.length + 6))
  expect(closed.map((line) => parsed(line).late)).toEqual([undefined, true, undefined, undefined])
})

it('uses memory again only of lines that were given back, in whatever order', () => {
  const held: { line: Buffer; text: string }[] = []
  let seed = 7
  for (let i = 0; i < 20_000; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    const text = `${i}${'x'.repeat(seed % 900)}`
    const line = closeAuditLine(openRawLine(Buffer.from(text)), { boot: 'b', via: [] })
    held.push({ line, text })
    while (held.length > seed % 300) {
      const [gone] = held.splice(seed % held.length, 1)
      expect(gone?.line.includes(gone.text)).toBe(true)
      releaseLine(gone?.line as Buffer)
    }
  }
})
