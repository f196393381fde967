import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NodeAccounts } from './account-names.ts'
import { parseProcessFilters, readProcessFilters } from './process-filter.ts'
import { ProcessFilters } from './process-filters.ts'
import { shellLine } from './shell-line.ts'

let folder = ''
let accounts: NodeAccounts
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-filters-'))
  mkdirSync(join(folder, 'etc'))
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nomsagent:x:998:1001::/:/bin/sh\n')
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nomiusers:x:1001:\n')
  accounts = new NodeAccounts(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

let seq = 1
const decoder = createDecoder()
function event(options: {
  pid: number
  ppid: number
  exe: string
  syscall?: number
  uid?: number
  gid?: number
  argv?: string[]
}): DecodedEvent {
  const head = `msg=audit(1700000000.100:${seq++}):`
  const { pid, ppid, exe, syscall = 59, uid = 0, gid = 0, argv } = options
  const lines = [
    `type=SYSCALL ${head} arch=c000003e syscall=${syscall} success=yes exit=0 items=0 ppid=${ppid} pid=${pid} auid=0 uid=${uid} gid=${gid} comm="x" exe="${exe}" key=(null)`,
  ]
  if (argv !== undefined)
    lines.push(
      `type=EXECVE ${head} argc=${argv.length}${argv.map((word, i) => ` a${i}=${/^[!#-~]+$/.test(word) ? `"${word}"` : Buffer.from(word).toString('hex').toUpperCase()}`).join('')}`,
    )
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

function filters(...list: readonly object[]): ProcessFilters {
  const { filters: read, problems } = parseProcessFilters(JSON.stringify(list))
  expect(problems).toEqual([])
  return new ProcessFilters(read, accounts)
}
const exe = (value: string, more: object = {}): object => ({ exeMatchType: 'MatchEquals', exeMatchValue: value, ...more })
const CONNECT = 42

describe('how deep', () => {
  it.each([
    [0, [true, false, false, false]],
    [1, [true, true, false, false]],
    [2, [true, true, true, false]],
    [-1, [true, true, true, true]],
  ])('a depth of %s covers as many generations', (depth, covered) => {
    const found = filters(exe('/opt/top', { depth }))
    const starts = ['/opt/top', '/bin/a', '/bin/b', '/bin/c'].map((path, i) =>
      event({ pid: 10 + i, ppid: 9 + i, exe: path, argv: [path] }),
    )
    expect(starts.map((start) => found.droppedBy(start) === 'process_filters.0')).toEqual(covered)
  })

  it('counts only the nearest that any filter fits', () => {
    const found = filters(
      exe('/opt/top', { depth: -1 }),
      exe('/bin/child', { syscalls: ['connect'] }),
      exe('/bin/low', { depth: 0 }),
    )
    found.droppedBy(event({ pid: 10, ppid: 1, exe: '/opt/top', argv: ['top'] }))
    const child = { pid: 11, ppid: 10, exe: '/bin/child' }
    expect(found.droppedBy(event({ ...child, argv: ['child'] }))).toBeUndefined()
    expect(found.droppedBy(event({ ...child, syscall: CONNECT }))).toBe('process_filters.1')
    // The child's own filter reaches nobody below it; there the next above counts again.
    expect(found.droppedBy(event({ pid: 12, ppid: 11, exe: '/bin/x', argv: ['x'] }))).toBe('process_filters.0')
  })

  it('is of a process, not of a number: another parent is another process', () => {
    const found = filters(exe('/opt/top', { depth: -1 }))
    const open = { pid: 10, exe: '/bin/x', syscall: 257 }
    found.droppedBy(event({ pid: 10, ppid: 5, exe: '/opt/top', argv: ['top'] }))
    expect(found.droppedBy(event({ ...open, ppid: 5 }))).toBe('process_filters.0')
    expect(found.droppedBy(event({ ...open, ppid: 1 }))).toBe('process_filters.0') // its parent has ended
    expect(found.droppedBy(event({ ...open, ppid: 6 }))).toBeUndefined()
  })
})

it('keeps processes of other nodes apart, which have the same pids', () => {
  const found = filters(
    exe('/opt/top', { depth: -1 }),
    { user: 'omsagent', syscalls: ['connect'] },
    { user: '998', syscalls: ['openat'] },
  )
  found.droppedBy(event({ pid: 10, ppid: 1, exe: '/opt/top', argv: ['top'] }), 'other')
  const child = { pid: 11, ppid: 10, exe: '/bin/x', argv: ['x'] }
  expect(found.droppedBy(event(child))).toBeUndefined()
  expect(found.droppedBy(event(child), 'other')).toBe('process_filters.0')
  // Whose number it is elsewhere is not known here.
  const call = (syscall: number) => event({ pid: 12, ppid: 1, exe: '/bin/y', uid: 998, syscall })
  expect([found.droppedBy(call(CONNECT)), found.droppedBy(call(CONNECT), 'other')]).toEqual(['process_filters.1', undefined])
  expect(found.droppedBy(call(257), 'other')).toBe('process_filters.2')
})

const ANY = { exeMatchType: 'MatchStartsWith', exeMatchValue: '/' }
const start = { pid: 20, ppid: 1, exe: '/usr/sbin/cron', argv: ['cron', '-f'] }
const call = (syscall: number) => ({ pid: 20, ppid: 1, exe: '/usr/sbin/cron', syscall })

describe('a filter', () => {
  it.each<[string, object, Parameters<typeof event>[0], boolean]>([
    ['user by name', { user: 'omsagent' }, { ...start, uid: 998 }, true],
    ['user by number', { user: '998' }, { ...start, uid: 998 }, true],
    ['another user', { user: 'omsagent' }, start, false],
    ['a user that is not there', { user: 'nobody-here' }, start, false],
    ['group by name', { group: 'omiusers' }, { ...start, gid: 1001 }, true],
    ['group by number', { group: '1001' }, { ...start, gid: 1001 }, true],
    ['another group', { group: 'omiusers' }, start, false],
    ['exe equal', exe('/usr/sbin/cron'), start, true],
    ['exe not equal', exe('/usr/sbin/cro'), start, false],
    ['exe begins', { exeMatchType: 'MatchStartsWith', exeMatchValue: '/usr/' }, start, true],
    ['exe contains', { exeMatchType: 'MatchContains', exeMatchValue: 'bin/c' }, start, true],
    ['exe fits a pattern', { exeMatchType: 'MatchRegex', exeMatchValue: 'cr[[:alpha:]]n$' }, start, true],
    ['exe fits none', { exeMatchType: 'MatchRegex', exeMatchValue: '^cron' }, start, false],
    ['command line equal', { cmdlineFilters: [{ matchType: 'MatchEquals', matchValue: 'cron -f' }] }, start, true],
    ['command line begins', { cmdlineFilters: [{ matchType: 'MatchStartsWith', matchValue: 'cron ' }] }, start, true],
    ['command line contains', { cmdlineFilters: [{ matchType: 'MatchContains', matchValue: ' -f' }] }, start, true],
    ['command line fits', { cmdlineFilters: [{ matchType: 'MatchRegex', matchValue: '^cron\\b' }] }, start, true],
    [
      'all of its command line filters',
      { cmdlineFilters: [ANY, ANY].map((_, i) => ({ matchType: 'MatchContains', matchValue: ['cron', '-x'][i] })) },
      start,
      false,
    ],
    [
      'quoted as auoms does',
      { cmdlineFilters: [{ matchType: 'MatchEquals', matchValue: 'sh -c "a \\$b"' }] },
      { ...start, argv: ['sh', '-c', 'a $b'] },
      true,
    ],
    ['all of user, group and exe', { ...exe('/usr/sbin/cron'), user: 'root', group: 'root' }, start, true],
    ['no word on calls: all', ANY, call(CONNECT), true],
    ['a call', { ...ANY, syscalls: ['connect', 'openat'] }, call(257), true],
    ['another call', { ...ANY, syscalls: ['connect'] }, call(257), false],
    ['every call', { ...ANY, syscalls: ['*'] }, call(257), true],
    ['all but one', { ...ANY, syscalls: ['*', '!connect'] }, call(CONNECT), false],
    ['only exceptions: all others', { ...ANY, syscalls: ['!connect'] }, call(257), true],
    ['only exceptions: those not', { ...ANY, syscalls: ['!connect'] }, call(CONNECT), false],
    ['both: what is not named stays', { ...ANY, syscalls: ['!connect', 'openat'] }, call(59), false],
    ['the first word about a call', { ...ANY, syscalls: ['connect', '!connect'] }, call(CONNECT), true],
    ['calls alone', { syscalls: ['connect'] }, call(CONNECT), true],
    ['a call without a name', ANY, call(9999), false],
  ])('fits by %s', (_what, filter, asked, drops) => {
    expect(filters(filter).droppedBy(event(asked))).toBe(drops ? 'process_filters.0' : undefined)
  })
})

it.each([
  [['ls', '-l', '/a_b'], 'ls -l /a_b'],
  [['', 'x'], "'' x"],
  [['a b', 'c;d', '$x', 'e$f g'], '"a b" "c;d" \\$x "e\\$f g"'],
  [["it's", '"q"', 'a\\b'], 'it\\\'s \\"q\\" a\\\\b'],
  [['hi!', "it's!"], "'hi!' $'it\\'s!'"],
  [['a\nb', '\x01', 'ü'.normalize()], "$'a\\nb' $'\\x01' $'\\xFC'"],
])('writes %j as a shell takes it', (words, line) => {
  expect(shellLine(words)).toBe(line)
})

it.each([
  ['no JSON', '{', ':1: is no JSON'],
  ['no list', '{"process_filters": {}}', ':1: process_filters is no list'],
  ['no JSON further down', '[\n {"depth": 1},\n {"depth" 1}\n]', ':3: is no JSON'],
  ['an entry that is none', '[\n7\n]', ':2: process_filters.0 is no mapping'],
  ['an unknown option', '[{"user": "0",\n"exe": "x"}]', ':2: process_filters.0.exe is no option'],
  ['a depth below -1', '[{"user": "0",\n\n"depth": -2}]', ':3: process_filters.0.depth is no number'],
  ['half a depth', '[{"user": "0", "depth": 1.5}]', ':1: process_filters.0.depth is no whole number'],
  ['a user that is a number', '[{"user": 0}]', ':1: process_filters.0.user is no text'],
  ['calls that are no texts', '[{"syscalls": [42]}]', ':1: process_filters.0.syscalls is no list of texts'],
  ['a call without a name', '[{"syscalls": ["!"]}]', ':1: process_filters.0.syscalls has "!", which is no name'],
  [
    'an unknown way to match',
    '[\n{"exeMatchType": "Like", "exeMatchValue": "x"}]',
    ':2: process_filters.0.exeMatchType is none of',
  ],
  ['a way without a value', '[{"exeMatchType": "MatchEquals"}]', ':1: process_filters.0.exeMatchValue is missing'],
  ['a command line filter without its way', '[{"cmdlineFilters": [{"matchValue": "x"}]}]', 'matchType is missing'],
  ['a command line filter without a value', '[{"cmdlineFilters": [{"matchType": "MatchEquals"}]}]', 'matchValue is missing'],
  [
    'a wrong pattern',
    '[{"exeMatchType": "MatchRegex",\n"exeMatchValue": "("}]',
    ':2: process_filters.0.exeMatchValue is no pattern',
  ],
  ['what fits everything', '[\n\n{"depth": -1}]', ':3: process_filters.0 fits every process and call'],
])('refuses %s, with its line', async (_what, text, why) => {
  const path = join(folder, 'filters.json')
  writeFileSync(path, text)
  await expect(readProcessFilters(path)).rejects.toMatchObject({ code: 'PW-AG-008', why: expect.stringContaining(why) })
})
