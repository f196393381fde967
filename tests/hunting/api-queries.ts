import type { HuntingQuery } from './queries.ts'

/** Over the audit log of the API server. */
export const API_QUERIES: readonly HuntingQuery[] = [
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
]
