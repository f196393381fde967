import type { PublishedColumns } from './published-columns.ts'

/** Firewalls, flows, names and web servers. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const NETWORK_COLUMNS: PublishedColumns = {
  AGCAccessLogs: {
    string:
      'BackendHost BackendIp ClientIp FrontendName HostName HttpMethod HttpVersion OperationName Referrer Region RequestUri TlsCipher TlsProtocol TrackingId UserAgent',
    int: 'BackendPort BackendTimeTaken FrontendPort HttpStatusCode',
    long: 'RequestBodyBytes RequestHeaderBytes ResponseBodyBytes ResponseHeaderBytes',
    real: 'BackendResponseLatency TimeTaken',
  },
  AGWAccessLogs: {
    string:
      'BackendPoolName BackendSettingName BackendSslCipher BackendSslProtocol ClientIp ErrorInfo Host HttpMethod HttpVersion InstanceId ListenerName OperationName OriginalHost OriginalRequestUriWithArgs RequestQuery RequestUri RuleName ServerRouted SslCipher SslClientCertificateFingerprint SslClientCertificateIssuerName SslClientVerify SslEnabled SslProtocol TransactionId UserAgent WafMode WafPolicyId',
    int: 'ClientPort HttpStatus ReceivedBytes SentBytes ServerStatus UpstreamSourcePort',
    real: 'ClientResponseTime ServerConnectTime ServerHeaderTime ServerResponseLatency TimeTaken WafEvaluationTime',
  },
  AGWFirewallLogs: {
    string:
      'Action ClientIp DetailedData DetailedMessage FileDetails Hostname InstanceId LineDetails Message OperationName ParanoiaLevel PolicyId PolicyScope PolicyScopeName RequestUri RuleId RuleSetType RuleSetVersion Site TransactionId',
    int: 'ClientPort',
  },
  AWSRoute53Resolver: {
    string:
      'AccountId FirewallDomainListId FirewallRuleAction FirewallRuleGroupId LogType QueryClass QueryName QueryType Rcode Region SrcAddr SrcPort Transport Version VpcId',
    dynamic: 'Answers SrcIds',
  },
  AWSVPCFlow: {
    string:
      'AccountId Action AzId DstAddr EcsClusterArn EcsClusterName EcsContainerId EcsContainerInstanceArn EcsContainerInstanceId EcsSecondContainerId EcsServiceName EcsTaskArn EcsTaskDefinitionArn EcsTaskId FlowDirection InstanceId InterfaceId LogStatus PktDstAddr PktDstAwsService PktSrcAddr PktSrcAwsService Region SrcAddr SublocationId SublocationType SubnetId TrafficPath TrafficType VpcId',
    datetime: 'End Start',
    int: 'DstPort Packets Protocol SrcPort TcpFlags Version',
    long: 'Bytes',
  },
  AWSWAF: {
    string:
      'Action Args ClientIp Country FormatVersion HttpMethod HttpSourceId HttpSourceName HttpVersion Ja3Fingerprint RequestId RuleGroupId TerminatingRuleId TerminatingRuleType Uri WebAclId',
    dynamic:
      'CaptchaResponse ChallengeResponse ExcludedRules Headers HttpRequest Labels NonTerminatingMatchingRules OversizeFields RateBasedRuleList RequestHeadersInserted RuleGroupList TerminatingRule TerminatingRuleMatchDetails',
    int: 'ResponseCodeSent',
  },
  AZFWApplicationRule: {
    string: 'Action ActionReason Fqdn Policy Protocol Rule RuleCollection RuleCollectionGroup SourceIp TargetUrl WebCategory',
    bool: 'IsExplicitProxyRequest IsTlsInspected',
    int: 'DestinationPort SourcePort',
  },
  AZFWDnsQuery: {
    string: 'ErrorMessage Protocol QueryClass QueryName QueryType ResponseCode ResponseFlags SourceIp',
    bool: 'DnssecOkBit',
    int: 'EDNS0BufferSize ErrorNumber QueryId RequestSize ResponseSize SourcePort',
    real: 'RequestDurationSecs',
  },
  AZFWFlowTrace: {
    string: 'Action ActionReason DestinationIp Flag Protocol SourceIp',
    int: 'DestinationPort SourcePort',
  },
  AZFWIdpsSignature: {
    string: 'Action Category Description DestinationIp Protocol SignatureId SourceIp',
    int: 'DestinationPort Severity SourcePort',
  },
  AZFWNatRule: {
    string: 'DestinationIp Policy Protocol Rule RuleCollection RuleCollectionGroup SourceIp TranslatedIp',
    int: 'DestinationPort SourcePort TranslatedPort',
  },
  AZFWNetworkRule: {
    string: 'Action ActionReason DestinationIp Policy Protocol Rule RuleCollection RuleCollectionGroup SourceIp',
    int: 'DestinationPort SourcePort',
  },
  AZFWThreatIntel: {
    string: 'Action DestinationIp Fqdn Protocol SourceIp TargetUrl ThreatDescription',
    bool: 'IsTlsInspected',
    int: 'DestinationPort SourcePort',
  },
  CommonSecurityLog: {
    string:
      'Activity AdditionalExtensions ApplicationProtocol CollectorHostName CommunicationDirection Computer DestinationDnsDomain DestinationHostName DestinationIP DestinationMACAddress DestinationNTDomain DestinationProcessName DestinationServiceName DestinationTranslatedAddress DestinationUserID DestinationUserName DestinationUserPrivileges DeviceAction DeviceAddress DeviceCustomDate1 DeviceCustomDate1Label DeviceCustomDate2 DeviceCustomDate2Label DeviceCustomFloatingPoint1Label DeviceCustomFloatingPoint2Label DeviceCustomFloatingPoint3Label DeviceCustomFloatingPoint4Label DeviceCustomIPv6Address1 DeviceCustomIPv6Address1Label DeviceCustomIPv6Address2 DeviceCustomIPv6Address2Label DeviceCustomIPv6Address3 DeviceCustomIPv6Address3Label DeviceCustomIPv6Address4 DeviceCustomIPv6Address4Label DeviceCustomNumber1Label DeviceCustomNumber2Label DeviceCustomNumber3Label DeviceCustomString1 DeviceCustomString1Label DeviceCustomString2 DeviceCustomString2Label DeviceCustomString3 DeviceCustomString3Label DeviceCustomString4 DeviceCustomString4Label DeviceCustomString5 DeviceCustomString5Label DeviceCustomString6 DeviceCustomString6Label DeviceDnsDomain DeviceEventCategory DeviceEventClassID DeviceExternalID DeviceFacility DeviceInboundInterface DeviceMacAddress DeviceName DeviceNtDomain DeviceOutboundInterface DevicePayloadId DeviceProduct DeviceTimeZone DeviceTranslatedAddress DeviceVendor DeviceVersion EventOutcome ExtID FileCreateTime FileHash FileID FileModificationTime FileName FilePath FilePermission FileType FlexDate1 FlexDate1Label FlexNumber1Label FlexNumber2Label FlexString1 FlexString1Label FlexString2 FlexString2Label IndicatorThreatType LogSeverity MaliciousIP MaliciousIPCountry Message OldFileCreateTime OldFileHash OldFileID OldFileModificationTime OldFileName OldFilePath OldFilePermission OldFileType OriginalLogSeverity ProcessName Protocol Reason ReceiptTime RemoteIP RemotePort ReportReferenceLink RequestClientApplication RequestContext RequestCookies RequestMethod RequestURL SimplifiedDeviceAction SourceDnsDomain SourceHostName SourceIP SourceMACAddress SourceNTDomain SourceProcessName SourceServiceName SourceTranslatedAddress SourceUserID SourceUserName SourceUserPrivileges ThreatConfidence ThreatDescription',
    datetime: 'EndTime StartTime',
    int: 'DestinationPort DestinationProcessId DestinationTranslatedPort DeviceCustomNumber1 DeviceCustomNumber2 DeviceCustomNumber3 EventCount EventType ExternalID FileSize FlexNumber1 FlexNumber2 OldFileSize ProcessID SourcePort SourceProcessId SourceTranslatedPort ThreatSeverity',
    long: 'FieldDeviceCustomNumber1 FieldDeviceCustomNumber2 FieldDeviceCustomNumber3 ReceivedBytes SentBytes',
    real: 'DeviceCustomFloatingPoint1 DeviceCustomFloatingPoint2 DeviceCustomFloatingPoint3 DeviceCustomFloatingPoint4 MaliciousIPLatitude MaliciousIPLongitude',
  },
  DNSQueryLogs: {
    string:
      'DestinationIpAddress DnsForwardingRulesetDomain DnsForwardingRulesetId OperationName PrivateResolverEndpointId QueryClass QueryName QueryType Region ResolutionPath ResolverPolicyDomainListId ResolverPolicyId ResolverPolicyRuleAction SourceIpAddress Transport Version VirtualNetworkId',
    dynamic: 'AdditionalRecords Answer Authority',
    int: 'DestinationPort QueryResponseTime ResponseCode SourcePort',
  },
  DnsAuditEvents: {
    string:
      'Action ActiveKey Base64Data ChildZone ClientSubnetList ClientSubnetRecord Condition Criteria CryptoAlgorithm CurrentRolloverStatus CurrentState DenialOfExistence Digest DigestType DistributeTrustAnchor DnsQuery DSRecordGenerationAlgorithm EnableRfc5011KeyRollover EventGuid EventId EventString EventType FilePath Forwarders IsEnabled IsKeyMasterServer KeyId KeyMasterServer KeyOrZone KeyProtocol KeyStorageProvider KeyType KskOrZsk ListenAddresses LookupValue MasterServer Name NameServer NewPropertyValues NewValue NextKey NextRolloverAction NodeName NSec3OptOut NSec3UserSalt OldPropertyValues ParentHasSecureDelegation Policy PropertyKey RDATA RecursionScope ReplicationScope RolloverType ScavengeServers Scope Scopes SeizedOrTransferred ServerName Setting Source StandbyKey StoreKeysInAD SubTreeAging VirtualizationID WithNewKeys WithWithout Zone ZoneFile ZoneName ZoneScope',
    datetime: 'LastRolloverTime NextRolloverTime',
    dynamic: 'AdditionalData',
    int: 'BufferSize DnsKeyRecordSetTtl DnsKeySignatureValidityPeriod DnsQueryType DSRecordSetTtl DSSignatureValidityPeriod InitialRolloverOffset KeyLength KeyTag NSec3HashAlgorithm NSec3Iterations NSec3RandomSaltLength ProcessingOrder PropagationTime RolloverPeriod SecureDelegationPollingPeriod SignatureInceptionOffset TTL ZoneSignatureValidityPeriod',
  },
  DnsEvents: {
    string:
      'ClientIP Computer Confidence Description IndicatorThreatType IPAddresses MaliciousIP Message Name QueryType RemoteIPCountry Result SubType TaskCategory',
    int: 'EventId ResultCode Severity',
    real: 'RemoteIPLatitude RemoteIPLongitude',
  },
  DnsInventory: {
    string:
      'Computer DnsSecSigned DomainName DynamicUpdate ForestName NameServers ResourceRecordName ResourceRecordType ServerIPs SubType ZoneName',
  },
  GCPDNS: {
    string:
      'AuthenticationInfoPrincipalEmail AuthenticationInfoPrincipalSubject AuthorizationInfo DestinationIP GCPResourceName GCPResourceType InsertId LogName MethodName PayloadType Protocol QueryName QueryType Rdata ReqManZonePrivVisibConfigNetworks ReqmetaCallerSuppliedUserAgent RequestAPIType RequestChangeAdditions RequestChangeDeletions RequestManagedZone RequestManagedZoneDescription RequestManagedZoneDnsName RequestManagedZoneName RequestManagedZoneVisibility RequestMetadataCallerIp RequestName RequestProject RequestType ResourceLabelsLocation ResourceLabelsPolicyName ResourceLabelsProjectId ResourceLabelsSourceType ResourceLabelsTargetName ResourceLabelsTargetType ResourceLabelsZoneName RespManZonePrivVisibConfigNetworks ResponseChangeAdditions ResponseChangeDeletions ResponseChangeId ResponseChangeStatus ResponseCode ResponseManagedZoneDescription ResponseManagedZoneDnsName ResponseManagedZoneFingerprint ResponseManagedZoneId ResponseManagedZoneName ResponseManagedZoneNameServers ResponseManagedZoneRrsetCount ResponseManagedZoneVisibility ResponseOperationId ResponseOperationStatus ResponseOperationType ResponseOperationUser ResponseOpZoneContextNewValue ResponseOpZoneContextOldValue ResponseType ServerLatency ServiceName Severity SourceIP SourceNetwork StatusCode VmInstanceId VmInstanceIdString VmInstanceName VmProjectId VmZoneName',
    datetime:
      'ReqmetaRequestAttributesTime ResponseChangeStartTime ResponseManagedZoneCreationTime ResponseOperationStartTime Timestamp',
    bool: 'AuthAnswer ReqManZoneCloudLogConfigEnableLogging ResManZoneCloudLogConfigEnableLogging',
  },
  GCPFirewallLogs: {
    string:
      'Action DestIp DestPort Direction Disposition GCPResourceType InsertId InstanceProjectId InstanceRegion InstanceVmName InstanceZone LogName Priority ProjectId Protocol Referance RemoteLocationCity RemoteLocationContinent RemoteLocationCountry RemoteLocationRegion ResourceLocation ResourceSubnetworkName SrcIp SrcPort SubnetworkId VpcName VpcProjectId VpcSubnetworkName',
    datetime: 'Timestamp',
    dynamic: 'IpPortInfo SourceRange',
  },
  GCPVPCFlow: {
    string:
      'BytesSent DestGatewayInterconnectName DestGatewayInterconnectProjectNumber DestGatewayLocation DestGatewayName DestGatewayProjectId DestGatewayType DestGkeClusterLocation DestGkeClusterName DestGkePodName DestGkePodNamespace DestGkePodWorkloadName DestGkePodWorkloadType DestGoogleServiceType DestInstanceGroupName DestInstanceGroupRegion DestInstanceGroupZone DestInstanceProjectId DestInstanceRegion DestInstanceVmName DestInstanceZone DestIp DestLocationAsn DestLocationCity DestLocationContinent DestLocationCountry DestLocationRegion DestPort DestVpcName DestVpcProjectId DestVpcSubnetworkName DestVpcSubnetworkRegion GCPResourceType InsertId InternetRoutingDetailsEgressAsn LbBackendGroupLocation LbBackendGroupName LbBackendGroupType LbBackendServiceName LbForwardingRuleName LbForwardingRuleProjectId LbReporter LbScheme LbType LbUrlMapName Location LogName NetworkServiceDscp PacketsSent ProjectId Protocol PscAttachmentProjectId PscAttachmentRegion PscEndpointConnectionId PscEndpointProjectId PscEndpointRegion PscEndpointTargetServiceType Reporter Rttmsec SrcGatewayInterconnectName SrcGatewayInterconnectProjectNumber SrcGatewayLocation SrcGatewayName SrcGatewayProjectId SrcGatewayType SrcGkeClusterLocation SrcGkeClusterName SrcGkePodName SrcGkePodNamespace SrcGkePodWorkloadName SrcGkePodWorkloadType SrcGoogleServiceType SrcInstanceGroupName SrcInstanceGroupRegion SrcInstanceGroupZone SrcInstanceProjectId SrcInstanceRegion SrcInstanceVmName SrcInstanceZone SrcIp SrcLocationAsn SrcLocationCity SrcLocationContinent SrcLocationCountry SrcLocationRegion SrcPort SrcVpcName SrcVpcProjectId SrcVpcSubnetworkName SrcVpcSubnetworkRegion SubnetworkId SubnetworkName',
    datetime: 'EndTime ReceiveTimestamp StartTime Timestamp',
    dynamic: 'DestGatewayVpc DestGkeService LbVpc PscAttachmentVpc PscEndpointVpc SrcGatewayVpc SrcGkeService',
  },
  NSPAccessLogs: {
    string:
      'AccessRuleVersion AppId Category DestinationEmailAddress DestinationFqdn DestinationParameters DestinationPhoneNumber DestinationPort DestinationProtocol DestinationResourceId Location MatchedRule OperationName OperationVersion Parameters Profile ResultAction ResultDescription ResultDirection RuleType ServiceFqdn ServiceResourceId SourceAppId SourceIpAddress SourceParameters SourcePerimeterGuids SourcePort SourceProtocol SourceResourceId TrafficType',
    datetime: 'TimeGeneratedEndTime',
    int: 'Count',
  },
  NTAIpDetails: {
    string: 'DnsDomain FaSchemaVersion FlowType Ip Location PublicIpDetails SubType ThreatDescription ThreatType Url',
    datetime: 'FlowIntervalEndTime FlowIntervalStartTime',
    int: 'Port',
  },
  NTANetAnalytics: {
    string:
      'AclGroup AclRule Action AzureRegion ConnectingVnets ConnectionName ConnectionType Country Description DestApplicationGateway DestCloud DestEnvironment DestExpressRouteCircuit DestIp DestLoadBalancer DestLocalNetworkGateway DestNetworkGroups DestNic DestPublicIps DestRegion DestServiceId DestServiceName DestServiceTags DestSubnet DestSubscription DestTenantId DestTenantName DestVm ExpressRouteCircuitPeeringType FaSchemaVersion FlowDirection FlowEncryption FlowLogResourceId FlowStatus FlowType L4Protocol L7Protocol LogResourceId MacAddress NsgList NsgRule NsgRuleType PrivateEndpointResourceId PrivateLinkResourceId PrivateLinkResourceName SrcApplicationGateway SrcCloud SrcEnvironment SrcExpressRouteCircuit SrcIp SrcLoadBalancer SrcLocalNetworkGateway SrcNetworkGroups SrcNic SrcPorts SrcPublicIps SrcRegion SrcServiceId SrcServiceName SrcServiceTags SrcSubnet SrcSubscription SrcTenantId SrcTenantName SrcVm Status SubType TargetResourceId TargetResourceType TrafficAnalyticsResourceId',
    datetime: 'FlowEndTime FlowIntervalEndTime FlowIntervalStartTime FlowStartTime TimeProcessed',
    bool: 'IsFlowCapturedAtUdrHop',
    int: 'DestPort',
    long: 'AllowedInFlows AllowedOutFlows BytesDestToSrc BytesSrcToDest CompletedFlows DeniedInFlows DeniedOutFlows PacketsDestToSrc PacketsSrcToDest RecordCount',
  },
  NetworkSessions: {
    string:
      'CloudAppId CloudAppName CloudAppOperation CloudAppRiskLevel DstDomainHostname DstDvcDomain DstDvcFqdn DstDvcHostname DstDvcIpAddr DstDvcMacAddr DstGeoCity DstGeoCountry DstGeoRegion DstInterfaceGuid DstInterfaceName DstIpAddr DstMacAddr DstNatIpAddr DstResourceId DstUserAadId DstUserDomain DstUserName DstUserSid DstUserUpn DstZone DvcAction DvcHostname DvcInboundInterface DvcIpAddr DvcMacAddr DvcOutboundInterface EventMessage EventOriginalUid EventProduct EventProductVersion EventReportUrl EventResourceId EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventUid EventVendor FileExtension FileHashMd5 FileHashSha1 FileHashSha256 FileHashSha512 FileMimeType FileName FilePath HttpContentType HttpReferrerOriginal HttpRequestMethod HttpRequestXff HttpStatusCode HttpUserAgentOriginal HttpVersion NetworkApplicationProtocol NetworkDirection NetworkIcmpType NetworkProtocol NetworkRuleName NetworkSessionId SrcDvcDomain SrcDvcFqdn SrcDvcHostname SrcDvcIpAddr SrcDvcMacAddr SrcDvcModelName SrcDvcModelNumber SrcDvcOs SrcDvcType SrcGeoCity SrcGeoCountry SrcGeoRegion SrcInterfaceGuid SrcInterfaceName SrcIpAddr SrcMacAddr SrcNatIpAddr SrcResourceId SrcUserAadId SrcUserDomain SrcUserName SrcUserSid SrcUserUpn SrcZone ThreatCategory ThreatId ThreatName UrlCategory UrlHostname UrlOriginal',
    datetime: 'EventEndTime EventStartTime EventTimeIngested',
    dynamic: 'AdditionalFields',
    int: 'DstNatPortNumber DstPortNumber EventCount FileSize HttpRequestTime HttpResponseTime NetworkDuration NetworkIcmpCode NetworkRuleNumber SrcNatPortNumber SrcPortNumber',
    long: 'DstBytes DstPackets NetworkBytes NetworkPackets SrcBytes SrcPackets',
    real: 'DstGeoLatitude DstGeoLongitude SrcGeoLatitude SrcGeoLongitude',
  },
  W3CIISLog: {
    string:
      'AzureDeploymentID cIP Computer Confidence csCookie csHost csMethod csReferer csUriQuery csUriStem csUserAgent csUserName csVersion Description FirstReportedDateTime IndicatorThreatType IsActive LastReportedDateTime MaliciousIP ManagementGroupName RemoteIPCountry Role RoleInstance scStatus scSubStatus scWin32Status sIP sSiteName StorageAccount TLPLevel',
    int: 'Severity sPort',
    long: 'csBytes scBytes TimeTaken',
    real: 'RemoteIPLatitude RemoteIPLongitude',
  },
  WindowsFirewall: {
    string:
      'CommunicationDirection Computer Confidence Description DestinationIP FirewallAction FirstReportedDateTime FullDestinationAddress IndicatorThreatType Info IsActive LastReportedDateTime MaliciousIP MaliciousIPCountry ManagementGroupName Protocol RemoteIP SourceIP TLPLevel',
    int: 'DestinationPort Severity SourcePort',
    long: 'RequestSizeInBytes',
    real: 'MaliciousIPLatitude MaliciousIPLongitude',
  },
  WireData: {
    string:
      'ApplicationProtocol ApplicationServiceName Computer Confidence Description Direction FirstReportedDateTime IndicatorThreatType IPVersion IsActive LastReportedDateTime LatencySamplingFailureRate LocalIP LocalMAC LocalSubnet MaliciousIP ManagementGroupName ProcessName ProtocolName RemoteIP RemoteIPCountry RemoteMAC SessionID SessionState TLPLevel',
    datetime: 'LatencySamplingTimeStamp SessionEndTime SessionStartTime',
    int: 'LatencyMilliseconds LocalPortNumber ProcessID RemotePortNumber Severity',
    long: 'ReceivedBytes ReceivedPackets SentBytes SentPackets SequenceNumber TotalBytes',
    real: 'RemoteIPLatitude RemoteIPLongitude',
  },
}
