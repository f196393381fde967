// Records made to be read by `ausearch -i` and by us: every kind of value that has a word. Values without one, which
// ausearch calls `unknown-…`, are left out, and so are words that auditd 3.0.9 does not know or gets wrong:
// clone's and unshare's flags, SIGPWR (`IGPWR`), calls and constants newer than itself, openat's mode.

const call = (number, ...args) =>
  `SYSCALL arch=c000003e syscall=${number} success=yes exit=0 ${args.map((value, i) => `a${i}=${value}`).join(' ')} items=0`
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const hex = (number) => number.toString(16)

const CAPABILITIES = ['0', '1', '3fffffffff', '1ffffffffff', '00000000a80425fb']
const MODES = ['0100755', '0106755', '040755', '0120777', '0140777', '010600', '020620', '060660', '041777']
const ADDRESSES = [
  '0000',
  '01002F7661722F72756E00',
  '020000357F0000010000000000000000',
  '0A000050000000000000000000000000000000000000000100000000',
  '0A00005000000000FE80000000000000000000000000000100000000',
  '100000000000000000000000',
]
const INPUT = ['6C730D', '1B5B41', '1B', '017F08', 'C3A9', '2268690A22', '5C', '00', '1B4F50', '1B5B31353B', '09', 'FF', '1B5B5A', '1C']

function calls() {
  const ends = [...range(0, 8), ...range(16, 17)].map((number) => call(101, hex(number), 1, 2, 3))
  return [
    ...range(0, 334).map((number) => call(number, '7ffd00', '7ffd01', '7ffd02', '7ffd03')).filter(isUninterpreted),
    ...range(1, 11).map((option) => call(54, 3, 1, hex(option), 0)),
    ...range(1, 25).map((option) => call(54, 3, 0, hex(option), 0)),
    ...range(1, 18).filter((option) => option !== 15).map((option) => call(54, 3, 6, hex(option), 0)),
    ...[1, 2, 16, 20, 26, 64].map((option) => call(54, 3, 29, hex(option), 0)),
    ...[1, 2, 5, 18].map((option) => call(55, 3, 107, hex(option), 0)),
    ...range(0, 16).map((command) => call(72, 3, hex(command), 2, 0)).filter((line) => !line.includes('a1=8 ')),
    call(72, 3, 2, 1, 0),
    ...[1, 9, 15].map((number) => call(157, 1, hex(number), 0, 0)),
    ...[0, 12, 21].map((number) => call(157, 18, hex(number), 0, 0)),
    ...[0, 8, 40008].map((number) => call(135, number, 0, 0, 0)),
    ...[0, 1].map((number) => call(231, number, 0, 0, 0)),
    ...[0, 1, 2, 7].map((number) => call(10, 0, 1, number, 0)),
    ...['0', '2', '22', '32', '812', '20022'].map((flags) => call(9, 0, 1, 3, flags)),
    ...['0', '1', '80000', '90800'].map((flags) => call(257, 'ffffff9c', 0, flags, 0)),
    ...['42', '241'].map((flags) => call(2, 0, flags, '1b6', 0)),
    ...['1180', '21b6', '61b0'].map((mode) => call(133, 0, mode, 0, 0)),
    ...['1b6', '9ed', '5ff'].map((mode) => call(90, 0, mode, 0, 0)),
    ...['5401', '5402', '5413', '540e'].map((request) => call(16, 0, request, 0, 0)),
    ...['1', '20', '1000', '1001'].map((flags) => call(165, 0, 0, 0, flags)),
    ...['380', '3b6', '780'].map((flags) => call(29, 0, 0, flags, 0)),
    ...[1, 2, 'a', 10, 11].map((domain) => call(41, domain, 2, 0, 0)),
    ...[0, 1, 6, 11, '3a', 84].map((protocol) => call(41, 2, 3, protocol, 0)),
    ...[1, 2, 40, 4000].map((flags) => call(45, 3, 0, 0, flags)),
    ...ends,
    ...range(0, 26).map((command) => call(321, hex(command % 20), 0, 0, 0)),
    ...range(1, 14).map((number) => `SYSCALL arch=40000003 syscall=102 success=yes exit=0 a0=${hex(number)} a1=0 a2=0 a3=0 items=0`),
    ...[2, 13, 23].map((number) => `SYSCALL arch=40000003 syscall=117 success=yes exit=0 a0=${hex(number)} a1=0 a2=0 a3=0 items=0`),
    ...['40000003', 'c00000b7', '80000016', '80000015', 'c0000015'].map(
      (arch) => `SYSCALL arch=${arch} syscall=6 success=yes exit=0 a0=7 a1=7 a2=7 a3=7 items=0`,
    ),
    ...range(1, 133)
      .filter((number) => number !== 41 && number !== 58)
      .map((number) => `SYSCALL arch=c000003e syscall=39 success=no exit=-${number} a0=0 a1=0 a2=0 a3=0 items=0`),
  ]
}

/** Calls whose arguments are addresses and plain numbers: the name alone is compared. */
function isUninterpreted(line) {
  const words =
    /syscall=(2|9|10|13|16|21|29|40|41|42|4[4-7]|54|55|56|60|62|72|8[3-5]|90|9[1-5]|97|10[156]|11[3-7,9]|12[23]|13[3-5]|14[0-8]|157|16[056]|2[03][0134]|24[07]|2[56]\d|27[1-9]|28\d|29\d|30[0-9]|31\d|32\d|33\d|218|8|22[79]|22[068]|3|231) /
  return !words.test(line)
}

/** `type=… msg=audit(…): …` lines, one event each. */
export function madeRecords() {
  const records = [
    ...calls(),
    ...range(0, 31)
      .filter((signal) => signal !== 30)
      .flatMap((signal) => [
        `ANOM_ABEND auid=0 uid=0 gid=0 ses=1 pid=1 comm="x" sig=${signal}`,
        `SECCOMP auid=0 uid=0 gid=0 ses=1 pid=1 comm="x" exe="/x" sig=${signal} arch=c000003e syscall=${signal + 60} compat=0 ip=0x1 code=0x0`,
      ]),
    ...['0x0', '0x30000', '0x50001', '0x7fc00000', '0x7ff00000', '0x7ffc0000', '0x7fff0000'].map(
      (code) => `SECCOMP sig=0 arch=c000003e syscall=1 compat=0 ip=0x1 code=${code}`,
    ),
    ...MODES.flatMap((mode) => [
      `PATH item=0 name="/x" inode=1 dev=fd:00 mode=${mode} ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fe=0 cap_fver=0`,
      `MQ_OPEN oflag=0x42 mode=${mode} mq_flags=0x0 mq_maxmsg=10`,
    ]),
    ...CAPABILITIES.flatMap((mask) => [
      `CAPSET pid=1 cap_pi=${mask} cap_pp=${mask} cap_pe=${mask} cap_pa=${mask}`,
      `BPRM_FCAPS fver=0 fp=${mask} fi=${mask} fe=0 old_pp=${mask} old_pi=${mask} old_pe=${mask} old_pa=${mask} pp=${mask} pi=${mask} pe=${mask} pa=${mask} frootid=0`,
    ]),
    ...ADDRESSES.map((address) => `SOCKADDR saddr=${address}`),
    ...[0, 1, 2, 3, 5, 7, 10].map((family) => `NETFILTER_CFG table=filter family=${family} entries=7 op=register pid=1 comm="x"`),
    ...[0, 3, 8, 11].map(
      (type) => `NETFILTER_PKT action=${type % 3} hook=${type % 6} len=40 saddr=1.1.1.1 daddr=1.1.1.1 proto=1 icmptype=${type} icmpcode=0`,
    ),
    ...[0, 1, 2, 6, 17, 41, 47, 50, 58, 89, 132].map((protocol) => `NETFILTER_PKT mark=0x0 saddr=1.1.1.1 proto=${protocol}`),
    ...['0x0', '0x1', '0x42', '0x80800'].map((flags) => `MQ_OPEN oflag=${flags} mode=0600 mq_flags=0x0`),
    ...['0x1', '0xa', '0x3f'].map((resolve) => `OPENAT2 oflag=0x0 mode=0600 resolve=${resolve}`),
    ...['0x0', '0x2', '0x22', '0x32'].map((flags) => `MMAP fd=3 flags=${flags}`),
    ...[1, 2].map((answer) => `FANOTIFY resp=${answer}`),
    ...[0, 1, 4, 5, 6].map((list) => `CONFIG_CHANGE auid=0 ses=1 op=x key="x" list=${list} res=${list % 2}`),
    ...[1, 2, 4, 8, 15].map((mask) => `CONFIG_CHANGE op=x perm=${mask} perm_mask=${mask}`),
    ...[0, 21, 40].map((number) => `AVC avc:  denied  { sys_admin } for  pid=1 comm="x" capability=${number} tclass=capability permissive=0`),
    ...[0, 1, 256].map((value) => `ANOM_PROMISCUOUS dev=eth0 prom=${value} old_prom=${value} auid=0 uid=0 gid=0 ses=1`),
    'AVC avc:  denied  { ioctl } for  pid=1 comm="x" ioctlcmd=0x5401 tclass=chr_file permissive=0',
    'MQ_NOTIFY mqdes=1 sigev_signo=9',
    'OBJ_PID opid=1 oauid=4294967295 ouid=0 oses=4294967295 obj=x ocomm="y"',
    ...INPUT.map((data) => `TTY tty pid=1 uid=0 auid=0 ses=1 major=136 minor=0 comm="bash" data=41${data}`),
    ...['1', '0', 'success', 'failed'].map(
      (result) => `USER_AUTH pid=1 uid=0 auid=0 ses=4294967295 msg='op=x id=0 acct="a" exe="/x" hostname=h addr=1.2.3.4 terminal=t res=${result}'`,
    ),
  ]
  return records.map((record, i) => {
    const blank = record.indexOf(' ')
    return `type=${record.slice(0, blank)} msg=audit(1700000000.001:${i + 1}): ${record.slice(blank + 1)}`
  })
}
