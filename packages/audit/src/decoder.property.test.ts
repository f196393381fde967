import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuditDecoder, type DecodedEvent, formatText } from './index.ts'

const root = join(import.meta.dirname, '../testdata')
const corpus = Buffer.concat(
  readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory())
    .map((name) => Buffer.concat([readFileSync(join(root, name, 'input.log')), Buffer.from('\n')])),
)

function decode(input: Uint8Array, cuts: readonly number[] = []): DecodedEvent[] {
  const events: DecodedEvent[] = []
  const decoder = new AuditDecoder({ onEvent: (event) => events.push(event) })
  let start = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const end = Math.min(cut, input.length)
    if (end > start) decoder.push(input.subarray(start, end))
    start = Math.max(start, end)
  }
  decoder.push(input.subarray(start))
  decoder.end()
  return events
}

/** Everything an event can be asked. */
function exercise(events: readonly DecodedEvent[]): number {
  let size = 0
  for (const event of events) {
    size += JSON.stringify(event.toJSON({ interpret: true, raw: true })).length + formatText(event).length
    size += event.raw().length + event.argv().length + event.paths().length
  }
  return size
}

describe('any input', () => {
  it('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => exercise(decode(bytes)) >= 0),
      { numRuns: 300 },
    )
  })

  it('flipped bytes of real forms never throw and cost bounded output', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(corpus.length - 1), fc.nat(255)), { minLength: 1, maxLength: 60 }), (flips) => {
        const bytes = Buffer.from(corpus)
        for (const [at, value] of flips) bytes[at] = value
        expect(exercise(decode(bytes))).toBeLessThan(bytes.length * 60)
      }),
      { numRuns: 60 },
    )
  })

  it('the cut of the input does not matter', () => {
    const whole = JSON.stringify(decode(corpus))
    fc.assert(
      fc.property(fc.array(fc.nat(corpus.length), { maxLength: 200 }), (cuts) => JSON.stringify(decode(corpus, cuts)) === whole),
      { numRuns: 40 },
    )
  })
})

describe('order', () => {
  const line = (node: string, seq: number, kind: number) =>
    `node=${node} type=${['SYSCALL', 'EXECVE', 'CWD', 'PATH', 'PROCTITLE'][kind]} msg=audit(1700000000.${String(100 + (seq % 900)).padStart(3, '0')}:${seq}): ${
      [`syscall=59 items=1 pid=${seq}`, `argc=1 a0="c${seq}"`, 'cwd="/"', `item=0 name="n${seq}"`, `proctitle="p${seq}"`][kind]
    }`

  it('records shuffled within a window still make the same events', () => {
    const ids = Array.from({ length: 12 }, (_, i) => ({ node: i % 2 === 0 ? 'a' : 'b', seq: 500 + (i >> 1) }))
    const lines = ids.flatMap(({ node, seq }) => [0, 1, 2, 3, 4].map((kind) => line(node, seq, kind)))
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }), (shuffled) => {
        const events = decode(Buffer.from(shuffled.join('\n')))
        const found = events.map(
          (event) => `${event.node}${event.seq}:${event.pid}:${event.argv()}:${event.paths()[0]?.path}:${event.proctitle()}`,
        )
        expect(found.sort()).toEqual(ids.map(({ node, seq }) => `${node}${seq}:${seq}:c${seq}:/n${seq}:p${seq}`).sort())
      }),
      { numRuns: 50 },
    )
  })
})
