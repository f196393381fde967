import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AuditDecoder, type Reject } from './index.ts'

const root = join(import.meta.dirname, '../testdata')
const cases = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory())

function decode(input: Uint8Array, size: number): { events: unknown[]; rejects: unknown[]; gaps: number } {
  const events: unknown[] = []
  const rejects: Omit<Reject, 'text'>[] = []
  const decoder = new AuditDecoder({
    onEvent: (event) => events.push(JSON.parse(JSON.stringify(event.toJSON({ interpret: true })))),
    onReject: ({ line, code, bytes }) => rejects.push({ line, code, bytes }),
  })
  for (let at = 0; at < input.length; at += size) decoder.push(input.subarray(at, at + size))
  decoder.end()
  return { events, rejects, gaps: decoder.counters.gaps }
}

describe('golden cases', () => {
  for (const name of cases) {
    it(name, () => {
      const input = readFileSync(join(root, name, 'input.log'))
      const expected = JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8'))
      expect(decode(input, input.length)).toEqual(expected)
      expect(decode(input, 1)).toEqual(expected)
      expect(decode(input, 7)).toEqual(expected)
    })
  }

  it('every prefix of every line is taken without a throw, and is one record or one reject', () => {
    const decoder = new AuditDecoder({ onEvent: (event) => JSON.stringify(event.toJSON({ interpret: true, raw: true })) })
    let prefixes = 0
    for (const name of cases.filter((each) => each !== 'journal-export')) {
      for (const line of readFileSync(join(root, name, 'input.log'), 'latin1').split('\n')) {
        for (let cut = 1; cut <= line.length; cut++, prefixes++) decoder.push(Buffer.from(`${line.slice(0, cut)}\n`, 'latin1'))
      }
    }
    decoder.end()
    const { records, rejects } = decoder.counters
    expect(prefixes).toBeGreaterThan(10_000)
    expect(records + Object.values(rejects).reduce((sum, count) => sum + count, 0)).toBe(prefixes)
  })
})
