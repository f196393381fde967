import type { HuntingQuery } from './queries.ts'

const EXECVE = `Syslog
| where SyslogMessage has "type=EXECVE"
| parse SyslogMessage with * "msg=audit(" Id "): argc=" Argc:long " " Arguments
| extend Pairs = extract_all(@'a(\\d+)=("[^"]*"|[^ ]+)', Arguments)
| mv-apply Pair = Pairs on (
    extend Raw = tostring(Pair[1])
    | extend Text = iff(Raw startswith '"', trim('"', Raw), Raw)
    | summarize Words = make_list(Text)
  )
| extend CommandLine = strcat_array(Words, " ")`

/** Over records of the kernel and lines of system logs. */
export const RECORD_QUERIES: readonly HuntingQuery[] = [
  {
    name: 'execve put together out of records',
    least: 100,
    query: `${EXECVE}
| project TimeGenerated, Computer, Id, CommandLine`,
  },
  {
    name: 'programs out of records',
    least: 5,
    query: `${EXECVE}
| extend Program = tostring(Words[0])
| summarize Count = count(), Example = take_any(CommandLine) by Program
| top 10 by Count`,
  },
  {
    name: 'records of an event side by side',
    least: 20,
    query: `Syslog
| where SyslogMessage has "msg=audit("
| parse SyslogMessage with * "type=" Type " msg=audit(" Id "): " Info
| where Type in ("SYSCALL", "EXECVE", "CWD")
| summarize arg_min(TimeGenerated, HostName), Parts = make_bag(bag_pack(Type, Info)) by Id
| where isnotnull(Parts.EXECVE)
| extend Exe = extract(@'exe="([^"]+)"', 1, tostring(Parts.SYSCALL)), Cwd = extract(@'cwd="([^"]+)"', 1, tostring(Parts.CWD))
| project TimeGenerated, HostName, Id, Exe, Cwd, Arguments = tostring(Parts.EXECVE)
| take 50`,
  },
  {
    name: 'fields of a record as a bag',
    least: 10,
    query: `Syslog
| where SyslogMessage has "type=SYSCALL"
| extend Keys = extract_all(@'(\\w+)=("[^"]*"|\\S+)', SyslogMessage)
| mv-apply Keys on (summarize Fields = make_bag(bag_pack(tostring(Keys[0]), trim('"', tostring(Keys[1])))))
| extend Exe = tostring(Fields.exe), Pid = tolong(Fields.pid), Parent = tolong(Fields.ppid)
| where Pid > 0
| summarize Starts = count() by Exe
| top 20 by Starts`,
  },
  {
    name: 'one record by its keys',
    least: 10,
    query: `Syslog
| where SyslogMessage has "type=SYSCALL" and SyslogMessage has "execve" or SyslogMessage has "syscall=59"
| parse-kv SyslogMessage as (pid:long, ppid:long, uid:long, comm:string, exe:string, success:string) with (pair_delimiter=" ", kv_delimiter="=", quote='"')
| project TimeGenerated, pid, ppid, uid, comm, exe, success
| where success == "yes"
| take 100`,
  },
  {
    name: 'parents and children',
    least: 5,
    query: `let Starts = LinuxAuditLog | where RecordType == "SYSCALL" and syscall == "59" | project TimeGenerated, pid = tolong(pid), ppid = tolong(ppid), comm;
Starts
| join kind=inner (Starts | project ppid = pid, Parent = comm, ParentTime = TimeGenerated) on ppid
| where ParentTime <= TimeGenerated
| summarize arg_max(ParentTime, Parent, comm) by pid, TimeGenerated
| summarize count() by Parent, comm
| top 10 by count_`,
  },
  {
    name: 'root without a login',
    least: 1,
    query: `LinuxAuditLog
| where RecordType == "SYSCALL" and uid == 0 and auid == 4294967295
| summarize count() by exe
| top 10 by count_`,
  },
  {
    name: 'kinds of records',
    least: 5,
    query: `LinuxAuditLog
| summarize Records = count(), First = min(TimeGenerated) by RecordType
| sort by Records desc`,
  },
  {
    name: 'login sessions on nodes',
    least: 0,
    query: `LinuxAuditLog
| where RecordType in ("USER_LOGIN", "USER_AUTH", "USER_START")
| project TimeGenerated, Computer, acct, addr, res`,
  },
  {
    name: 'failed logins in a window',
    least: 0,
    query: `Syslog
| where Facility in ("auth", "authpriv") and SyslogMessage has "Failed password"
| parse SyslogMessage with * "Failed password for " User " from " Ip " port" *
| summarize Attempts = count() by Ip, bin(TimeGenerated, 5m)
| where Attempts > 10`,
  },
  {
    name: 'hosts that were silent',
    least: 0,
    query: `Heartbeat
| summarize Last = max(TimeGenerated) by Computer
| where Last < ago(15m)`,
  },
]
