import { describe, expect, it } from 'vitest'
import { createDecoder, type DecodedEvent, recordFields, syscallName } from './index.ts'

const GS = '\x1d'
const ID = 'msg=audit(1737533617.373:101):'
const PROGRAM = 'success=yes exit=0 ppid=1 pid=3 auid=1000 uid=0 comm="x" exe="/x"'

const decoder = createDecoder()
/** The one event of some lines; `ID` stands for its id. */
function eventOf(...lines: readonly string[]): DecodedEvent {
  decoder.push(Buffer.from(`${lines.map((line) => line.replace(/\bID\b/, ID)).join('\n')}\n`, 'latin1'))
  decoder.end()
  const events = decoder.read()
  expect(events).toHaveLength(1)
  return events[0] as DecodedEvent
}
const fieldsOf = (line: string): Record<string, string | null> => recordFields(eventOf(line).records[0] as DecodedEvent['main'])

/** One line for each way in which real logs mislead a reader: what kernel and programs wrote, and what it says. */
describe('values', () => {
  it.each<[string, string, Record<string, string | null>]>([
    ['a number that could be hex', 'type=URINGOP ID uring_op=18 success=yes exit=0', { uring_op: '18' }],
    ['limits', 'type=CONFIG_CHANGE ID op=set audit_backlog_limit=64 old=8192 res=1', { audit_backlog_limit: '64', old: '8192' }],
    ['a uid within msg', `type=USER_LOGIN ID pid=9 uid=0 msg='op=login id=1000 exe="/s" res=success'`, { id: '1000' }],
    [
      'an empty value',
      `type=CRYPTO_SESSION ID pid=1 msg='op=start mac= pfs=x suid=74 lport=22  exe="/s" res=success'`,
      { mac: '', pfs: 'x', suid: '74', lport: '22' },
    ],
    [
      'hex in capitals',
      `type=USER_AUTH ID pid=1 msg='op=PAM:a acct=28696E76616C6964207573657229 res=failed'`,
      { acct: '(invalid user)' },
    ],
    ['hex that begins a value of the kernel', 'type=CWD ID  cwd=2F746D702F6120622063', { cwd: '/tmp/a b c' }],
    [
      'quoted letters that could be hex',
      `type=SYSCALL ID arch=c000003e syscall=59 ${PROGRAM.replace('"x"', '"ABCD"')}`,
      { comm: 'ABCD' },
    ],
    ['null', 'type=PATH ID item=2 name=(null) inode=5 nametype=PARENT', { name: null, inode: '5' }],
    ['the word null in quotes', 'type=PATH ID item=0 name="(null)" inode=5', { name: '(null)' }],
    [
      'none and unknown are words',
      `type=USER_START ID pid=1 tty=(none) msg='addr=? terminal=? res=success'`,
      { tty: '(none)', addr: '?' },
    ],
    [
      'nothing before the enriched part',
      `type=SYSCALL ID arch=c000003e syscall=1 ${PROGRAM} subj= res=success${GS}AUID="root"`,
      { subj: '', res: 'success', AUID: 'root' },
    ],
    [
      'an equals sign and a blank',
      `type=SYSCALL ID arch=c000003e syscall=1 ${PROGRAM} subj==/usr/sbin/ntpd (enforce) key="k"`,
      { subj: '=/usr/sbin/ntpd (enforce)', key: 'k' },
    ],
    [
      'numbers beyond 64 bits',
      `type=SYSCALL ID arch=c000003e syscall=9 exit=140134281129964019712 auid=4296967295 pid=3`,
      { exit: '140134281129964019712', auid: '4296967295' },
    ],
    [
      'a mode without its zero',
      'type=PATH ID item=0 name="/x" mode=100755 cap_frootid="0"',
      { mode: '100755', cap_frootid: '0' },
    ],
    ['one name twice', `type=SYSCALL ID arch=c000003e syscall=101 pid=3 uid=1 euid=2 uid=9`, { uid: '1', 'uid#2': '9' }],
    ['the former name of nametype', 'type=PATH ID item=0 name="/x" inode=5 objtype=PARENT', { objtype: 'PARENT' }],
  ])('%s', (_what, line, fields) => {
    expect(fieldsOf(line)).toMatchObject(fields)
  })

  it('keys that were joined are several, and one that names itself is one', () => {
    const keys = (value: string): string[] => eventOf(`type=SYSCALL ID arch=c000003e syscall=59 ${PROGRAM} key=${value}`).keys
    expect(keys('61756F6D7301657865637665')).toEqual(['auoms', 'execve'])
    expect(keys('"key=net"')).toEqual(['key=net'])
    expect(keys('(null)')).toEqual([])
  })
})

describe('messages of programs', () => {
  it.each<[string, string, Record<string, string | null>]>([
    [
      'single quotes within',
      `type=USER_AUTH ID pid=5 msg='op=PAM:authentication acct="system-property('xsl:vendor')/>" exe="/p" res=failed'${GS}UID="root"`,
      { acct: `system-property('xsl:vendor')/>`, exe: '/p', res: 'failed', UID: 'root' },
    ],
    [
      'a notice',
      `type=USER_AVC ID pid=1 uid=81 msg='avc:  received policyload notice (seqno=2)  exe="/d" sauid=81 hostname=? addr=? terminal=?'${GS}SAUID="dbus"`,
      { seqno: '2', exe: '/d', sauid: '81', SAUID: 'dbus', text: 'received policyload notice' },
    ],
    [
      'a refusal',
      `type=USER_AVC ID pid=1 uid=0 msg='avc:  denied  { start } for auid=1000 path="/x" tclass=service  exe="/s" sauid=0'`,
      { seresult: 'denied', seperms: 'start', path: '/x', auid: '1000' },
    ],
    [
      'a value of several words',
      `type=USER_MGMT ID pid=1 msg='op=display aging info id=0 exe="/c" res=success'`,
      { op: 'display aging info', id: '0' },
    ],
    [
      'parentheses and commas',
      `type=USER_START ID user pid=1 uid=0 msg='PAM: session open acct=root : exe="/c" (hostname=?, addr=?, terminal=cron res=success)'`,
      { acct: 'root', hostname: '?', terminal: 'cron', res: 'success' },
    ],
    [
      'user in front (RHEL 6)',
      `type=USER_CMD ID user pid=3027 uid=497 msg='cwd="/" cmd=2F7573722F62696E2F6964202D75 terminal=? res=success'`,
      { pid: '3027', cmd: '/usr/bin/id -u', res: 'success' },
    ],
    [
      'software',
      `type=SOFTWARE_UPDATE ID pid=1 msg='op=install sw="a-4.0.21-25.el8.noarch" sw_type=rpm key_enforce=0 root_dir="/" comm="yum" res=success'`,
      { sw: 'a-4.0.21-25.el8.noarch', root_dir: '/' },
    ],
    [
      'cut before its quote',
      `type=SERVICE_START ID pid=1 uid=0 msg='unit=sshd comm="systemd" exe="/s" hostname=? addr=? term`,
      { unit: 'sshd', exe: '/s', text: 'term' },
    ],
    [
      'a fingerprint',
      `type=CRYPTO_KEY_USER ID pid=1 msg='op=destroy kind=server fp=SHA256:a1:cd:1c:00 spid=7 res=success'`,
      { fp: 'SHA256:a1:cd:1c:00' },
    ],
    [
      'keys typed',
      'type=TTY ID tty pid=27930 uid=1000 major=136 comm="bash" data=65687F7F6563686F20746573740D',
      { data: 'eh\x7f\x7fecho test\r', comm: 'bash' },
    ],
    ['a line typed', 'type=USER_TTY ID pid=27930 uid=1000 data="ls -l"', { data: 'ls -l' }],
  ])('%s', (_what, line, fields) => {
    expect(fieldsOf(line)).toMatchObject(fields)
  })
})

describe('records of the kernel', () => {
  it.each<[string, string, Record<string, string | null>]>([
    [
      'SELinux',
      'type=AVC ID avc:  denied  { read write } for  pid=13 comm="p" name="m" dev=hda7 ino=14 tclass=dir permissive=0',
      { seresult: 'denied', seperms: 'read,write', dev: 'hda7', permissive: '0' },
    ],
    [
      'SELinux, allowed',
      'type=AVC ID avc:  granted  { setsecparam } for  pid=1 comm="s" tclass=security',
      { seresult: 'granted', seperms: 'setsecparam' },
    ],
    [
      'AppArmor in AVC',
      'type=AVC ID apparmor="STATUS" operation="profile_replace" info="same as current profile, skipping" name="/s" pid=5',
      { info: 'same as current profile, skipping', operation: 'profile_replace' },
    ],
    [
      'AppArmor, a name with blanks',
      'type=APPARMOR_DENIED ID apparmor="DENIED" operation="open" profile="p" name=2F61206220 requested_mask="r"',
      { name: '/a b ', requested_mask: 'r' },
    ],
    [
      'another architecture within',
      'type=SECCOMP ID auid=1 uid=22 pid=11217 comm="s" exe="/s" sig=31 arch=40000003 syscall=132 compat=0 ip=0xb7670aac code=0x0',
      { arch: '40000003', sig: '31', code: '0x0' },
    ],
    [
      'a reason of two words',
      'type=ANOM_ABEND ID auid=1 uid=48 pid=31242 comm="h" reason="memory violation" sig=11',
      { reason: 'memory violation', sig: '11' },
    ],
    [
      'a veth',
      `type=ANOM_PROMISCUOUS ID dev=veth5f40f62 prom=256 old_prom=0 uid=0${GS}UID="root"`,
      { dev: 'veth5f40f62', prom: '256' },
    ],
    [
      'nftables',
      'type=NETFILTER_CFG ID table=?:0;?:0 family=2 entries=2 op=nft_register_gen pid=7 comm="nft"',
      { table: '?:0;?:0', op: 'nft_register_gen' },
    ],
    [
      'an address in text',
      'type=NETFILTER_PKT ID mark=0xdbe479fc saddr=127.0.0.1 daddr=127.0.0.1 proto=1',
      { saddr: '127.0.0.1' },
    ],
    ['BPF by its number', 'type=UNKNOWN[1334] ID prog-id=75 op=LOAD', { 'prog-id': '75', op: 'LOAD' }],
    ['fanotify', 'type=FANOTIFY ID resp=2 fan_type=1 fan_info=3137 subj_trust=3 obj_trust=5', { resp: '2', fan_info: '3137' }],
    [
      'numbers of a call that are no arguments',
      'type=SOCKETCALL ID nargs=3 a0=3 a1=fff900f0 a2=10',
      { a0: '3', a1: 'fff900f0', a2: '10' },
    ],
    ['a clock', 'type=TIME_ADJNTPVAL ID op=freq old=61699380790580 new=61699325952000', { old: '61699380790580' }],
    [
      'a dash in a name',
      'type=MAC_STATUS ID enforcing=1 old_enforcing=0 enabled=1 old-enabled=1 lsm=selinux res=1',
      { 'old-enabled': '1', lsm: 'selinux' },
    ],
    ['words in front', 'type=MAC_UNLBL_ALLOW ID netlabel: auid=0 unlbl_accept=1 old=0', { unlbl_accept: '1', text: 'netlabel:' }],
    [
      'no fields at all',
      'type=INTEGRITY_POLICY_RULE ID IPE=ctx ( op: [execute] audit_pathname: [/l] )  [ action = allow ]',
      { IPE: 'ctx ( op: [execute] audit_pathname: [/l] )  [ action = allow ]' },
    ],
    [
      'Landlock',
      'type=LANDLOCK_ACCESS ID domain=1a6fdc66f blockers=scope.signal opid=1 ocomm="systemd"',
      { domain: '1a6fdc66f', blockers: 'scope.signal' },
    ],
    [
      'blanks in names',
      'type=LOGIN ID login pid=7 uid=0 old auid=4294967295 new auid=700 old ses=4294967295 new ses=3',
      { 'old-auid': '4294967295', auid: '700', 'old-ses': '4294967295', ses: '3' },
    ],
    [
      'login today',
      'type=LOGIN ID pid=7 uid=0 old-auid=4294967295 auid=0 tty=(none) old-ses=4294967295 ses=844 res=1',
      { 'old-auid': '4294967295', auid: '0' },
    ],
    [
      'capabilities of a file',
      'type=BPRM_FCAPS ID fver=2 fp=0000000000003000 fi=0 fe=1 old_pp=0 pp=0000000000003000 pe=0 pa=0 frootid=0',
      { fp: '0000000000003000', fe: '1', pa: '0' },
    ],
    [
      'capabilities of a process',
      'type=CAPSET ID pid=7 cap_pi=0 cap_pp=0000003fffffffff cap_pe=0000003fffffffff cap_pa=0',
      { cap_pe: '0000003fffffffff' },
    ],
    [
      'who was signalled',
      'type=OBJ_PID ID opid=77 oauid=1000 ouid=0 oses=3 obj=unconfined ocomm=6120622063',
      { opid: '77', ocomm: 'a b c' },
    ],
    [
      'a rule was added',
      'type=CONFIG_CHANGE ID auid=1000 ses=3 op=add_rule key="a b" list=4 res=1',
      { op: 'add_rule', key: 'a b', list: '4' },
    ],
    [
      'a device',
      `type=DM_CTRL ID module=crypt op=ctr pid=2 uid=0 comm="c" exe="/c" dev=252:0 error_msg='success' res=1`,
      { dev: '252:0', error_msg: 'success' },
    ],
    [
      'auditd itself',
      'type=DAEMON_START msg=audit(1481076983.819:7798): auditd start, ver=2.4.1 format=raw kernel=3.10.0-1 pid=5 res=success',
      { ver: '2.4.1', kernel: '3.10.0-1', text: 'auditd start,' },
    ],
    [
      'no colon behind the id',
      'type=DAEMON_CONFIG msg=audit(1490239800.477:34) config changed, auid=0 pid=4 res=success',
      { auid: '0', text: 'config changed,' },
    ],
    [
      'two records in one',
      `type=DAEMON_END ID op=terminate auid=0 pid=12333 subj=24970459.090:670): pid=12323 uid=0 msg='unit=x res=success' res=success`,
      { pid: '12333', 'pid#2': '12323', unit: 'x' },
    ],
  ])('%s', (_what, line, fields) => {
    expect(fieldsOf(line)).toMatchObject(fields)
  })
})

describe('what stands in front', () => {
  it.each<[string, string, string | null, string]>([
    ['node', `node=a.example type=CWD ${ID} cwd="/"`, 'a.example', 'CWD'],
    ['node, an address', `node=fe80::1%eth0 type=CWD ${ID} cwd="/"`, 'fe80::1%eth0', 'CWD'],
    ['the kernel’s log, a number for the type', 'audit: type=1307 audit(1737533617.373:101): cwd="/"', null, 'CWD'],
    ['the kernel’s log with its clock', '[12345.678901] audit: type=1307 audit(1737533617.373:101): cwd="/"', null, 'CWD'],
    ['RFC 3164', `<86>Jan  2 03:04:05 host audisp-syslog[9]: type=CWD ${ID} cwd="/"`, 'host', 'CWD'],
    [
      'RFC 3164 with a node of its own',
      `Mar 27 00:37:34 h audispd: node=own.example type=CWD ${ID} cwd="/"`,
      'own.example',
      'CWD',
    ],
    ['RFC 5424', `<86>1 2026-01-02T03:04:05.678901+00:00 host audisp-syslog 123 - - type=CWD ${ID} cwd="/"`, 'host', 'CWD'],
    ['the kernel by syslog', 'Jan  2 03:04:05 host kernel: audit: type=1307 audit(1737533617.373:101): cwd="/"', 'host', 'CWD'],
    ['no msg=', 'type=CWD audit(1737533617.373:101): cwd="/"', null, 'CWD'],
    ['a line end of Windows', `type=CWD ${ID} cwd="/"\r`, null, 'CWD'],
  ])('%s', (_what, line, node, type) => {
    const event = eventOf(line)
    expect([event.node, event.type, event.seq, event.timeMs, event.cwd()]).toEqual([node, type, 101, 1_737_533_617_373, '/'])
  })

  it.each([
    [
      'escaped by rsyslog',
      `Mar 27 00:37:34 h audispd: type=SYSCALL ID arch=c000003e syscall=305 ${PROGRAM} key=(null)#035ARCH=x86_64 AUID="unset"`,
    ],
    ['lost', `type=SYSCALL ID arch=c000003e syscall=305 ${PROGRAM} key=(null)ARCH=x86_64 AUID="unset"`],
  ])('the separator of enriched fields, %s', (_what, line) => {
    expect(fieldsOf(line)).toMatchObject({ key: null, ARCH: 'x86_64', AUID: 'unset' })
  })

  it.each(['type=UNKNOWN[1329] msg=?', 'type=CWD msg=audit(1737533617:5): cwd="/"', 'msg=audit(1.001:1): x=1', 'type=', ''])(
    'is no record: %j',
    (line) => {
      decoder.push(Buffer.from(`${line}\n`))
      decoder.end()
      expect(decoder.read()).toEqual([])
    },
  )
})

it.each<[string, string, object | undefined]>([
  ['unspec', '00000000000000000000000000000000', { family: 'unspec' }],
  ['inet', '02000016C0A800010000000000000000', { family: 'inet', addr: '192.168.0.1', port: 22 }],
  ['inet6', `0A0001BB00000000${'20010DB8000000000000000000000001'}00000000`, { family: 'inet6', addr: '2001:db8::1', port: 443 }],
  ['unix', '01002F72756E2F78003853', { family: 'unix', path: '/run/x' }],
  ['unix, abstract', '0100002F746D702F61', { family: 'unix', path: '@/tmp/a' }],
  ['unix, unnamed', '0100', { family: 'unix' }],
  ['netlink', '100000000000000000000000', { family: 'netlink' }],
  ['vsock', '2800000000000000390500000200000000000000', { family: 'vsock', addr: '1337' }],
  ['packet', '1100080002000000010000060A0B0C0D0E0F0000', { family: 'packet', addr: '0a:0b:0c:0d:0e:0f' }],
  ['alg', '2600736B6369706865720000', { family: 'alg' }],
  ['cut', '02000016C0A8000', { family: 'inet' }],
  ['one byte', '02', undefined],
  ['big-endian inet', '00020016C0A800010000000000000000', { family: 'inet', addr: '192.168.0.1', port: 22 }],
])('an address of %s', (what, saddr, expected) => {
  const arch = what.startsWith('big') ? '80000015' : 'c000003e'
  const event = eventOf(`type=SYSCALL ID arch=${arch} syscall=42 ${PROGRAM}`, `type=SOCKADDR ID saddr=${saddr}`)
  if (expected === undefined) expect(event.sockaddr()).toBeUndefined()
  else expect(event.sockaddr()).toMatchObject(expected)
})

it.each<[string, number, string | undefined]>([
  ['c000003e', 59, 'execve'],
  ['c000003e', 322, 'execveat'],
  ['c000003e', 0x4000_0208, 'execve'], // x32 has numbers of its own for some calls
  ['c000003e', 0x4000_003b, 'execve'], // and takes those of 64 bits for others
  ['c000003e', 0x4000_0300, undefined],
  ['40000003', 11, 'execve'],
  ['40000003', 358, 'execveat'],
  ['c00000b7', 221, 'execve'],
  ['c00000b7', 281, 'execveat'],
  ['40000028', 11, 'execve'],
  ['40000028', 387, 'execveat'],
  ['40000028', 983_045, 'set_tls'],
  ['c00000f3', 221, 'execve'],
  ['c0000102', 221, 'execve'],
  ['80000016', 11, 'execve'],
  ['c0000015', 11, 'execve'],
  ['c000003e', -1, undefined], // skipped by seccomp or ptrace
  ['deadbeef', 1, undefined],
])('arch %s has call %s as %s', (arch, number, name) => {
  expect(syscallName(arch, number)).toBe(name)
})

describe('a command line', () => {
  const argv = (...lines: string[]) => eventOf(...lines).argumentList()

  it('in parts over records that come in any order', () => {
    const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()
    const found = argv(
      `type=EXECVE ID argc=3 a0="sh" a1_len=16 a1[0]=${hex('ab c')}`,
      `type=EXECVE ID  a1[1]=${hex('d ef')} a2="end"`,
    )
    expect(found?.argv).toEqual(['sh', 'ab cd ef', 'end'])
    expect(found?.incomplete).toBe(false)
  })

  it.each<[string, string, (string | null)[], boolean]>([
    ['quoted, hexadecimal and empty', 'argc=3 a0="a" a1=622063 a2=""', ['a', 'b c', ''], false],
    ['fewer than it says', 'argc=3 a0="a" a1="b"', ['a', 'b', null], true],
    ['none, and yet one', 'argc=0 a0="whoami"', ['whoami'], false],
    ['a stray quote behind', `argc=2 a0="docker" a1="721df"'`, ['docker', '721df'], false],
    ['digits alone are text in quotes and hex without', 'argc=2 a0="4142" a1=4142', ['4142', 'AB'], false],
    ['bytes that are no text', 'argc=1 a0=FF00FE', ['\ufffd\0\ufffd'], false],
  ])('%s', (_what, text, expected, incomplete) => {
    const found = argv(`type=EXECVE ID ${text}`)
    expect([found?.argv, found?.incomplete]).toEqual([expected, incomplete])
  })

  it('a title is cut by the kernel, and says so', () => {
    const title = (bytes: number) => eventOf(`type=PROCTITLE ID proctitle=${'61'.repeat(bytes)}`)
    expect([title(127).proctitleCut, title(128).proctitleCut, title(3).proctitle()]).toEqual([false, true, 'aaa'])
    expect(eventOf('type=PROCTITLE ID proctitle=7368002D6300696420').proctitle()).toBe('sh -c id ')
  })
})
