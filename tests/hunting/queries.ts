/** A query as people write them for these tables, and the least number of rows the recording gives. */
export interface HuntingQuery {
  readonly name: string
  readonly query: string
  readonly least: number
}

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

/** Sentinel, AKS and Syslog style; every row a shape seen in public hunting packs, written anew for this data. */
export const HUNTING_QUERIES: readonly HuntingQuery[] = [
  {
    name: 'exec requests by user',
    least: 4,
    query: `AKSAudit
| where ObjectRef.resource == "pods" and ObjectRef.subresource == "exec"
| extend Username = tostring(User.username)
| summarize Requests = count(), Pods = dcount(tostring(ObjectRef.name)) by Username
| sort by Requests desc`,
  },
  {
    name: 'exec out of the old table',
    least: 1,
    query: `AzureDiagnostics
| where Category in ("kube-audit", "kube-audit-admin")
| extend Log = parse_json(log_s)
| where Log.objectRef.subresource == "exec"
| extend Username = tostring(Log.user.username), Pod = tostring(Log.objectRef.name)
| project TimeGenerated, Username, Pod, Ip = tostring(Log.sourceIPs[0]), Uri = tostring(Log.requestURI)
| take 100`,
  },
  {
    name: 'what was run by exec',
    least: 5,
    query: `AzureDiagnostics
| where Category == "kube-audit" and log_s has "exec" and log_s has "command"
| extend Uri = tostring(parse_json(log_s).requestURI)
| extend Command = url_decode(strcat_array(extract_all(@"command=([^&]+)", Uri), " "))
| where isnotempty(Command)
| summarize Count = count() by Command
| top 20 by Count`,
  },
  {
    name: 'anonymous requests',
    least: 1,
    query: `AKSAudit
| where tostring(User.username) == "system:anonymous"
| project TimeGenerated, Verb, RequestUri, Code = toint(ResponseStatus.code), SourceIp = tostring(SourceIps[0])`,
  },
  {
    name: 'denied requests',
    least: 1,
    query: `AKSAudit
| where toint(ResponseStatus.code) == 403
| summarize Denied = count(), Uris = make_set(RequestUri, 10) by Username = tostring(User.username), Verb
| order by Denied desc`,
  },
  {
    name: 'failure share by user',
    least: 3,
    query: `AKSAudit
| where Stage == "ResponseComplete"
| extend Username = tostring(User.username), Code = toint(ResponseStatus.code)
| summarize Failed = countif(Code >= 400), All = count() by Username
| extend Share = round(100.0 * Failed / All, 2)
| where All > 5
| sort by Share desc`,
  },
  {
    name: 'secrets read',
    least: 0,
    query: `AKSAudit
| where ObjectRef.resource =~ "secrets" and Verb in ("get", "list")
| where tostring(User.username) !startswith "system:"
| summarize Secrets = make_set(strcat(ObjectRef.namespace, "/", ObjectRef.name)) by tostring(User.username)`,
  },
  {
    name: 'role bindings changed',
    least: 1,
    query: `AKSAuditAdmin
| where ObjectRef.apiGroup == "rbac.authorization.k8s.io"
| where Verb in~ ("create", "update", "patch", "delete")
| project TimeGenerated, Verb, Resource = tostring(ObjectRef.resource), Name = tostring(ObjectRef.name), Who = tostring(User.username)`,
  },
  {
    name: 'privileged pods created',
    least: 0,
    query: `AKSAudit
| where Verb == "create" and ObjectRef.resource == "pods" and isnotnull(RequestObject)
| mv-expand Container = RequestObject.spec.containers
| where Container.securityContext.privileged == true
| project TimeGenerated, Name = tostring(ObjectRef.name), Image = tostring(Container.image)`,
  },
  {
    name: 'host paths mounted',
    least: 0,
    query: `AKSAudit
| where Verb == "create" and ObjectRef.resource == "pods"
| mv-expand Volume = RequestObject.spec.volumes
| extend Path = tostring(Volume.hostPath.path)
| where isnotempty(Path)
| summarize count() by Path`,
  },
  {
    name: 'user agents',
    least: 2,
    query: `AKSAudit
| extend Client = tostring(split(UserAgent, "/")[0])
| summarize Count = count(), Users = dcount(tostring(User.username)) by Client
| top 10 by Count desc`,
  },
  {
    name: 'requests over time',
    least: 1,
    query: `AKSAudit
| summarize Requests = count() by bin(TimeGenerated, 30s), Verb
| render timechart`,
  },
  {
    name: 'series of requests with gaps filled',
    least: 1,
    query: `let Start = toscalar(KubeAudit | summarize min(TimeGenerated));
let End = toscalar(KubeAudit | summarize max(TimeGenerated));
KubeAudit
| make-series Requests = count() default = 0 on TimeGenerated from Start to End step 10s by User
| extend Most = toscalar(KubeAudit | count)
| project User, Requests, Steps = array_length(Requests), Most`,
  },
  {
    name: 'first and last of each user',
    least: 3,
    query: `KubeAudit
| summarize First = min(TimeGenerated), Last = max(TimeGenerated), Verbs = make_set(Verb) by User
| extend Span = Last - First
| project-reorder User, Span
| sort by Span desc`,
  },
  {
    name: 'newest request of each address',
    least: 1,
    query: `KubeAudit
| where isnotempty(SourceIp)
| summarize arg_max(TimeGenerated, User, Verb, RequestUri) by SourceIp`,
  },
  {
    name: 'addresses that are not ours',
    least: 0,
    query: `KubeAudit
| where isnotempty(SourceIp) and not(ipv4_is_private(SourceIp))
| distinct SourceIp, User`,
  },
  {
    name: 'addresses by network',
    least: 1,
    query: `let Networks = datatable(Network:string, Zone:string)["10.0.0.0/8", "cluster", "127.0.0.0/8", "node"];
KubeAudit
| where isnotempty(SourceIp)
| summarize Requests = count() by SourceIp
| evaluate ipv4_lookup(Networks, SourceIp, Network, return_unmatched = true)
| summarize sum(Requests) by Zone`,
  },
  {
    name: 'verbs of users side by side',
    least: 3,
    query: `KubeAudit
| where User !startswith "system:" and isnotempty(Verb)
| project User, Verb
| evaluate pivot(Verb)
| order by User asc`,
  },
  {
    name: 'members of a user object',
    least: 1,
    query: `AKSAudit
| project User
| take 50
| evaluate bag_unpack(User)
| summarize count() by username`,
  },
  {
    name: 'shells in containers',
    least: 3,
    query: `Commands
| where Name in ("sh", "bash", "ash", "dash") and isnotempty(Pod)
| where Entry == "exec"
| project TimeGenerated, User, Namespace, Pod, Container, CommandLine, Confidence`,
  },
  {
    name: 'downloads',
    least: 1,
    query: `let Tools = dynamic(["curl", "wget", "nc", "ncat"]);
Commands
| where Name in (Tools)
| summarize Count = count(), Lines = make_set(CommandLine, 5) by User, Pod, Name`,
  },
  {
    name: 'words of intruders',
    least: 1,
    query: `Commands
| where CommandLine has_any ("curl", "wget", "chmod", "/etc/shadow", "base64")
| project TimeGenerated, User, Pod, CommandLine, Risk
| sort by Risk desc, TimeGenerated asc`,
  },
  {
    name: 'packages installed',
    least: 0,
    query: `Commands
| where CommandLine matches regex @"\\b(apt|apt-get|apk|yum|pip)\\s+(-\\S+\\s+)*(install|add)\\b"
| project User, Pod, CommandLine`,
  },
  {
    name: 'what risk there was',
    least: 1,
    query: `Commands
| where Risk > 0
| summarize Commands = count(), Worst = max(Risk) by RiskReason
| order by Worst desc, Commands desc`,
  },
  {
    name: 'people and their sessions',
    least: 4,
    query: `Sessions
| where Confidence in ("proven", "matched") and isnotempty(User)
| summarize Sessions = count(), Pods = dcount(Pod), Commands = sum(CommandCount) by User
| sort by Sessions desc`,
  },
  {
    name: 'sessions nobody can be named for',
    least: 1,
    query: `Sessions
| where Confidence == "ambiguous"
| mv-expand Candidate = Candidates
| summarize Sessions = dcount(TraceId) by tostring(Candidate.user)`,
  },
  {
    name: 'longest sessions',
    least: 5,
    query: `Sessions
| where isnotnull(EndTime)
| extend Duration = EndTime - TimeGenerated
| top 5 by Duration desc
| project TraceId, User, Pod, Duration, Minutes = round(Duration / 1m, 2)`,
  },
  {
    name: 'commands of a session in order',
    least: 1,
    query: `let Longest = toscalar(Sessions | where Entry == "exec" | top 1 by CommandCount | project TraceId);
Commands
| where TraceId == Longest
| sort by TimeGenerated asc, AuditSerial asc
| extend Step = row_number(), Pause = TimeGenerated - prev(TimeGenerated)
| project Step, Pause, CommandLine`,
  },
  {
    name: 'sessions with what was run in them',
    least: 5,
    query: `Sessions
| where Entry == "exec"
| join kind=inner (Commands | summarize Lines = make_list(CommandLine, 20) by TraceId) on TraceId
| project User, Pod, Started = TimeGenerated, Lines`,
  },
  {
    name: 'sessions without a command',
    least: 0,
    query: `Sessions
| where Entry == "exec"
| join kind=leftanti Commands on TraceId
| project TraceId, User, Pod, Outcome, Status`,
  },
  {
    name: 'requests beside their sessions',
    least: 1,
    query: `KubeAudit
| where Subresource == "exec"
| lookup kind=leftouter (Sessions | mv-expand AuditId = AuditIds to typeof(string) | project AuditId, TraceId, Confidence) on AuditId
| summarize Requests = count() by Confidence`,
  },
  {
    name: 'programs seen once',
    least: 1,
    query: `Commands
| where isnotempty(Pod)
| summarize Count = count(), arg_max(TimeGenerated, CommandLine, User) by Exe
| where Count == 1`,
  },
  {
    name: 'rare programs of a pod',
    least: 1,
    query: `let Common = Commands | summarize count() by Name | where count_ > 20 | project Name;
Commands
| where isnotempty(Pod) and Name !in (Common)
| summarize count() by Pod, Name
| order by count_ asc`,
  },
  {
    name: 'most used programs of each pod',
    least: 4,
    query: `Commands
| where isnotempty(Pod)
| top-nested 5 of Pod by Total = count(), top-nested 2 of Name by Times = count()`,
  },
  {
    name: 'first three commands of each session',
    least: 10,
    query: `Commands
| where isnotempty(TraceId)
| partition hint.strategy=native by TraceId (top 3 by TimeGenerated asc | project TraceId, TimeGenerated, CommandLine)`,
  },
  {
    name: 'download and then a start',
    least: 0,
    query: `Commands
| where isnotempty(Pod)
| sort by Pod asc, TimeGenerated asc
| scan with_match_id=Chain with (
    step Fetched: Name in ("curl", "wget");
    step Made: Name == "chmod" and Pod == Fetched.Pod and TimeGenerated - Fetched.TimeGenerated < 5m;
  )
| project Chain, TimeGenerated, Pod, CommandLine`,
  },
  {
    name: 'pauses between commands',
    least: 3,
    query: `Commands
| where isnotempty(User)
| sort by User asc, TimeGenerated asc
| serialize Before = prev(TimeGenerated), SameUser = prev(User) == User
| where SameUser
| extend Pause = TimeGenerated - Before
| summarize Median = percentile(Pause, 50), Longest = max(Pause) by User`,
  },
  {
    name: 'base64 in command lines',
    least: 0,
    query: `Commands
| extend Encoded = extract(@"([A-Za-z0-9+/]{24,}={0,2})", 1, CommandLine)
| where isnotempty(Encoded)
| extend Decoded = base64_decode_tostring(Encoded)
| where isnotempty(Decoded)
| project User, Pod, Decoded`,
  },
  {
    name: 'commands by hour of day',
    least: 1,
    query: `Commands
| summarize Commands = count() by Hour = hourofday(TimeGenerated), Weekend = dayofweek(TimeGenerated) in (0d, 6d)
| sort by Hour asc`,
  },
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
  {
    name: 'containers and their pods',
    least: 5,
    query: `KubePodInventory
| where Namespace !in ("kube-system")
| summarize arg_max(TimeGenerated, ContainerStatus, ControllerName) by Name, Namespace, ContainerName
| extend Container = tostring(split(ContainerName, "/")[1])
| project Namespace, Name, Container, ContainerStatus, ControllerName`,
  },
  {
    name: 'images in use',
    least: 2,
    query: `ContainerInventory
| summarize Containers = dcount(ContainerID) by Repository, Image, ImageTag
| order by Containers desc`,
  },
  {
    name: 'warnings of the cluster',
    least: 1,
    query: `KubeEvents
| summarize Count = count(), Last = max(TimeGenerated) by KubeEventType, Reason, Namespace
| sort by Count desc`,
  },
  {
    name: 'errors in container logs',
    least: 0,
    query: `ContainerLogV2
| where LogMessage.level =~ "error" or tostring(LogMessage) has "panic"
| summarize Errors = count() by PodNamespace, PodName, bin(TimeGenerated, 5m)`,
  },
  {
    name: 'processor use of nodes',
    least: 0,
    query: `Perf
| where ObjectName == "K8SNode" and CounterName == "cpuUsageNanoCores"
| summarize AvgUsage = avg(CounterValue) by Computer, bin(TimeGenerated, 5m)
| render timechart`,
  },
  {
    name: 'restarts',
    least: 0,
    query: `KubePodInventory
| where isnotnull(PodRestartCount) and PodRestartCount > 5
| summarize Restarts = max(PodRestartCount) by Name, Namespace`,
  },
  {
    name: 'one word anywhere',
    least: 1,
    query: `search in (Commands, KubeAudit) "mallory"
| summarize count() by $table`,
  },
  {
    name: 'find in two tables',
    least: 1,
    query: `find in (Sessions, KubeAudit) where User == "mallory" project TimeGenerated, User, SourceIp
| summarize count() by source_`,
  },
  {
    name: 'everything one person did',
    least: 2,
    query: `let Who = "mallory";
union withsource = From
  (Sessions | where User == Who | project TimeGenerated, What = strcat(Entry, " ", Namespace, "/", Pod)),
  (Commands | where User == Who | project TimeGenerated, What = CommandLine),
  (KubeAudit | where User == Who and Stage == "ResponseComplete" | project TimeGenerated, What = strcat(Verb, " ", RequestUri))
| sort by TimeGenerated asc`,
  },
  {
    name: 'a function of the query',
    least: 1,
    query: `let PerUser = (T:(TimeGenerated:datetime, User:string), step:timespan) {
    T | where isnotempty(User) | summarize Count = count() by User, bin(TimeGenerated, step)
};
Commands | invoke PerUser(1m) | summarize Busiest = max(Count) by User`,
  },
  {
    name: 'who is new in each minute',
    least: 1,
    query: `let Start = toscalar(Sessions | summarize bin(min(TimeGenerated), 1m));
let End = toscalar(Sessions | summarize max(TimeGenerated));
Sessions
| where isnotempty(User)
| evaluate activity_counts_metrics(User, TimeGenerated, Start, End, 1m)`,
  },
  {
    name: 'users above the others',
    least: 1,
    query: `let Average = toscalar(Sessions | summarize count() by User | summarize avg(count_));
Sessions
| summarize Sessions = count() by User
| where Sessions > Average
| extend Times = round(Sessions / Average, 1)`,
  },
  {
    name: 'losses',
    least: 0,
    query: `Loss
| summarize Lost = sum(Count) by Hop, Node
| sort by Lost desc`,
  },
  {
    name: 'findings by rule',
    least: 0,
    query: `Findings
| summarize count(), Users = make_set(User) by Rule, Severity`,
  },
]
