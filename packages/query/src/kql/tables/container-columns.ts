import type { PublishedColumns } from './published-columns.ts'

/** Container hosts, registries and clusters of other kinds. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const CONTAINER_COLUMNS: PublishedColumns = {
  AMAHealth: {
    string: 'AgentRegion AgentType AgentVersion VMUUID',
    datetime: 'EndTime StartTime',
    int: 'AgentHealth DroppedEventsStatus',
    real: 'MaxDiskExceededPercent MaxEventsExceededPercent',
  },
  AWSEKSLogs: {
    string: 'AuthDecision AwsAccountId ClusterName ObjectRef Region Stage User UserAgent Verb',
    dynamic: 'RawEvent SourceIPs',
    int: 'ResponseCode',
  },
  ArcK8sAudit: {
    string: 'AuditId Level PodName RequestUri Stage UserAgent Verb',
    datetime: 'RequestReceivedTime StageReceivedTime',
    dynamic: 'Annotations ObjectRef RequestObject ResponseObject ResponseStatus SourceIps User',
  },
  ArcK8sAuditAdmin: {
    string: 'AuditId Level PodName RequestUri Stage UserAgent Verb',
    datetime: 'RequestReceivedTime StageReceivedTime',
    dynamic: 'Annotations ObjectRef RequestObject ResponseObject ResponseStatus SourceIps User',
  },
  ArcK8sControlPlane: {
    string: 'Category Level Message PodName Stream',
  },
  CloudAuditEvents: {
    string: 'ActionType City CloudResourceId CountryCode DataSource IPAddress Isp OperationName ReportId ResourceId UserAgent',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields RawEventData',
    bool: 'IsAnonymousProxy',
  },
  CloudDnsEvents: {
    string:
      'ActionType AwsResourceName AzureResourceId ContainerId ContainerName DnsEventSubType DnsEventType DnsQuery DnsQueryTypeName DnsResponseCodeName GcpFullResourceName ImageName KubernetesNamespace KubernetesPodName KubernetesResource ProcessName ReportId TransactionIdHex',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields',
    long: 'DnsNetworkDuration ProcessId',
  },
  CloudProcessEvents: {
    string:
      'AccountName ActionType AdditionalFields AgentId AwsResourceName AzureResourceId ContainerId ContainerImageName ContainerName FileName FolderPath GcpFullResourceName HostName ImageDigest InitiatingProcessId KubernetesNamespace KubernetesPodName KubernetesResource ParentProcessId ParentProcessName ProcessCommandLine ProcessCurrentWorkingDirectory ProcessName Region',
    datetime: 'ProcessCreationTime Timestamp',
    long: 'LogonId ProcessId',
  },
  ContainerAppConsoleLogs: {
    string:
      'ContainerAppName ContainerGroupId ContainerGroupName ContainerId ContainerImage ContainerName EnvironmentName JobName Location Log OperationName RevisionName Stream',
  },
  ContainerAppHTTPLogs: {
    string:
      'Authority ConnectionId ContainerAppName EnvironmentName EnvoyContainerId EnvoyPodName Location Method OperationName Path Protocol ReplicaName RequestId ResponseCodeDetails ResponseFlags RevisionName UpstreamHost UserAgent XForwardedFor',
    datetime: 'StartTime',
    int: 'StatusCode UpstreamRequestAttemptCount',
    long: 'BytesReceived BytesSent RequestDuration',
  },
  ContainerAppSystemLogs: {
    string:
      'ComponentName ComponentType ContainerAppName ContainerName EnvironmentName EventSource JobName Location Log OperationName Reason ReplicaName RevisionName',
    int: 'Count',
  },
  ContainerEvent: {
    string: 'ContainerGroup ContainerGroupInstanceID ContainerID ContainerName Location Message OSType Reason',
    int: 'Count',
  },
  ContainerInstanceLog: {
    string: 'ContainerGroup ContainerID ContainerImage ContainerName Location Message OSType Source',
  },
  ContainerNetworkLogs: {
    string:
      'DestinationClusterName DestinationNamespace DestinationPodName DropReason FlowType NodeName SourceClusterName SourceNamespace SourcePodName TraceObservationPoint TrafficDirection UUID Verdict',
    dynamic: 'AdditionalFlowData DestinationWorkloads EventType IP Layer4 Layer7 Policies Service SourceWorkloads',
    bool: 'Reply',
    int: 'DestinationIdentity EgressFlowCount IngressFlowCount SourceIdentity UnknownDirectionFlowCount',
  },
  ContainerRegistryLoginEvents: {
    string:
      'CallerIpAddress Category CorrelationId DurationMs Identity JwtId LoginServer OperationName Region ResultDescription ResultType UserAgent',
  },
  ContainerRegistryRepositoryEvents: {
    string:
      'ArtifactType CallerIpAddress Category CorrelationId Digest DurationMs Identity LoginServer MediaType OperationName Region Repository ResultDescription ResultType Tag UserAgent UserTenantId',
    int: 'Size',
  },
  GKEAPIServer: {
    string:
      'ApfAdditionalLatency ApfExecutionTime ApfFs ApfPl AuditID ClusterName ComponentLocation ComponentName ComputeResourceName HttpVerb InsertId Latency Location LogName Message Pid ProjectID Protocol Severity SourceFile SourceLine SrcIP URI UserAgent',
    datetime: 'ReceiveTimestamp',
    dynamic: 'Labels',
    int: 'ApfFSeats ApfISeats ResponseCode',
  },
  GKEApplication: {
    string:
      'ClusterName ComputeResourceName ContainerName InsertId Location LogName NamespaceName PodName ProjectID Severity TextPayload',
    datetime: 'ReceiveTimestamp',
    dynamic: 'JsonPayload Labels',
  },
  GKEAudit: {
    string: 'InsertId logName LogType Severity',
    datetime: 'ReceiveTimestamp',
    dynamic: 'JsonPayload Labels Operation ProtoPayload',
  },
  GKEControllerManager: {
    string:
      'ClusterName ComponentLocation ComponentName ComputeResourceName Duration InsertId Key Kind Location Logger LogName Message Pid ProjectID Severity SourceFile SourceLine SyncStatus',
    datetime: 'ReceiveTimestamp',
    dynamic: 'Labels',
  },
  GKEScheduler: {
    string:
      'AuditID ClusterName ComponentLocation ComponentName ComputeResourceName HttpVerb InsertId Latency Location LogName Message Pid ProjectID Protocol Severity SourceFile SourceLine SrcIP URI UserAgent',
    datetime: 'ReceiveTimestamp',
    dynamic: 'Labels',
    int: 'ResponseCode',
  },
  KubeHealth: {
    string:
      'ClusterId Details MonitorConfig MonitorInstanceId MonitorLabels MonitorTypeId NewState OldState ParentMonitorInstanceId',
    datetime: 'TimeFirstObserved',
  },
  MDCDetectionDNSEvents: {
    string:
      'AzureResourceId Comm ContainerId ContainerName Cwd Digest Domain EventGuid Exe Gid ImageName Latency NameServer Namespace NodeName PacketId Pcomm PID PodName Ppid QR Qtype Rcode Region Tid Uid',
    dynamic: 'AdditionalData Addresses DataPipelineMetadata',
  },
  MDCDetectionFimEvents: {
    string:
      'AgentId AzureResourceId Computer EventType FileName FilePath FileType InitiatingParentProcessId InitiatingParentProcessName InitiatingProcessAccountDomainName InitiatingProcessAccountName InitiatingProcessId InitiatingProcessName Region',
    dynamic: 'AdditionalData DataPipelineMetadata',
    bool: 'IsDir',
    int: 'Inode',
  },
  MDCDetectionGatingValidationEvents: {
    string:
      'Action AzureResourceId EvaluatedResourceKind EvaluatedResourceName EvaluatedResourceParentKind EvaluatedResourceParentName Namespace Region',
    dynamic: 'AdmissionControlVersions EvaluatedResourceDetails RuleProperties',
  },
  MDCDetectionK8SApiEvents: {
    string:
      'AzureResourceId K8SClusterName K8SDaemonsetName K8SDeploymentName K8SNamespaceName K8SNodeName K8SPodName K8SStatefulsetName Method Payload PayloadEncoding PayloadType Region RequestId Url',
    datetime: 'Timestamp',
    dynamic: 'AdditionalMetadata AuthenticationTypes ClientIPs DataPipelineMetadata',
    bool: 'ContainsAuthentication ContainsPublicIp IsLastChunk IsRequest',
    int: 'ChunkNum PayloadLength StatusCode',
    real: 'Elapsed',
  },
  MDCDetectionProcessV2Events: {
    string:
      'AgentId Auid Cmdline Comm Computer ContainerID ContainerName Cwd Digest DriftAction Exe Gid Group Namespace Pid Pname PodName Ppid Repository Ses Success Tag Uid User',
    dynamic: 'AdditionalData PodLabels',
    bool: 'Memfd UpperLayer',
  },
  MDCFileIntegrityMonitoringEvents: {
    string:
      'AADTenantID AzureResourceId ChangeType CloudIdentifier CloudProvider CloudResourceType Computer FileMd5 FileName FilePath FileSha1 FileSha256 FileType InitiatingProcessAccountDomainName InitiatingProcessAccountName InitiatingProcessAccountSid InitiatingProcessImageFileName InitiatingProcessImageFilePath InitiatingProcessImageFileType InitiatingProcessName InitiatingProcessSource InitProcImageLsHash InitProcImageMd5 InitProcImageSha1 InitProcImageSha256 InitProcVersionInfoCompanyName InitProcVersionInfoFileDescription InitProcVersionInfoInternalFileName InitProcVersionInfoOriginalFileName InitProcVersionInfoProductName InitProcVersionInfoProductVersion MonitoredEntityType NewValueData NewValueName NewValueType OldValueData OldValueFullRegistryKey OldValueName OldValueType OriginalFileName OriginalFilePath RegistryHive RegistryKey RequestAccountDomain RequestAccountName RequestAccountSid RequestSource RequestSourceIP RequestSourcePort',
    datetime:
      'InitiatingProcessCreationTime InitiatingProcessFirstSeen InitProcImageCreationTimeUtc InitProcImageLastAccessTimeUtc InitProcImageLastWriteTimeUtc InitProcImagePeTimestampUtc',
    long: 'FileSize InitiatingProcessId InitiatingProcessSessionId InitProcImageFileSizeInBytes',
  },
  MicrosoftAzureBastionAuditLogs: {
    string:
      'ClientIpAddress Location Message OperationName Protocol ResourceType SessionEndTime TargetResourceId TargetVMIPAddress TunnelId UserAgent UserEmail UserName',
    datetime: 'SessionStartTime Time',
    int: 'ClientPort Duration',
  },
  NCCKubernetesAPIAuditLogs: {
    string: 'AuditId ClusterName Location ObjectRef RequestUri SourceIps Stage User UserAgent Verb',
    datetime: 'RequestReceivedTimestamp',
    int: 'ResponseStatusCode',
  },
  NCCKubernetesLogs: {
    string: 'ClusterManagerName ClusterName ContainerName Location Message NamespaceName Node PodName Severity',
  },
  OTelEvents: {
    string:
      'ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType EndUserId ExceptionMessage ExceptionProblem ExceptionStackTrace ExceptionType Name OperationName ReferencedItemId RoleName SDKVersion ServiceInstanceId ServiceName ServiceNamespace ServiceVersion SessionId SpanId SyntheticSource TraceId UserAccountId UserId',
    dynamic: 'Attributes Measurements ResourceAttributes',
    int: 'DroppedAttributesCount ItemCount',
  },
  OTelLogs: {
    string:
      'Body ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType DeploymentEnvironmentName EndUserId K8sContainerName K8sNamespaceName K8sPodName OperationName RoleName ScopeName ScopeVersion SDKVersion ServiceInstanceId ServiceName ServiceNamespace ServiceVersion SessionId SeverityText SpanId SyntheticSource TraceId UserAccountId UserId',
    dynamic: 'Attributes Measurements ResourceAttributes',
    int: 'DroppedAttributesCount ItemCount SeverityLevel SeverityNumber',
  },
  OTelSpans: {
    string:
      'ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType Data DependencyType EndUserId EnrichedName Kind Name OperationName ParentSpanId PerformanceBucket ResourceAttributesId ResultCode RoleName ScopeName ScopeVersion SDKVersion ServiceInstanceId ServiceName ServiceNamespace ServiceVersion SessionId Source SpanId StatusCode StatusMessage SyntheticSource Target TraceId TraceState UserAccountId UserId',
    datetime: 'EndTime',
    dynamic: 'Attributes Links Measurements ResourceAttributes',
    bool: 'Success',
    int: 'DroppedAttributesCount DroppedEventsCount DroppedLinksCount ItemCount',
    real: 'DurationMs',
  },
  RetinaNetworkFlowLogs: {
    string:
      'DestinationClusterName DestinationNamespace DestinationPodName DropReason FlowType NodeName SourceClusterName SourceNamespace SourcePodName TraceObservationPoint TrafficDirection UUID Verdict',
    dynamic: 'AdditionalFlowData DestinationWorkloads EventType IP Layer4 Layer7 Policies Service SourceWorkloads',
    bool: 'Reply',
    int: 'DestinationIdentity PacketsReceived PacketsSent SourceIdentity',
  },
  VMBoundPort: {
    string: 'AgentId Computer Ip Machine PortId Process ProcessName Protocol',
    bool: 'IsWildcardBind',
    int: 'Port',
    long: 'BytesReceived BytesSent LinksEstablished LinksLive LinksTerminated Responses ResponseTimeMax ResponseTimeMin ResponseTimeSum',
  },
  VMComputer: {
    string:
      'AgentId AzureCloudServiceDeployment AzureCloudServiceInstanceId AzureCloudServiceName AzureCloudServiceRoleName AzureCloudServiceRoleType AzureFaultDomain AzureImageOffering AzureImagePublisher AzureImageSku AzureImageVersion AzureLocation AzureResourceGroup AzureResourceName AzureServiceFabricClusterId AzureServiceFabricClusterName AzureSize AzureSubscriptionId AzureUpdateDomain AzureVmId AzureVmScaleSetDeployment AzureVmScaleSetInstanceId AzureVmScaleSetName AzureVmScaleSetResourceId Computer DependencyAgentVersion DisplayName FullDisplayName HostingProvider HostName HypervisorId HypervisorType Machine OperatingSystemFamily OperatingSystemFullName TimeZone VirtualizationState VirtualMachineHypervisorId VirtualMachineNativeId VirtualMachineNativeName VirtualMachineType',
    datetime: 'BootTime',
    dynamic: 'DnsNames Ipv4Addresses Ipv4DefaultGateways Ipv4SubnetMasks Ipv6Addresses MacAddresses',
    int: 'Cpus CpuSpeed',
    long: 'PhysicalMemoryMB',
  },
  VMConnection: {
    string:
      'AgentId Computer Confidence ConnectionId Description DestinationIp Direction FirstReportedDateTime IndicatorThreatType IsActive LastReportedDateTime Machine MaliciousIp Process ProcessName Protocol RemoteClassification RemoteCountry RemoteDnsCanonicalNames RemoteDnsQuestions RemoteIp SourceIp TLPLevel',
    int: 'DestinationPort Severity',
    long: 'BytesReceived BytesSent LinksEstablished LinksFailed LinksLive LinksTerminated Responses ResponseTimeMax ResponseTimeMin ResponseTimeSum',
    real: 'RemoteLatitude RemoteLongitude',
  },
  VMProcess: {
    string:
      'AgentId CommandLine CompanyName Computer Description DisplayName ExecutableName ExecutablePath FileVersion Group InternalName Machine Process ProductName ProductVersion Role UserDomain UserName WorkingDirectory',
    datetime: 'StartTime',
    dynamic: 'Services',
    int: 'FirstPid',
  },
}
