import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SourceSink } from '../source.ts'
import { auditLog } from './audit-log.ts'
import { TailPosition } from './tail-position.ts'

let folder = ''
let log = ''
let seqs: number[] = []
let unsafeSinceMs = Number.POSITIVE_INFINITY
let stop = new AbortController()
let running: Promise<void> = Promise.resolve()

const line = (seq: number): string => `type=USER_LOGIN msg=audit(${1_700_000_000 + seq}.000:${seq}): pid=${seq} uid=0\n`
const lines = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, i) => line(from + i)).join('')
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const distinct = (): number[] => [...new Set(seqs)].sort((a, b) => a - b)

const sink: SourceSink = {
  take: ({ seq }) => void seqs.push(seq),
  room: async () => {},
  unsafeSinceMs: () => unsafeSinceMs,
  reject: (code) => {
    throw new Error(code)
  },
  say: () => {},
}

async function start(from: 'start' | 'end' = 'start'): Promise<void> {
  stop = new AbortController()
  const position = await TailPosition.open(join(folder, 'positions.json'))
  running = auditLog({ path: log, position, from })
    .run(sink, stop.signal)
    .then(() => position.flush())
}

async function end(): Promise<void> {
  stop.abort()
  await running
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-tail-'))
  log = join(folder, 'audit.log')
  seqs = []
  unsafeSinceMs = Number.POSITIVE_INFINITY
})
afterEach(async () => {
  await end()
  rmSync(folder, { recursive: true })
})

it('follows a log through rotation and truncation', async () => {
  writeFileSync(log, lines(1, 5))
  await start()
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 5))
  appendFileSync(log, lines(6, 7))
  renameSync(log, `${log}.1`)
  writeFileSync(log, lines(8, 9))
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 9))
  truncateSync(log, 0)
  await new Promise((resolve) => setTimeout(resolve, 150))
  appendFileSync(log, lines(10, 11))
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 11))
  writeFileSync(log, lines(12, 19)) // Cut, and longer than what was read before anybody looked.
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 19))
})

it('begins at the end where it is told to, and waits for a log that is not there yet', async () => {
  writeFileSync(log, lines(1, 5))
  await start('end')
  await new Promise((resolve) => setTimeout(resolve, 100))
  appendFileSync(log, lines(6, 6))
  await expect.poll(distinct, { timeout: 6000 }).toEqual([6])
})

it('goes on after a stop, also in files that were rotated away meanwhile', async () => {
  writeFileSync(log, lines(1, 400))
  await start()
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 400))
  await end()
  appendFileSync(log, lines(401, 402))
  renameSync(log, `${log}.2`)
  writeFileSync(`${log}.1`, lines(403, 404))
  writeFileSync(log, lines(405, 406))
  await start('end')
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 406))
})

it('does not take another file for the one it read, though it has its inode number', async () => {
  writeFileSync(log, lines(1, 10))
  await start()
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 10))
  await new Promise((resolve) => setTimeout(resolve, 2700))
  await end()
  writeFileSync(log, lines(101, 130))
  await start('end')
  await expect.poll(distinct, { timeout: 6000 }).toEqual([...numbers(1, 10), ...numbers(101, 130)])
})

it('begins again in a file that was rotated away where what it held was not on the disk yet', async () => {
  unsafeSinceMs = Date.now()
  writeFileSync(log, lines(1, 400))
  await start()
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 400))
  renameSync(log, `${log}.1`)
  writeFileSync(log, lines(401, 404))
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 404))
  await end()
  seqs = []
  await start('end')
  await expect.poll(distinct, { timeout: 6000 }).toEqual(numbers(1, 404))
})
