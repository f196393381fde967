import { type AnsweredQuery, counted, distinct, fieldOf, grouped, idOf, type Recording, typeOf } from './recording.ts'

const ofType = ({ records }: Recording, type: string): string[] => records.filter((one) => typeOf(one) === type)

/** The arguments of an EXECVE record: quoted, or in hexadecimal where they have characters that would break it. */
function argumentsOf(record: string): string[] {
  const pairs = [...record.matchAll(/ a(\d+)=("[^"]*"|\S+)/g)].map(([, place, value = '']) => ({ place: Number(place), value }))
  return pairs.sort((a, b) => a.place - b.place).map(({ value }) => (value.startsWith('"') ? value.slice(1, -1) : value))
}

const decoded = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8')

/** Records put together again into commands, as notebooks do it. */
const REASSEMBLED = `let Records = Syslog
| where SyslogMessage has "msg=audit("
| parse SyslogMessage with * "type=" Type " msg=audit(" Id "): " Info
| where Type in ("SYSCALL", "EXECVE", "CWD")
| project Type, Id, Info, HostName;
let Arguments = Records
| where Type == "EXECVE"
| extend Pairs = extract_all(@'a(\\d+)=("[^"]*"|\\S+)', Info)
| mv-apply Pair = Pairs on (
    extend Place = toint(Pair[0]), Word = trim('"', tostring(Pair[1]))
    | summarize CommandLine = strcat_array(make_list(Word), " ")
  )
| project Id, CommandLine;
let Calls = Records
| where Type == "SYSCALL"
| extend Exe = extract(@' exe="([^"]+)"', 1, Info), Uid = toint(extract(@' uid=(\\d+)', 1, Info)), Success = extract(@'success=(\\w+)', 1, Info)
| project Id, Exe, Uid, Success;
Arguments
| join kind=inner Calls on Id`

/** Over the records of auditd as syslog forwards them. */
export const SYSLOG_QUERIES: readonly AnsweredQuery[] = [
  {
    name: 'kinds of records and their events',
    query: `Syslog
| parse SyslogMessage with * "type=" Type " msg=audit(" Epoch ":" Serial "):" *
| summarize Records = count(), Events = dcount(strcat(Epoch, ":", Serial)) by Type`,
    rows: ({ records }) =>
      [...grouped(records, typeOf)].map(([type, list]) => [type, list.length, distinct(list.map(idOf)).length]),
  },
  {
    name: 'commands by program, out of two records each',
    query: `${REASSEMBLED}
| summarize Commands = count(), Lines = dcount(CommandLine) by Exe, Success`,
    rows: (recording) => {
      const calls = new Map(ofType(recording, 'SYSCALL').map((one) => [idOf(one), one]))
      const commands = ofType(recording, 'EXECVE').flatMap((one) => {
        const call = calls.get(idOf(one))
        const line = argumentsOf(one).join(' ')
        return call === undefined ? [] : [{ exe: fieldOf(call, 'exe'), success: fieldOf(call, 'success'), line }]
      })
      return [...grouped(commands, ({ exe, success }) => JSON.stringify([exe, success]))].map(([key, list]) => [
        ...(JSON.parse(key) as string[]),
        list.length,
        distinct(list.map(({ line }) => line)).length,
      ])
    },
  },
  {
    name: 'command lines as the decoder has them',
    query: `${REASSEMBLED}
| where CommandLine has_any ("curl", "wget", "shadow")
| summarize Times = count() by CommandLine`,
    rows: (recording) => {
      const calls = new Set(ofType(recording, 'SYSCALL').map(idOf))
      const lines = ofType(recording, 'EXECVE')
        .filter((one) => calls.has(idOf(one)))
        .map((one) => argumentsOf(one).join(' '))
      return counted(
        lines.filter((one) => /(?<![0-9a-z])(?:curl|wget|shadow)(?![0-9a-z])/i.test(one)),
        (one) => [one],
      )
    },
  },
  {
    name: 'parts of an event in one bag',
    query: `Syslog
| where SyslogMessage has_all ("msg", "audit")
| extend Type = extract(@"type=(\\w+)", 1, SyslogMessage), Id = extract(@"audit\\(([^)]+)\\)", 1, SyslogMessage)
| where Type in ("SYSCALL", "CWD", "PROCTITLE")
| summarize Parts = make_bag(bag_pack(Type, SyslogMessage)) by Id
| extend Keys = array_sort_asc(bag_keys(Parts))
| summarize Events = count() by Shape = strcat_array(Keys, "+")`,
    rows: ({ records }) => {
      const parts = records.filter((one) => ['SYSCALL', 'CWD', 'PROCTITLE'].includes(typeOf(one)))
      const shapes = [...grouped(parts, idOf).values()].map((list) => distinct(list.map(typeOf)).sort().join('+'))
      return counted(shapes, (one) => [one])
    },
  },
  {
    name: 'every pair of a record as a bag',
    query: `Syslog
| where SyslogMessage has "type=SYSCALL"
| take 100000
| extend Pairs = extract_all(@'(\\w+)=("[^"]*"|\\S+)', SyslogMessage)
| mv-apply Pair = Pairs on (summarize Fields = make_bag(bag_pack(tostring(Pair[0]), trim('"', tostring(Pair[1])))))
| extend Call = toint(Fields.syscall), Failed = tostring(Fields.success) == "no"
| summarize Records = count(), Failed = countif(Failed) by Call`,
    rows: (recording) =>
      [...grouped(ofType(recording, 'SYSCALL'), (one) => fieldOf(one, 'syscall'))].map(([call, list]) => [
        Number(call),
        list.length,
        list.filter((one) => fieldOf(one, 'success') === 'no').length,
      ]),
  },
  {
    name: 'arguments in hexadecimal',
    query: `Syslog
| where SyslogMessage has "type=EXECVE"
| extend Pairs = extract_all(@' a\\d+=([0-9A-F]{2,})(?: |$)', SyslogMessage)
| mv-expand Hex = Pairs to typeof(string)
| where isnotempty(Hex) and strlen(Hex) % 2 == 0 and strlen(Hex) < 200
| extend Codes = extract_all(@"(..)", Hex)
| mv-apply Code = Codes to typeof(string) on (summarize Text = make_string(make_list(toint(strcat("0x", Code)))))
| summarize Times = count() by Text`,
    rows: (recording) => {
      const found = ofType(recording, 'EXECVE').flatMap((one) =>
        [...one.matchAll(/ a\d+=([0-9A-F]{2,})(?: |$)/g)].map(([, hex = '']) => hex),
      )
      const texts = found
        .filter((hex) => hex.length % 2 === 0 && hex.length < 200)
        .map((hex) => String.fromCodePoint(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))))
      return counted(texts, (one) => [one])
    },
  },
  {
    name: 'titles of processes',
    query: `Syslog
| where SyslogMessage has "type=PROCTITLE"
| extend Title = extract(@"proctitle=(\\S+)", 1, SyslogMessage)
| extend IsHex = Title matches regex @"^([0-9A-F]{2})+$"
| summarize Records = count() by IsHex`,
    rows: (recording) =>
      counted(ofType(recording, 'PROCTITLE'), (one) => [/^([0-9A-F]{2})+$/.test(/proctitle=(\S+)/.exec(one)?.[1] ?? '')]),
  },
  {
    name: 'addresses that were connected to',
    query: `Syslog
| where SyslogMessage has "type=SOCKADDR"
| extend Saddr = extract(@"saddr=([0-9A-F]+)", 1, SyslogMessage)
| where Saddr startswith "0200"
| extend Port = toint(strcat("0x", substring(Saddr, 4, 4)))
| extend Ip = strcat(toint(strcat("0x", substring(Saddr, 8, 2))), ".", toint(strcat("0x", substring(Saddr, 10, 2))), ".", toint(strcat("0x", substring(Saddr, 12, 2))), ".", toint(strcat("0x", substring(Saddr, 14, 2))))
| summarize Connections = count() by Ip, Port
| where not(ipv4_is_in_range(Ip, "127.0.0.0/8"))`,
    rows: (recording) => {
      const addresses = ofType(recording, 'SOCKADDR')
        .map((one) => /saddr=([0-9A-F]+)/.exec(one)?.[1] ?? '')
        .filter((one) => one.startsWith('0200'))
        .map((one) => Buffer.from(one, 'hex'))
        .map((bytes) => ({ ip: [...bytes.subarray(4, 8)].join('.'), port: bytes.readUInt16BE(2) }))
      return counted(
        addresses.filter(({ ip }) => !ip.startsWith('127.')),
        ({ ip, port }) => [ip, port],
      )
    },
  },
  {
    name: 'files in places of configuration',
    query: `Syslog
| where SyslogMessage has "type=PATH" and SyslogMessage has "/etc"
| parse kind=regex SyslogMessage with * @'name="' Path @'" inode' *
| where Path startswith "/etc/"
| extend Folder = extract(@"^(/etc/[^/]+)", 1, Path)
| summarize Times = count() by Folder
| sort by Times desc, Folder asc
| take 5`,
    rows: (recording) => {
      const folders = ofType(recording, 'PATH')
        .map((one) => /name="([^"]*)" inode/.exec(one)?.[1] ?? '')
        .filter((path) => path.startsWith('/etc/'))
        .map((path) => /^(\/etc\/[^/]+)/.exec(path)?.[1] ?? '')
      return counted(folders, (one) => [one])
        .sort((a, b) => Number(b[1]) - Number(a[1]) || (String(a[0]) < String(b[0]) ? -1 : 1))
        .slice(0, 5)
    },
  },
  {
    name: 'who became somebody else',
    query: `Syslog
| where SyslogMessage has "type=USER_CMD"
| extend Cmd = extract(@"cmd=(\\S+)", 1, SyslogMessage), Cwd = extract(@'cwd="([^"]+)"', 1, SyslogMessage), Result = extract(@"res=(\\w+)", 1, SyslogMessage)
| summarize Times = count() by Cmd = trim('"', Cmd), Cwd, Result`,
    rows: (recording) =>
      counted(ofType(recording, 'USER_CMD'), (one) => [
        (/cmd=(\S+)/.exec(one)?.[1] ?? '').replace(/^"|"$/g, ''),
        /cwd="([^"]+)"/.exec(one)?.[1] ?? '',
        /res=(\w+)/.exec(one)?.[1] ?? '',
      ]),
  },
  {
    name: 'a record by its keys',
    query: `Syslog
| where SyslogMessage has "type=USER_AUTH" or SyslogMessage has "type=USER_ACCT"
| parse-kv SyslogMessage as (op:string, acct:string, exe:string, terminal:string, res:string) with (pair_delimiter=" ", kv_delimiter="=", quote='"')
| summarize count() by acct, exe`,
    rows: ({ records }) =>
      counted(
        records.filter((one) => ['USER_AUTH', 'USER_ACCT'].includes(typeOf(one))),
        (one) => [fieldOf(one, 'acct'), fieldOf(one, 'exe')],
      ),
  },
  {
    name: 'children of shells',
    query: `let Calls = LinuxAuditLog
| where RecordType == "SYSCALL" and syscall == "59" and success == "yes"
| project TimeGenerated, pid, ppid, comm, exe;
Calls
| join kind=inner (Calls | where comm in ("sh", "bash", "ash") | distinct pid | project ppid = pid) on ppid
| summarize Children = dcount(pid) by exe
| where Children >= 20`,
    rows: (recording) => {
      const calls = ofType(recording, 'SYSCALL').filter(
        (one) => fieldOf(one, 'syscall') === '59' && fieldOf(one, 'success') === 'yes',
      )
      const shells = new Set(
        calls.filter((one) => ['sh', 'bash', 'ash'].includes(fieldOf(one, 'comm'))).map((one) => fieldOf(one, 'pid')),
      )
      const children = calls.filter((one) => shells.has(fieldOf(one, 'ppid')))
      return [...grouped(children, (one) => fieldOf(one, 'exe'))]
        .map(([exe, list]) => [exe, distinct(list.map((one) => fieldOf(one, 'pid'))).length] as const)
        .filter(([, count]) => count >= 20)
    },
  },
  {
    name: 'numbers of people and processes',
    query: `LinuxAuditLog
| where RecordType == "SYSCALL"
| summarize Processes = dcount(pid), Parents = dcount(ppid), Highest = max(pid), Calls = count() by uid, auid = iff(auid == 4294967295, long(null), auid)
| project uid, auid, Processes, Parents, Highest, Calls`,
    rows: (recording) =>
      [
        ...grouped(ofType(recording, 'SYSCALL'), (one) => {
          const auid = Number(fieldOf(one, 'auid'))
          return JSON.stringify([Number(fieldOf(one, 'uid')), auid === 4294967295 ? null : auid])
        }),
      ].map(([key, list]) => {
        const pids = list.map((one) => Number(fieldOf(one, 'pid')))
        const parents = list.map((one) => fieldOf(one, 'ppid'))
        return [
          ...(JSON.parse(key) as unknown[]),
          distinct(pids).length,
          distinct(parents).length,
          Math.max(...pids),
          list.length,
        ]
      }),
  },
  {
    name: 'capabilities of programs that start',
    query: `LinuxAuditLog
| where RecordType == "BPRM_FCAPS"
| extend Permitted = extract(@"pp=([0-9a-f]+)", 1, RawRecord)
| summarize Programs = count() by Full = Permitted matches regex "^0*1ffffffffff$"`,
    rows: (recording) =>
      counted(ofType(recording, 'BPRM_FCAPS'), (one) => [/^0*1ffffffffff$/.test(/pp=([0-9a-f]+)/.exec(one)?.[1] ?? '')]),
  },
  {
    name: 'refused by seccomp',
    query: `Syslog
| where SyslogMessage contains "type=SECCOMP"
| extend Comm = extract('comm="([^"]*)"', 1, SyslogMessage), Call = toint(extract(@"syscall=(\\d+)", 1, SyslogMessage))
| summarize Times = count(), Calls = array_length(make_set(Call)) by Comm`,
    rows: (recording) =>
      [...grouped(ofType(recording, 'SECCOMP'), (one) => fieldOf(one, 'comm'))].map(([comm, list]) => [
        comm,
        list.length,
        distinct(list.map((one) => fieldOf(one, 'syscall'))).length,
      ]),
  },
  {
    name: 'records a second',
    query: `Syslog
| where Facility == "user" and SeverityLevel =~ "INFO"
| summarize Records = count() by bin(TimeGenerated, 1s)
| summarize Seconds = count(), Most = max(Records), Total = sum(Records)`,
    rows: ({ records }) => {
      const seconds = [...grouped(records, (one) => idOf(one).split('.')[0] ?? '').values()].map((list) => list.length)
      return [[seconds.length, Math.max(...seconds), records.length]]
    },
  },
  {
    name: 'encoded words in command lines',
    query: `Syslog
| where SyslogMessage has "type=EXECVE"
| extend Encoded = extract(@'"([A-Za-z0-9+/]{16,}={1,2})"', 1, SyslogMessage)
| where isnotempty(Encoded)
| extend Decoded = base64_decode_tostring(Encoded)
| summarize count() by Decoded`,
    rows: (recording) => {
      const words = ofType(recording, 'EXECVE').flatMap((one) => /"([A-Za-z0-9+/]{16,}={1,2})"/.exec(one)?.[1] ?? [])
      return counted(words, (one) => [decoded(Buffer.from(one, 'base64').toString('hex'))])
    },
  },
]
