import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES, SyslogFrames } from './syslog-frames.ts'

const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`
const read = (stream: Buffer, cuts: readonly number[] = []): string => {
  const frames = new SyslogFrames()
  let from = 0
  let out = ''
  for (const cut of [...cuts.filter((at) => at < stream.length).sort((a, b) => a - b), stream.length]) {
    out += frames.push(stream.subarray(from, cut)).toString()
    from = cut
  }
  return out + frames.end().toString()
}

it.each([
  ['line ends', '<13>one\n<13>two\n', '<13>one\n<13>two\n'],
  ['octet counting', counted('<13>one') + counted('<13>two'), '<13>one\n<13>two\n'],
  ['both in one stream', `<13>one\n${counted('<13>two')}<13>three\n`, '<13>one\n<13>two\n<13>three\n'],
  ['a line end inside of a counted message', counted('<13>a\nb\n'), '<13>a b\n'],
  ['a last message without an end', '<13>one', '<13>one\n'],
  ['a number that is no length', '007 x\n', '007 x\n'],
])('reads %s', (_what, stream, expected) => {
  expect(read(Buffer.from(stream))).toBe(expected)
})

it('cuts what is too long and goes on behind it, in both framings', () => {
  const long = 'x'.repeat(MAX_MESSAGE_BYTES + 5000)
  for (const stream of [`${long}\n<13>next\n`, `${counted(long)}${counted('<13>next')}`]) {
    expect(
      read(Buffer.from(stream), [100, 70_000])
        .split('\n')
        .map((line) => line.length),
    ).toEqual([MAX_MESSAGE_BYTES, 8, 0])
  }
})

it('gives the same messages however the stream is cut', () => {
  // `unit: 'binary'` is the same and takes seconds to make its table.
  const unit = fc.integer({ min: 0, max: 0x10_f7ff }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))
  const message = fc.string({ unit, maxLength: 40 }).map((text) => `<13>${text.replace(/[\n\0]/g, '')}`)
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.boolean())), fc.array(fc.nat(400)), (messages, cuts) => {
      const stream = Buffer.from(messages.map(([text, octets]) => (octets ? counted(text) : `${text}\n`)).join(''))
      expect(read(stream, cuts)).toBe(read(stream))
      expect(read(stream)).toBe(messages.map(([text]) => `${text}\n`).join(''))
    }),
  )
})
