import { type AnsweredQuery, counted, distinct, grouped, idOf, typeOf } from './recording.ts'

const none = (): [] => []

/** Over the tables that packs of queries name beside the audit log; most have no rows here, and must answer all the same. */
export const OTHER_QUERIES: readonly AnsweredQuery[] = [
  {
    name: 'processes of endpoints',
    query: `DeviceProcessEvents
| where Timestamp > ago(3650d) and ActionType == "ProcessCreated"
| summarize Starts = count(), Devices = dcount(DeviceName)`,
    rows: ({ records }) => [[distinct(records.filter((one) => typeOf(one) === 'EXECVE').map(idOf)).length, 1]],
  },
  {
    name: 'processes of containers with suspicious words',
    query: `let Tools = dynamic(["xmrig", "minerd", "nsenter", "mallory.example"]);
CloudProcessEvents
| where TimeGenerated > ago(3650d)
| where ProcessCommandLine has_any (Tools) or ProcessName in~ (Tools)
| summarize Times = count() by Word = tostring(split(ProcessCommandLine, " ")[0]), Privileged = ContainerName == "debug"`,
    rows: ({ records }) => {
      const starts = records.filter((one) => typeOf(one) === 'EXECVE' && / a\d+="(?:[^"]*\/)?nsenter"/.test(one))
      return counted(starts, (one) => [/ a0="([^"]*)"/.exec(one)?.[1], true])
    },
  },
  {
    name: 'sign-ins beside requests from the same address',
    query: `let Failed = SigninLogs
| where TimeGenerated >= ago(7d) and ResultType !in ("0", "50125", "50140")
| extend City = tostring(LocationDetails.city), Device = tostring(DeviceDetail.deviceId)
| summarize Failures = count(), Apps = make_set(AppDisplayName, 50) by IPAddress, UserPrincipalName, City;
AKSAudit
| where Stage == "ResponseComplete"
| mv-expand Ip = SourceIps to typeof(string)
| join kind=leftouter Failed on $left.Ip == $right.IPAddress
| summarize Requests = count(), Suspicious = countif(isnotempty(UserPrincipalName)) by Ip`,
    rows: ({ requests }) =>
      counted(
        requests.filter(({ stage }) => stage === 'ResponseComplete').flatMap(({ sourceIPs = [] }) => sourceIPs),
        (one) => [one],
      ).map((row) => [...row, 0]),
  },
  {
    name: 'indicators against addresses',
    query: `let dt_lookBack = 1h; let ioc_lookBack = 14d;
let IP_Indicators = ThreatIntelligenceIndicator
| where TimeGenerated >= ago(ioc_lookBack) and ExpirationDateTime > now()
| summarize LatestIndicatorTime = arg_max(TimeGenerated, *) by IndicatorId
| where Active == true
| extend TI_ipEntity = iff(isnotempty(NetworkIP), NetworkIP, NetworkDestinationIP)
| extend TI_ipEntity = iff(isempty(TI_ipEntity) and isnotempty(EmailSourceIpAddress), EmailSourceIpAddress, TI_ipEntity);
IP_Indicators
| join kind=innerunique (AKSAudit | extend AuditTime = TimeGenerated, ClientIP = tostring(SourceIps[0])) on $left.TI_ipEntity == $right.ClientIP
| where AuditTime < ExpirationDateTime
| summarize AuditTime = arg_max(AuditTime, *) by IndicatorId, ClientIP
| project AuditTime, Description, ActivityGroupNames, IndicatorId, ThreatType, Url, ConfidenceScore, ClientIP`,
    rows: none,
  },
  {
    name: 'logons of hosts',
    query: `SecurityEvent
| where EventID in (4624, 4625) and AccountType == "User" and not(TargetUserName endswith "$")
| summarize StartTime = min(TimeGenerated), EndTime = max(TimeGenerated), Failures = countif(EventID == 4625) by Computer, TargetAccount, IpAddress, LogonType
| extend timestamp = StartTime, AccountCustomEntity = TargetAccount, HostCustomEntity = Computer
| union isfuzzy=true (WindowsEvent | where EventID == 4625 | extend TargetAccount = tostring(EventData.TargetUserName))
| count`,
    rows: () => [[0]],
  },
  {
    name: 'changes in a directory',
    query: `AuditLogs
| where OperationName has_any ("Add member to role", "Add service principal credentials") and Result =~ "success"
| mv-expand TargetResource = TargetResources
| mv-expand Change = TargetResource.modifiedProperties
| extend Key = tostring(Change.displayName), New = trim(@'"', tostring(Change.newValue))
| extend Actor = tostring(parse_json(tostring(InitiatedBy.user)).userPrincipalName)
| where Key == "Role.DisplayName"
| project TimeGenerated, Actor, New, CorrelationId`,
    rows: none,
  },
  {
    name: 'activities of a subscription',
    query: `AzureActivity
| where OperationNameValue endswith "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/LISTCLUSTERADMINCREDENTIAL/ACTION"
| where ActivityStatusValue in~ ("Success", "Succeeded")
| extend Claims = todynamic(Claims), Props = parse_json(Properties)
| summarize Calls = count(), Ips = make_set(CallerIpAddress) by Caller, _ResourceId = tolower(_ResourceId)`,
    rows: none,
  },
  {
    name: 'alerts and their entities',
    query: `SecurityAlert
| where TimeGenerated > ago(30d) and ProviderName == "Azure Security Center"
| extend ExtendedProperties = todynamic(ExtendedProperties)
| mv-expand Entity = todynamic(Entities)
| where tostring(Entity.Type) == "K8s-pod"
| extend Pod = tostring(Entity.Name), Namespace = tostring(Entity.Namespace.Name)
| summarize arg_max(TimeGenerated, AlertSeverity, Tactics) by SystemAlertId, Pod, Namespace
| render table`,
    rows: none,
  },
  {
    name: 'traffic of firewalls',
    query: `CommonSecurityLog
| where DeviceVendor =~ "Palo Alto Networks" and Activity == "TRAFFIC"
| where isnotempty(DestinationIP) and not(ipv4_is_private(DestinationIP))
| summarize Sent = sum(SentBytes), Received = sum(ReceivedBytes) by SourceIP, DestinationIP, DestinationPort, bin(TimeGenerated, 1h)
| extend Ratio = round(1.0 * Sent / max_of(Received, 1), 2)
| where Ratio > 10`,
    rows: none,
  },
  {
    name: 'who behaves unlike before',
    query: `BehaviorAnalytics
| where ActivityType == "LogOn" and ActivityInsights.FirstTimeUserConnectedFromCountry == true
| join kind=leftouter (IdentityInfo | summarize arg_max(TimeGenerated, *) by AccountUPN) on $left.UserPrincipalName == $right.AccountUPN
| project TimeGenerated, UserPrincipalName, InvestigationPriority, Department, IsAccountEnabled, SourceIPAddress`,
    rows: none,
  },
  {
    name: 'use of the workspace',
    query: `Usage
| where TimeGenerated > startofday(ago(31d)) and IsBillable
| summarize BillableGB = sum(Quantity) / 1000.0 by bin(StartTime, 1d), DataType
| union (Operation | where OperationCategory == "Ingestion" | project StartTime = TimeGenerated, DataType = Detail)
| sort by StartTime asc
| render columnchart with (kind=stacked, xtitle="day")`,
    rows: none,
  },
  {
    name: 'metrics of containers by their tags',
    query: `InsightsMetrics
| where Namespace == "container.azm.ms/disk" and Name == "used_percent"
| extend Tags = todynamic(Tags)
| extend Device = tostring(Tags.device), Host = tostring(Tags["hostName"])
| summarize Most = max(Val) by Computer, Device, Host, bin(TimeGenerated, 15m)
| where Most > 90`,
    rows: none,
  },
  {
    name: 'processor share against its limit',
    query: `let endDateTime = now(); let startDateTime = ago(1h); let trendBinSize = 1m;
let capacityCounterName = "cpuCapacityNanoCores"; let usageCounterName = "cpuUsageNanoCores";
KubeNodeInventory
| where TimeGenerated between (startDateTime .. endDateTime)
| distinct ClusterName, Computer
| join hint.strategy=shuffle (
    Perf
    | where TimeGenerated between (startDateTime .. endDateTime) and ObjectName == "K8SNode" and CounterName == capacityCounterName
    | summarize LimitValue = max(CounterValue) by Computer, CounterName, bin(TimeGenerated, trendBinSize)
    | project Computer, CapacityStartTime = TimeGenerated, CapacityEndTime = TimeGenerated + trendBinSize, LimitValue
  ) on Computer
| join kind=inner hint.strategy=shuffle (
    Perf | where ObjectName == "K8SNode" and CounterName == usageCounterName | project Computer, UsageValue = CounterValue, TimeGenerated
  ) on Computer
| where TimeGenerated >= CapacityStartTime and TimeGenerated < CapacityEndTime
| summarize AggregatedValue = avg(UsageValue * 100.0 / LimitValue) by bin(TimeGenerated, trendBinSize), ClusterName`,
    rows: none,
  },
  {
    name: 'logs of containers with their pods',
    query: `ContainerLogV2
| where PodNamespace !in ("kube-system", "gatekeeper-system") and LogSource == "stderr"
| extend Level = coalesce(LogLevel, tostring(LogMessage.level), extract(@"\\b(ERROR|WARN|FATAL)\\b", 1, tostring(LogMessage)))
| join kind=leftouter (KubePodInventory | distinct PodUid, Name, ControllerName) on $left.PodName == $right.Name
| summarize Lines = count() by PodName, ControllerName, Level, Labels = tostring(KubernetesMetadata.podLabels)`,
    rows: none,
  },
  {
    name: 'nodes that are gone',
    query: `Heartbeat
| where TimeGenerated > ago(1d) and Category != "Azure Monitor Agent"
| summarize LastHeartbeat = max(TimeGenerated), take_any(OSType, ComputerIP) by Computer, ResourceId
| where LastHeartbeat < ago(5m)
| extend Minutes = datetime_diff("minute", now(), LastHeartbeat)`,
    rows: none,
  },
  {
    name: 'images and where they are from',
    query: `ContainerInventory
| where ContainerState in ("Running", "Terminated")
| extend Registry = tostring(split(Repository, "/")[0])
| summarize Named = countif(isnotempty(Image)), All = count()
| project Same = Named == All and All > 0`,
    rows: () => [[true]],
  },
  {
    name: 'a pod and its containers from two tables',
    query: `KubePodInventory
| where isnotempty(ContainerID)
| extend PodLabels = todynamic(PodLabel)[0], Container = tostring(split(ContainerName, "/")[1])
| join kind=inner (ContainerInventory | project ContainerID, Image, ImageTag) on ContainerID
| where tostring(PodLabels.app) == "web"
| distinct Container, Image, ImageTag
| where Container == "sidecar"`,
    rows: () => [['sidecar', 'busybox', '1.35']],
  },
  {
    name: 'events of the cluster beside requests',
    query: `KubeEvents
| where KubeEventType == "Normal"
| summarize Reasons = dcount(Reason), Events = count()
| project Some = Events > 0 and Reasons > 0`,
    rows: () => [[true]],
  },
  {
    name: 'a policy of columns',
    query: `union withsource=Table KubeMonAgentEvents, KubeServices, KubePVInventory, ContainerNodeInventory, ContainerImageInventory
| project-away *Id
| summarize count() by Table`,
    rows: none,
  },
  {
    name: 'every kind of sign-in',
    query: `let aadFunc = (tableName:string) {
    table(tableName)
    | where ResultType == 0
    | summarize Apps = dcount(AppDisplayName) by UserPrincipalName, Type
};
let aadSignin = aadFunc("SigninLogs");
let aadNonInt = aadFunc("AADNonInteractiveUserSignInLogs");
union isfuzzy=true aadSignin, aadNonInt
| summarize Kinds = make_set(Type) by UserPrincipalName`,
    rows: none,
  },
  {
    name: 'another workspace',
    query: `union withsource=From workspace("lab").KubeAudit, workspace("podwitness").KubeAudit
| where Verb == "delete" and Stage == "ResponseComplete"
| summarize count() by From`,
    rows: ({ requests }) => {
      const count = requests.filter(({ verb, stage }) => verb === 'delete' && stage === 'ResponseComplete').length
      return [
        ['workspace("lab").KubeAudit', count],
        ['workspace("podwitness").KubeAudit', count],
      ]
    },
  },
  {
    name: 'rare pairs of client and user',
    query: `let Known = CloudAuditEvents
| where Timestamp < datetime(2026-11-21 02:53:30)
| summarize by Client = tostring(split(UserAgent, "/")[0]), Who = tostring(RawEventData.user.username);
CloudAuditEvents
| where Timestamp >= datetime(2026-11-21 02:53:30) and DataSource == "Azure Kubernetes Service"
| extend Client = tostring(split(UserAgent, "/")[0]), Who = tostring(RawEventData.user.username)
| join kind=leftanti Known on Client, Who
| distinct Client, Who`,
    rows: ({ requests }) => {
      const pair = (one: (typeof requests)[number]): string =>
        JSON.stringify([(one.userAgent ?? '').split('/')[0], one.user.username])
      const before = new Set(requests.filter((one) => one.stageTimestamp < '2026-11-21T02:53:30').map(pair))
      const after = distinct(requests.filter((one) => one.stageTimestamp >= '2026-11-21T02:53:30').map(pair))
      return after.filter((one) => !before.has(one)).map((one) => JSON.parse(one) as string[])
    },
  },
  {
    name: 'programs that only one pod runs',
    query: `MDCDetectionProcessV2Events
| where isnotempty(PodName)
| extend Program = tostring(split(Exe, "/")[-1])
| summarize Pods = dcount(PodName), Uids = make_set(Uid) by Program
| summarize Programs = count() > 0`,
    rows: () => [[true]],
  },
  {
    name: 'requests of clusters elsewhere',
    query: `union isfuzzy=true
  (AWSEKSLogs | where Verb in ("create", "delete") and toint(ResponseCode) < 400 | project Cluster = ClusterName, User, Ref = parse_json(ObjectRef), Verb),
  (GKEAudit | extend Payload = ProtoPayload | project Cluster = tostring(Labels.cluster_name), User = tostring(Payload.authenticationInfo.principalEmail), Verb = tostring(Payload.methodName))
| extend Resource = tostring(Ref.resource)
| where Resource == "pods"
| summarize count() by Cluster, Verb`,
    rows: ({ requests }) => {
      const found = requests.filter(
        ({ verb, responseStatus, objectRef }) =>
          ['create', 'delete'].includes(verb) &&
          responseStatus?.code !== undefined &&
          responseStatus.code < 400 &&
          objectRef?.resource === 'pods',
      )
      return [...grouped(found, ({ verb }) => verb)].map(([verb, list]) => ['lab', verb, list.length])
    },
  },
]
