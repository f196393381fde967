import { expect, it } from 'vitest'
import type { DecodedEvent } from './decoded-event.ts'
import { AuditDecoder } from './decoder.ts'

const HEAD = 'msg=audit(1700000000.100:7):'
/** Characters of an argument that the kernel puts into one record. Source: kernel/auditsc.c, audit_log_execve_info(), MAX_EXECVE_AUDIT_LEN 7500. */
const PIECE = 7500

/** EXECVE records as the kernel writes them for arguments too long for one: `aN_len=` and `aN[i]=`, hexadecimal. */
function execve(argv: readonly string[]): string {
  const records: string[] = []
  let record = ` argc=${argv.length}`
  const flush = (): void => {
    if (record !== '') records.push(`type=EXECVE ${HEAD}${record}`)
    record = ''
  }
  argv.forEach((word, n) => {
    const hex = Buffer.from(word).toString('hex').toUpperCase()
    if (hex.length <= PIECE) {
      if (record.length + hex.length > PIECE) flush()
      record += ` a${n}=${hex}`
      return
    }
    record += ` a${n}_len=${hex.length}`
    for (let at = 0, i = 0; at < hex.length; at += PIECE, i++) {
      flush()
      record = ` a${n}[${i}]=${hex.slice(at, at + PIECE)}`
    }
    flush()
  })
  flush()
  return `type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 comm="x" exe="/x"\n${records.join('\n')}\ntype=EOE ${HEAD} \n`
}

function decoded(text: string, maxEventBytes: number): { argv: readonly (string | null)[]; bytes: number } {
  let found: { argv: readonly (string | null)[]; bytes: number } | undefined
  const onEvent = (event: DecodedEvent): void => {
    found = { argv: event.argv() ?? [], bytes: event.raw().length }
  }
  const decoder = new AuditDecoder({ onEvent, maxEventBytes, transient: true })
  for (let at = 0; at < text.length; at += 65_536) decoder.push(Buffer.from(text.slice(at, at + 65_536)))
  decoder.end()
  return found ?? { argv: [], bytes: 0 }
}

it.each([
  ['an argument at the end of a record', ['a', 'b'.repeat(PIECE / 2), 'c']],
  ['arguments over many records', ['sh', '-c', 'x y'.repeat(20_000), 'z'.repeat(9000), '']],
  ['many short ones', Array.from({ length: 5000 }, (_, i) => `word ${i}`)],
  ['a megabyte', ['cat', 'é'.repeat(512 * 1024)]],
])('puts %s together', (_what, argv) => {
  expect(decoded(execve(argv), 16 << 20).argv).toEqual(argv)
})

it('stays within its bound over a command line that is larger, and keeps its beginning', () => {
  const { argv, bytes } = decoded(execve(['sh', '-c', 'q'.repeat(1024 * 1024), 'end']), 1024 * 1024)
  expect(bytes).toBeLessThan(1.1 * 1024 * 1024)
  expect(argv.slice(0, 2)).toEqual(['sh', '-c'])
})
