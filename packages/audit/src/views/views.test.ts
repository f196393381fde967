import { describe, expect, it } from 'vitest'
import { AuditDecoder, type DecodedEvent, ecsView, laurelView } from '../index.ts'
import { percentText } from './percent-text.ts'

function events(...lines: string[]): DecodedEvent[] {
  const found: DecodedEvent[] = []
  const decoder = new AuditDecoder({ onEvent: (event) => found.push(event) })
  decoder.push(Buffer.from(`${lines.join('\n')}\n`))
  decoder.end()
  return found
}

const EXEC = [
  'node=n1 type=SYSCALL msg=audit(1795229561.095:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=8 pid=9 auid=4294967295 uid=0 ses=4294967295 comm="date" exe="/bin/date" key="exec"',
  'node=n1 type=EXECVE msg=audit(1795229561.095:7): argc=2 a0="date" a1="+%T"',
  'node=n1 type=CWD msg=audit(1795229561.095:7): cwd="/srv"',
  'node=n1 type=PATH msg=audit(1795229561.095:7): item=0 name="/bin/date" inode=5 dev=fe:00 mode=0100755 ouid=0 ogid=0 cap_fp=0000000000000401',
  'node=n1 type=PROCTITLE msg=audit(1795229561.095:7): proctitle=64617465002B2554',
]

describe('laurel view', () => {
  it('has the shape of its log', () => {
    expect(laurelView(events(...EXEC)[0] as DecodedEvent, { translate: true })).toEqual({
      ID: '1795229561.095:7',
      NODE: 'n1',
      SYSCALL: {
        arch: '0xc000003e', syscall: 59, success: 'yes', exit: 0, items: 1, ppid: 8, pid: 9, auid: 4294967295, uid: 0, ses: 4294967295,
        comm: 'date', exe: '/bin/date', key: 'exec', ARGV: ['0x1', '0x2', '0x3', '0x4'], ARCH: 'x86_64', SYSCALL: 'execve',
      },
      EXECVE: { argc: 2, ARGV: ['date', '%2b%25T'] },
      CWD: { cwd: '/srv' },
      PATH: [{ item: 0, name: '/bin/date', inode: 5, dev: 'fe:00', mode: '0o100755', ouid: 0, ogid: 0, cap_fp: '0x401' }],
      PROCTITLE: { ARGV: ['date', '%2b%25T'] },
    }) // biome-ignore format: a table
  })

  it('keeps digits that are no hex, and nested messages whole', () => {
    const [change, login] = events(
      'type=URINGOP msg=audit(1.001:1): uring_op=18',
      'type=USER_LOGIN msg=audit(1.002:2): pid=1 msg=\'op=login id=1000 exe="/usr/sbin/sshd" res=success\'',
    )
    expect(laurelView(change as DecodedEvent)).toEqual({ ID: '1.001:1', URINGOP: [{ uring_op: '18' }] })
    expect(laurelView(login as DecodedEvent)).toEqual({
      ID: '1.002:2',
      USER_LOGIN: { pid: 1, msg: 'op=login id=1000 exe="/usr/sbin/sshd" res=success' },
    })
  })

  it('writes what is no text so that nothing is lost', () => {
    expect(percentText(Buffer.from([0x61, 0, 0xff, 0x25, 0xc3, 0xa9]))).toBe('a%00%ff%25é')
  })
})

describe('ECS view', () => {
  it('says what ran, by whom, where', () => {
    expect(ecsView(events(...EXEC)[0] as DecodedEvent)).toMatchObject({
      '@timestamp': '2026-11-21T02:52:41.095Z',
      event: { action: 'execve', category: ['process'], type: ['start'], outcome: 'success', sequence: 7 },
      host: { name: 'n1' },
      process: {
        pid: 9,
        parent: { pid: 8 },
        name: 'date',
        executable: '/bin/date',
        args: ['date', '+%T'],
        args_count: 2,
        working_directory: '/srv',
      },
      user: { id: '0' },
      auditd: { message_type: 'syscall', session: 'unset' },
      tags: ['exec'],
    })
  })

  it('says where a connection went and whether a login worked', () => {
    const [connect, login] = events(
      'type=SYSCALL msg=audit(1.001:1): arch=c000003e syscall=42 success=no exit=-111 pid=1',
      'type=SOCKADDR msg=audit(1.001:1): saddr=020000507F0000010000000000000000',
      "type=USER_LOGIN msg=audit(1.002:2): pid=1 uid=0 msg='op=login res=failed'",
    )
    expect(ecsView(connect as DecodedEvent)).toMatchObject({
      event: { outcome: 'failure' },
      destination: { ip: '127.0.0.1', port: 80 },
    })
    expect(ecsView(login as DecodedEvent)).toMatchObject({ event: { category: ['authentication'], outcome: 'failure' } })
  })
})
