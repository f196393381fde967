import type { HuntingQuery } from './queries.ts'

/** Over sessions and the commands in them. */
export const SESSION_QUERIES: readonly HuntingQuery[] = [
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
]
