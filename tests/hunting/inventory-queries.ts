import type { HuntingQuery } from './queries.ts'

/** Over what runs in the cluster, and over several tables at once. */
export const INVENTORY_QUERIES: readonly HuntingQuery[] = [
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
