import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ProcessFilters, readProcessFilters } from './process-filters.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-filters-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

let seq = 1
function event(options: {
  pid: number
  ppid: number
  exe: string
  syscall?: number
  uid?: number
  argv?: string[]
}): DecodedEvent {
  const head = `msg=audit(1700000000.100:${seq++}):`
  const { pid, ppid, exe, syscall = 59, uid = 0, argv } = options
  const lines = [
    `type=SYSCALL ${head} arch=c000003e syscall=${syscall} success=yes exit=0 items=0 ppid=${ppid} pid=${pid} auid=0 uid=${uid} gid=0 comm="x" exe="${exe}" key=(null)`,
  ]
  if (argv !== undefined)
    lines.push(`type=EXECVE ${head} argc=${argv.length}${argv.map((word, i) => ` a${i}="${word}"`).join('')}`)
  const decoder = createDecoder()
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

async function filters(list: unknown): Promise<ProcessFilters> {
  const path = join(folder, 'filters.json')
  writeFileSync(path, JSON.stringify(list))
  return new ProcessFilters(await readProcessFilters(path))
}

it('covers a process and its children as deep as it says', async () => {
  const found = await filters([{ depth: 1, exeMatchType: 'MatchEquals', exeMatchValue: '/usr/bin/backup', syscalls: ['*'] }])
  expect(found.droppedBy(event({ pid: 10, ppid: 1, exe: '/usr/bin/backup', argv: ['backup'] }))).toBe('process_filters.0')
  expect(found.droppedBy(event({ pid: 11, ppid: 10, exe: '/bin/tar', argv: ['tar'] }))).toBe('process_filters.0')
  expect(found.droppedBy(event({ pid: 12, ppid: 11, exe: '/bin/sh', argv: ['sh'] }))).toBeUndefined()
})

it('looks at the call, the user and the command line', async () => {
  const found = await filters({
    process_filters: [
      {
        depth: -1,
        user: 'root',
        syscalls: ['*', '!connect'],
        cmdlineFilters: [{ matchType: 'MatchRegex', matchValue: '^cron\\b' }],
      },
    ],
  })
  const start = { pid: 20, ppid: 1, exe: '/usr/sbin/cron', argv: ['cron', '-f'] }
  expect(found.droppedBy(event(start))).toBe('process_filters.0')
  expect(found.droppedBy(event({ ...start, syscall: 42 }))).toBeUndefined()
  expect(found.droppedBy(event({ ...start, pid: 21, uid: 1000 }))).toBeUndefined()
  expect(found.droppedBy(event({ ...start, pid: 22, argv: ['anacron'] }))).toBeUndefined()
})

it.each([
  ['no JSON', '{', /JSON/],
  ['an unknown option', '[{"exe": "x"}]', /exe is no option/],
  ['an unknown way to match', '[{"exeMatchType": "Like", "exeMatchValue": "x"}]', /is none of/],
  ['a wrong pattern', '[{"exeMatchType": "MatchRegex", "exeMatchValue": "("}]', /is no pattern/],
])('refuses %s', async (_what, text, why) => {
  const path = join(folder, 'filters.json')
  writeFileSync(path, text)
  await expect(readProcessFilters(path)).rejects.toMatchObject({ code: 'PW-AG-008', why: expect.stringMatching(why) })
})
