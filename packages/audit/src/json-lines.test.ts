import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuditDecoder, type DecodedEvent, JsonLines, type JsonOptions } from './index.ts'

const root = join(import.meta.dirname, '../testdata')
const corpus = readdirSync(root)
  .filter((name) => statSync(join(root, name)).isDirectory())
  .map((name) => readFileSync(join(root, name, 'input.log')))

/** What decides how a value ends or is decoded. */
const PIECES = [
  ...['"', "'", ' ', '=', '(null)', '\x1d', 'AUID="x"', '?', '41', '4', 'Zz', '\\', '\xff', '\xc3\xa9', ' key=', ' a1='],
  ...[
    ' a2_len=4 a2[0]=4142',
    ' a1[1]="x"',
    ' argc=9',
    '0',
    '-',
    '\0',
    '00',
    '5C7530303030',
    'name=(null) ',
    '//',
    '/../',
    '\xef\xbf\xbd',
  ],
]

function decode(input: Uint8Array): DecodedEvent[] {
  const events: DecodedEvent[] = []
  const decoder = new AuditDecoder({ onEvent: (event) => events.push(event) })
  decoder.push(input)
  decoder.end()
  return events
}

/** The writer's text and the plain one, of the same events. */
function both(input: Uint8Array, options: JsonOptions = {}): [string, string] {
  const lines = new JsonLines(options)
  const events = decode(input)
  for (const event of events) lines.add(event)
  return [lines.take().toString(), events.map((event) => `${JSON.stringify(event.toJSON(options))}\n`).join('')]
}

describe('JSON lines written from bytes', () => {
  it('equal the plain JSON for every golden case', () => {
    for (const options of [{}, { interpret: true }, { raw: true }, { interpret: true, raw: true }]) {
      for (const input of corpus) {
        const [fast, plain] = both(input, options)
        expect(fast).toBe(plain)
      }
    }
  })

  it('equal the plain JSON for the recording', () => {
    const [fast, plain] = both(gunzipSync(readFileSync(join(import.meta.dirname, '../../../recordings/dev/audit.log.gz'))))
    expect(fast.length).toBeGreaterThan(20_000_000)
    expect(fast === plain).toBe(true)
  })

  it('equal the plain JSON whatever bytes are changed', () => {
    const all = Buffer.concat(corpus)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(all.length - 1), fc.nat(255)), { minLength: 1, maxLength: 80 }), (changes) => {
        const input = Buffer.from(all)
        for (const [at, value] of changes) input[at] = value
        const [fast, plain] = both(input)
        return fast === plain
      }),
      { numRuns: 100 },
    )
  })

  it('equal the plain JSON for lines cut, spliced and flipped, however they are pushed', () => {
    const lines = corpus.flatMap((input) => input.toString('latin1').split('\n')).filter((line) => line !== '')
    let state = 7
    const below = (bound: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * bound)
    }
    const damaged = () => {
      let line = lines[below(lines.length)] as string
      for (let i = below(5); i > 0; i--) {
        const at = below(line.length)
        const kind = below(5)
        const words = line.split(' ')
        const [one, other] = [below(words.length), below(words.length)]
        if (kind === 0) line = line.slice(0, at + 1)
        else if (kind === 3) line = line.slice(0, at) + PIECES[below(PIECES.length)] + line.slice(at)
        else if (kind === 4)
          line = words
            .with(one, words[other] as string)
            .with(other, words[one] as string)
            .join(' ')
        else if (kind === 1) line = line.slice(0, at) + line.slice(below(line.length))
        else line = line.slice(0, at) + String.fromCharCode(below(256)) + line.slice(at + 1)
      }
      return line
    }
    for (let run = 0; run < 1500; run++) {
      const input = Buffer.from(`${damaged()}\n${damaged()}\n`, 'latin1')
      const writer = new JsonLines()
      let plain = ''
      const onEvent = (event: DecodedEvent) => {
        writer.add(event)
        plain += `${JSON.stringify(event)}\n`
      }
      const decoder = new AuditDecoder({ onEvent, keepLoneEnds: true, transient: run % 2 === 0, maxLineBytes: 4096 })
      for (let at = 0; at < input.length; ) {
        const size = 1 + below(input.length)
        decoder.push(input.subarray(at, at + size))
        at += size
      }
      decoder.end()
      expect(writer.take().toString()).toBe(plain)
    }
  })

  it.each([
    'argc=2 a0="x" a1_len=6 a1[0]=4142 a1[1]=43',
    'argc=2 a0="x" a1_len=9 a1[0]=4142 a1[1]=43',
    'argc=2 a0="x" a1[0]=C3 a1[1]=A9',
    'argc=2 a0="x" a1[1]=41',
    'argc=2 a0="x" a1[0]="y" a1="z"',
    'argc=2 a1="x" a1[0]="y"',
    'argc=4 a1="x" a7_len=2 a7[0]="yy"',
    'argc=70000 a69999="x"',
    'argc=2 a1="x" a0="y"',
    'argc=1 a0_len=4',
    'argc=1 a0=(null)',
    'argc=x a0=6 a1=66 a2=2B',
    'argc=1 a00="x" a0[00]="y"',
    'argc=2 auid="a" a0=41 alpha="x" argc_="y"',
  ])('of arguments: %s', (fields) => {
    const record = `type=EXECVE msg=audit(1.001:2): ${fields}\n`
    for (const input of [record, record + record, `${record}type=EXECVE msg=audit(1.001:2):  a1[2]=44 a9[0]="e"\n`]) {
      const [fast, plain] = both(Buffer.from(input))
      expect(fast).toBe(plain)
    }
  })

  it.each([
    'proctitle=61005C753030303000',
    'proctitle=00',
    `proctitle="${'x'.repeat(128)}"`,
    `proctitle=${'41'.repeat(128)}`,
    'proctitle=5C5C0000',
    'proctitle=(null)',
    'proctitle="a',
  ])('of titles: %s', (fields) => {
    const [fast, plain] = both(Buffer.from(`type=PROCTITLE msg=audit(1.001:2): ${fields}\n`))
    expect(fast).toBe(plain)
  })

  it('give interpretation and raw lines on request', () => {
    const lines = new JsonLines({ interpret: true, raw: true })
    const event = decode(Buffer.from('type=SYSCALL msg=audit(1.001:2): arch=c000003e syscall=59\n'))[0] as DecodedEvent
    lines.add(event)
    expect(JSON.parse(lines.take().toString())).toMatchObject({
      interpreted: { arch: 'x86_64', syscall: 'execve' },
      raw: ['type=SYSCALL msg=audit(1.001:2): arch=c000003e syscall=59'],
    })
  })
})
