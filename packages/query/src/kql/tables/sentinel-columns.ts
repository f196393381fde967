import type { PublishedColumns } from './published-columns.ts'

/** Alerts, incidents, threat intelligence and Sentinel's normalised events. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const SENTINEL_COLUMNS: PublishedColumns = {
  ASimAlertEventLogs: {
    string:
      'AlertDescription AlertId AlertName AlertOriginalStatus AlertStatus AlertVerdict AttackRemediationSteps AttackTactics AttackTechniques DetectionMethod DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EmailMessageId EmailSubject EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventUid EventVendor FileMD5 FileName FilePath FileSHA1 FileSHA256 FileSize IndicatorAssociation IndicatorType OriginalUserType ProcessCommandLine ProcessFileCompany ProcessId ProcessName RegistryKey RegistryValue RegistryValueData RegistryValueType Rule RuleDescription RuleName ThreatCategory ThreatId ThreatName ThreatOriginalCategory ThreatOriginalConfidence ThreatOriginalRiskLevel Url User UserId UserIdType Username UsernameType UserScope UserScopeId UserSessionId UserType',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber ThreatConfidence ThreatRiskLevel',
  },
  ASimAuditEventLogs: {
    string:
      'ActingAppId ActingAppName ActingAppType ActingOriginalAppType ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserAadId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserSid ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor HttpUserAgent NewValue Object ObjectId ObjectType OldValue Operation OriginalObjectType RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcOriginalRiskLevel TargetAppId TargetAppName TargetAppType TargetDescription TargetDeviceType TargetDomain TargetDomainType TargetDvcId TargetDvcIdType TargetDvcOs TargetDvcScope TargetDvcScopeId TargetFQDN TargetGeoCity TargetGeoCountry TargetGeoRegion TargetHostname TargetIpAddr TargetOriginalAppType TargetOriginalRiskLevel TargetUrl ThreatCategory ThreatField ThreatId ThreatIpAddr ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel ValueType',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber SrcPortNumber SrcRiskLevel TargetPortNumber TargetRiskLevel ThreatConfidence ThreatRiskLevel',
    real: 'SrcGeoLatitude SrcGeoLongitude TargetGeoLatitude TargetGeoLongitude',
  },
  ASimAuthenticationEventLogs: {
    string:
      'ActingAppId ActingAppName ActingAppType ActingOriginalAppType ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor HttpUserAgent LogonMethod LogonProtocol RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcOs SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcIsp SrcOriginalRiskLevel TargetAppId TargetAppName TargetAppType TargetDescription TargetDeviceType TargetDomain TargetDomainType TargetDvcId TargetDvcIdType TargetDvcOs TargetDvcScope TargetDvcScopeId TargetFQDN TargetGeoCity TargetGeoCountry TargetGeoRegion TargetHostname TargetIpAddr TargetOriginalAppType TargetOriginalRiskLevel TargetOriginalUserType TargetSessionId TargetUrl TargetUserId TargetUserIdType TargetUsername TargetUsernameType TargetUserScope TargetUserScopeId TargetUserType ThreatCategory ThreatField ThreatId ThreatIpAddr ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber SrcPortNumber SrcRiskLevel TargetPortNumber TargetRiskLevel ThreatConfidence ThreatRiskLevel',
    real: 'SrcGeoLatitude SrcGeoLongitude TargetGeoLatitude TargetGeoLongitude',
  },
  ASimDhcpEventLogs: {
    string:
      'DhcpCircuitId DhcpSessionId DhcpSrcDHCId DhcpSubscriberId DhcpUserClass DhcpUserClassId DhcpVendorClass DhcpVendorClassId DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchema EventSchemaVersion EventSeverity EventSubType EventType EventVendor RequestedIpAddr RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcMacAddr SrcOriginalRiskLevel SrcOriginalUserType SrcUserId SrcUserIdType SrcUsername SrcUsernameType SrcUserScope SrcUserScopeId SrcUserSessionId SrcUserType SrcUserUid ThreatCategory ThreatField ThreatId ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'DhcpLeaseDuration DhcpSessionDuration EventCount RuleNumber SrcPortNumber SrcRiskLevel ThreatConfidence ThreatRiskLevel',
    real: 'SrcGeoLatitude SrcGeoLongitude',
  },
  ASimDnsActivityLogs: {
    string:
      'DnsFlags DnsQuery DnsQueryClassName DnsQueryTypeName DnsResponseIpCity DnsResponseIpCountry DnsResponseIpRegion DnsResponseName DnsSessionId Dst DstDescription DstDeviceType DstDomain DstDomainType DstDvcId DstDvcIdType DstDvcScope DstDvcScopeId DstFQDN DstGeoCity DstGeoCountry DstGeoRegion DstHostname DstIpAddr DstOriginalRiskLevel Dvc DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalSeverity EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor NetworkProtocol NetworkProtocolVersion RuleName Src SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcOriginalRiskLevel SrcOriginalUserType SrcProcessGuid SrcProcessId SrcProcessName SrcUserId SrcUserIdType SrcUsername SrcUsernameType SrcUserScope SrcUserScopeId SrcUserSessionId SrcUserType ThreatCategory ThreatField ThreatFirstReportedTime ThreatId ThreatIpAddr ThreatLastReportedTime ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel_s TransactionIdHex UrlCategory',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime_d ThreatLastReportedTime_d',
    dynamic: 'AdditionalFields',
    bool: 'DnsFlagsAuthenticated DnsFlagsAuthoritative DnsFlagsCheckingDisabled DnsFlagsRecursionAvailable DnsFlagsRecursionDesired DnsFlagsTruncated DnsFlagsZ ThreatIsActive',
    int: 'DnsNetworkDuration DnsQueryClass DnsQueryType DnsResponseCode DstPortNumber DstRiskLevel EventCount RuleNumber SrcPortNumber SrcRiskLevel ThreatConfidence ThreatOriginalRiskLevel ThreatRiskLevel',
    real: 'DnsResponseIpLatitude DnsResponseIpLongitude DstGeoLatitude DstGeoLongitude SrcGeoLatitude SrcGeoLongitude',
  },
  ASimFileEventLogs: {
    string:
      'ActingProcessCommandLine ActingProcessGuid ActingProcessId ActingProcessName ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserAadId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserSid ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchema EventSchemaVersion EventSeverity EventSubType EventType EventVendor HashType HttpUserAgent NetworkApplicationProtocol RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFileDirectory SrcFileExtension SrcFileMD5 SrcFileMimeType SrcFileName SrcFilePath SrcFilePathType SrcFileSHA1 SrcFileSHA256 SrcFileSHA512 SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcMacAddr SrcOriginalRiskLevel TargetAppId TargetAppName TargetAppType TargetFileDirectory TargetFileExtension TargetFileMD5 TargetFileMimeType TargetFileName TargetFilePath TargetFilePathType TargetFileSHA1 TargetFileSHA256 TargetFileSHA512 TargetOriginalAppType TargetUrl ThreatCategory ThreatField ThreatFilePath ThreatId ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime:
      'EventEndTime EventStartTime SrcFileCreationTime TargetFileCreationTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber SrcPortNumber SrcRiskLevel ThreatConfidence ThreatRiskLevel',
    long: 'SrcFileSize TargetFileSize',
    real: 'SrcGeoLatitude SrcGeoLongitude',
  },
  ASimNetworkSessionLogs: {
    string:
      'DstAppId DstAppName DstAppType DstDescription DstDeviceType DstDomain DstDomainType DstDvcId DstDvcIdType DstFQDN DstGeoCity DstGeoCountry DstGeoRegion DstHostname DstInterfaceGuid DstInterfaceName DstIpAddr DstMacAddr DstNatIpAddr DstOriginalUserType DstSubscriptionId DstUserId DstUserIdType DstUsername DstUsernameType DstUserType DstVlanId DstZone Dvc DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInboundInterface DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcOutboundInterface DvcSubscriptionId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor NetworkApplicationProtocol NetworkConnectionHistory NetworkDirection NetworkIcmpType NetworkProtocol NetworkProtocolVersion NetworkRuleName NetworkSessionId SrcAppId SrcAppName SrcAppType SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcInterfaceGuid SrcInterfaceName SrcIpAddr SrcMacAddr SrcNatIpAddr SrcOriginalUserType SrcSubscriptionId SrcUserId SrcUserIdType SrcUsername SrcUsernameType SrcUserType SrcVlanId SrcZone ThreatCategory ThreatField ThreatId ThreatIpAddr ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'TcpFlagsAck TcpFlagsFin TcpFlagsPsh TcpFlagsRst TcpFlagsSyn TcpFlagsUrg ThreatIsActive',
    int: 'DstNatPortNumber DstPortNumber EventCount NetworkDuration NetworkIcmpCode NetworkRuleNumber SrcNatPortNumber SrcPortNumber ThreatConfidence ThreatRiskLevel',
    long: 'DstBytes DstPackets NetworkBytes NetworkPackets SrcBytes SrcPackets',
    real: 'DstGeoLatitude DstGeoLongitude SrcGeoLatitude SrcGeoLongitude',
  },
  ASimProcessEventLogs: {
    string:
      'ActingProcessCommandLine ActingProcessFileCompany ActingProcessFileDescription ActingProcessFileInternalName ActingProcessFilename ActingProcessFileOriginalName ActingProcessFileProduct ActingProcessFileVersion ActingProcessGuid ActingProcessId ActingProcessIMPHASH ActingProcessInjectedAddress ActingProcessIntegrityLevel ActingProcessMD5 ActingProcessName ActingProcessSHA1 ActingProcessSHA256 ActingProcessSHA512 ActingProcessTokenElevation ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor ParentProcessFileCompany ParentProcessFileDescription ParentProcessFileProduct ParentProcessFileVersion ParentProcessGuid ParentProcessId ParentProcessIMPHASH ParentProcessInjectedAddress ParentProcessIntegrityLevel ParentProcessMD5 ParentProcessName ParentProcessSHA1 ParentProcessSHA256 ParentProcessSHA512 ParentProcessTokenElevation RuleName TargetOriginalUserType TargetProcessCommandLine TargetProcessCurrentDirectory TargetProcessFileCompany TargetProcessFileDescription TargetProcessFileInternalName TargetProcessFilename TargetProcessFileOriginalName TargetProcessFileProduct TargetProcessFileVersion TargetProcessGuid TargetProcessId TargetProcessIMPHASH TargetProcessInjectedAddress TargetProcessIntegrityLevel TargetProcessMD5 TargetProcessName TargetProcessSHA1 TargetProcessSHA256 TargetProcessSHA512 TargetProcessStatusCode TargetProcessTokenElevation TargetScope TargetScopeId TargetUserId TargetUserIdType TargetUsername TargetUsernameType TargetUserSessionGuid TargetUserSessionId TargetUserType ThreatCategory ThreatField ThreatId ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime:
      'ActingProcessCreationTime EventEndTime EventStartTime ParentProcessCreationTime TargetProcessCreationTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ActingProcessIsHidden ParentProcessIsHidden TargetProcessIsHidden ThreatIsActive',
    int: 'EventCount RuleNumber ThreatConfidence ThreatRiskLevel',
    long: 'ActingProcessFileSize TargetProcessFileSize',
  },
  ASimRegistryEventLogs: {
    string:
      'ActingProcessCommandLine ActingProcessGuid ActingProcessId ActingProcessName ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserAadId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserSid ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchema EventSchemaVersion EventSeverity EventSubType EventType EventVendor ParentProcessCommandLine ParentProcessGuid ParentProcessId ParentProcessName RegistryKey RegistryPreviousKey RegistryPreviousValue RegistryPreviousValueData RegistryPreviousValueType RegistryValue RegistryValueData RegistryValueType RuleName ThreatCategory ThreatField ThreatId ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber ThreatConfidence ThreatRiskLevel',
  },
  ASimUserManagementActivityLogs: {
    string:
      'ActingAppId ActingAppName ActingAppType ActingOriginalAppType ActorOriginalUserType ActorScope ActorScopeId ActorSessionId ActorUserAadId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserSid ActorUserType DvcAction DvcDescription DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcInterface DvcIpAddr DvcMacAddr DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchema EventSchemaVersion EventSeverity EventSubType EventType EventVendor GroupId GroupIdType GroupName GroupNameType GroupOriginalType GroupType HttpUserAgent NewPropertyValue PreviousPropertyValue RuleName SrcDescription SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcMacAddr SrcOriginalRiskLevel TargetOriginalUserType TargetUserId TargetUserIdType TargetUsername TargetUsernameType TargetUserScope TargetUserScopeId TargetUserSessionId TargetUserType TargetUserUid ThreatCategory ThreatField ThreatId ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'EventCount RuleNumber SrcPortNumber SrcRiskLevel ThreatConfidence ThreatRiskLevel',
    real: 'SrcGeoLatitude SrcGeoLongitude',
  },
  ASimWebSessionLogs: {
    string:
      'DstAppId DstAppName DstAppType DstDeviceType DstDomain DstDomainType DstDvcId DstDvcIdType DstDvcScope DstDvcScopeId DstFQDN DstGeoCity DstGeoCountry DstGeoRegion DstHostname DstIpAddr DstMacAddr DstNatIpAddr DstOriginalUserType DstUserId DstUserIdType DstUsername DstUsernameType DstUserType Dvc DvcAction DvcDomain DvcDomainType DvcFQDN DvcHostname DvcId DvcIdType DvcIpAddr DvcOriginalAction EventMessage EventOriginalResultDetails EventOriginalSeverity EventOriginalSubType EventOriginalType EventOriginalUid EventOwner EventProduct EventProductVersion EventReportUrl EventResult EventResultDetails EventSchemaVersion EventSeverity EventSubType EventType EventVendor FileContentType FileMD5 FileName FileSHA1 FileSHA256 FileSHA512 HttpContentFormat HttpContentType HttpHost HttpReferrer HttpRequestMethod HttpRequestXff HttpUserAgent HttpVersion NetworkApplicationProtocol NetworkConnectionHistory NetworkDirection NetworkIcmpType NetworkProtocol NetworkProtocolVersion NetworkSessionId Rule RuleName SrcAppId SrcAppName SrcAppType SrcDeviceType SrcDomain SrcDomainType SrcDvcId SrcDvcIdType SrcDvcScope SrcDvcScopeId SrcFQDN SrcGeoCity SrcGeoCountry SrcGeoRegion SrcHostname SrcIpAddr SrcMacAddr SrcNatIpAddr SrcOriginalUserType SrcProcessGuid SrcProcessId SrcProcessName SrcUserId SrcUserIdType SrcUsername SrcUsernameType SrcUserScope SrcUserScopeId SrcUserType ThreatCategory ThreatField ThreatId ThreatIpAddr ThreatName ThreatOriginalConfidence ThreatOriginalRiskLevel Url UrlCategory UrlOriginal',
    datetime: 'EventEndTime EventStartTime ThreatFirstReportedTime ThreatLastReportedTime',
    dynamic: 'AdditionalFields',
    bool: 'ThreatIsActive',
    int: 'DstNatPortNumber DstPortNumber EventCount FileSize HttpRequestTime HttpResponseTime NetworkDuration NetworkIcmpCode RuleNumber SrcNatPortNumber SrcPortNumber ThreatConfidence ThreatRiskLevel',
    long: 'DstBytes DstPackets NetworkBytes NetworkPackets SrcBytes SrcPackets',
    real: 'DstGeoLatitude DstGeoLongitude SrcGeoLatitude SrcGeoLongitude',
  },
  Anomalies: {
    string:
      'AnomalyTemplateId AnomalyTemplateName AnomalyTemplateVersion Description DestinationDevice DestinationIpAddress Id RuleConfigVersion RuleId RuleName RuleStatus SourceDevice SourceIpAddress Tactics Techniques UserName UserPrincipalName VendorName WorkspaceId',
    datetime: 'EndTime StartTime',
    dynamic:
      'ActivityInsights AnomalyDetails AnomalyReasons DestinationLocation DeviceInsights Entities ExtendedLinks ExtendedProperties SourceLocation UserInsights',
    real: 'Score',
  },
  BehaviorAnalytics: {
    string:
      'ActionType ActivityType ActorName ActorPrincipalName DestinationDevice DestinationIPAddress DestinationIPLocation Device EventProductVersion EventSource EventVendor NativeTableName SourceDevice SourceIPAddress SourceIPLocation SourceRecordId TargetName TargetPrincipalName UserName UserPrincipalName',
    datetime: 'TimeProcessed',
    dynamic: 'ActivityInsights DevicesInsights UsersInsights',
    int: 'InvestigationPriority',
  },
  ConfidentialWatchlist: {
    string:
      '_DTItemId _DTItemStatus _DTItemType AzureTenantId CorrelationId DefaultDuration Notes Provider SearchKey Source Tags WatchlistAlias WatchlistCategory WatchlistId WatchlistItemId WatchlistName',
    datetime: '_DTTimestamp CreatedTimeUTC LastUpdatedTimeUTC TimeToLive',
    dynamic: 'CreatedBy EntityMapping UpdatedBy WatchlistItem',
  },
  CrowdStrikeAlerts: {
    string:
      'AgentId AggregateId AlertType AllegedFiletype AssignedToName AssignedToUid AssignedToUuid Categorization Cid Cmdline CompositeId ContextTimestamp CorrelationRuleExecutionId CorrelationRuleId CorrelationRuleUserId CorrelationRuleUserUuid Description DetectionId DisplayName EndTime EventCorrelationId EventIds FalconHostLink Filename Filepath GlobalPrevalence Id IndicatorId LeadId LeadType LocalAddressIp4 LocalAddressIp6 LocalPrevalence LocalProcessId LogonDomain Md5 Name Objective OriginCid ParentProcessId PatternDispositionDescription Platform PolyId ProcessEndTime ProcessId ProcessStartTime Product Scenario SeverityName Sha1 Sha256 SignalEndTimestamp SignalStartTimestamp SignalUpdatedTimestamp SourceEndpointAddressIp4 SourceEndpointAddressIp6 StartTime Status Tactic TacticId Technique TechniqueId TriggeringProcessGraphId UserId UserName VendorPatternId XdrEventId',
    datetime: 'CrawledTimestamp CreatedTimestamp Timestamp UpdatedTimestamp',
    dynamic:
      'ChildProcessIds DataDomains Device EnrichedEntities GrandparentDetails IocContext MitreAttack ParentDetails PatternDispositionDetails PriorityDetails SourceIps SourceProducts SourceVendors Tags ThreatgraphIndicators Users',
    bool: 'CloudIndicator CorrelationRuleCreateCase EmailSent External HasTruncatedEntities IsClosed ShowInUi',
    int: 'Confidence OriginalCorrelationRulesEntitiesCount OriginalIndicatorEntitiesCount PatternDisposition PatternId Score SecondsToResolved SecondsToTriaged Severity TemplateInstanceId',
  },
  CrowdStrikeDetections: {
    string:
      'AgentScanId AggregateId AllegedFiletype AssignedToName AssignedToUid AssignedToUuid Cid Cmdline CompositeId DateUpdated Description DetectionId DetectionType FalconHostLink Filename Filepath GlobalPrevalence Id IndicatorId LocalPrevalence LocalProcessId LogonDomain MaxSeverityDisplayName Md5 Name Objective OsName OverwatchNotes ParentProcessId PatternDispositionDescription PolyId PreviousPrivileges Privileges ProcessEndTime ProcessId ProcessStartTime ScanId Scenario SeverityName Sha1 Sha256 SourceAccountDomain SourceAccountName SourceAccountObjectGuid SourceAccountObjectSid SourceAccountSamAccountName SourceAccountUpn SourceEventModel Status Tactic TacticId Technique TechniqueId TemplateInstanceIdText TemplateInterfaceIdText TemplateInterfaceName TreeId TreeRoot TriggeringProcessGraphId UserId UserName UserPrincipal XdrDetectionId',
    datetime: 'CrawledTimestamp CreatedTimestamp EndTime FirstBehavior LastBehavior UpdatedTimestamp',
    dynamic:
      'AddedPrivileges AdversaryIds Behaviors BehaviorsProcessed ChildProcessIds DetectionContext Device Entities EntityValues GrandparentDetails HostInfo Incident IocContext MitreAttack NetworkAccesses ParentDetails PatternDispositionDetails QuarantinedFiles References TacticIds Tactics TechniqueIds Techniques',
    bool: 'CloudIndicator EmailSent Quarantined ShowInUi',
    int: 'Confidence MaxConfidence MaxSeverity PatternDisposition SecondsToResolved SecondsToTriaged Severity TemplateInstanceId TemplateInterfaceId',
  },
  DynamicSummary: {
    string:
      'AzureTenantId ObservableType ObservableValue Query RelationId RelationName SearchKey SummaryDataType SummaryDescription SummaryId SummaryItemId SummaryName SummaryStatus',
    datetime: 'CreatedTimeUTC EventTimeUTC QueryEndDate QueryStartDate UpdatedTimeUTC',
    dynamic: 'CreatedBy PackedContent SourceInfo Tactics Techniques UpdatedBy',
  },
  HuntingBookmark: {
    string: 'BookmarkId BookmarkName BookmarkType CreatedBy Entities Notes QueryResultRow QueryText Tags UpdatedBy',
    datetime: 'CreatedTime EventTime LastUpdatedTime QueryEndTime QueryStartTime',
    bool: 'SoftDeleted',
  },
  McasShadowItReporting: {
    string:
      'AadTenantId AppCategory AppId AppInstance AppName EnrichedUserName IpAddress MachineId MachineName RawUserName RichUserName StreamName UserName',
    datetime: 'Date',
    dynamic: 'AppTags',
    int: 'AppScore BlockedEvents DownloadedBytes TotalBytes TotalEvents UploadedBytes',
  },
  SQLSecurityAuditEvents: {
    string:
      'ActionId ActionName AdditionalInformation ApplicationName Category ClassType ClassTypeDescription ClientIp ConnectionId DatabaseName DatabasePrincipalName DataSensitivityInformation EventId HostName LogicalServerName ObjectName PermissionBitmask ResourceGroup SchemaName SecurableClassType SequenceGroupId ServerPrincipalName ServerPrincipalSid SessionContext SessionServerPrincipalName Statement TargetDatabasePrincipalName TargetServerPrincipalName TargetServerPrincipalSid UserDefinedInformation',
    datetime: 'EventTime',
    bool: 'IsColumnPermission IsServerLevelAudit Succeeded',
    int: 'AuditSchemaVersion ClientTlsVersion DatabasePrincipalId ObjectId SequenceNumber ServerPrincipalId SessionId TargetDatabasePrincipalId TargetServerPrincipalId UserDefinedEventId',
    long: 'AffectedRows DurationMs ResponseRows TransactionId',
  },
  SecureScoreControls: {
    string:
      'AssessedResourceId ControlId ControlName ControlType Description Environment ResourceProviderType SecureScoresSubscriptionId',
    dynamic: 'Properties RecommendationResourceIds',
    bool: 'IsSnapshot',
    int: 'HealthyResources MaxScore NotApplicableResources UnhealthyResources',
    long: 'Weight',
    real: 'CurrentScore PercentageScore',
  },
  SecureScores: {
    string: 'AssessedResourceId DisplayName Environment ResourceProviderType SecureScoresSubscriptionId',
    dynamic: 'Properties',
    bool: 'IsSnapshot',
    int: 'MaxScore',
    long: 'Weight',
    real: 'CurrentScore PercentageScore',
  },
  SecurityAttackPathData: {
    string:
      'AdditionalRemediationSteps AttackPathId AttackStory Description DisplayName EntrypointId Mitre PotentialImpact RiskLevel TargetId',
    dynamic: 'Assessments Path RiskFactors',
  },
  SecurityBaseline: {
    string:
      'ActualResult AnalyzeOperation AnalyzeResult AssessmentId AzId BaselineRuleType BaselineType CceId Computer ComputerEnvironment Description ExpectedResult ManagementGroupName OSName Resource ResourceGroup ResourceId ResourceProvider ResourceType RuleSetting RuleSeverity SitePath SourceComputerId SubscriptionId',
  },
  SecurityBaselineSummary: {
    string:
      'AssessmentId BaselineType Computer ComputerEnvironment ManagementGroupName OSName Resource ResourceGroup ResourceId ResourceProvider ResourceType SourceComputerId SubscriptionId',
    int: 'CriticalFailedRules InformationalFailedRules PercentageOfPassedRules TotalAssessedRules WarningFailedRules',
  },
  SecurityDetection: {
    string:
      'AlertSeverity AlertTitle AssociatedResource ChildProcess CommandLine Computer Description DetectionID Duration ExtendedProperties FullPath LogChannel OccuringDatacenter OriginalSeverity ParentProcess ProcessName Provider RemediationSteps ReportingSystem ServiceId SubjectDomainName SubjectUserName SubscriptionId SuspiciousProcess',
    bool: 'IsFirstParty',
    int: 'AccountsSeen FailedAttempts InvalidAccountsSeen SuccessfulLogins ValidAccountsSeen',
  },
  SecurityEvent: {
    string:
      'AccessList AccessMask Account AccountDomain AccountExpires AccountName AccountSessionIdentifier AccountType Activity AdditionalInfo AdditionalInfo2 AllowedToDelegateTo Attributes AuditPolicyChanges AuthenticationPackageName AuthenticationProvider AuthenticationServer AuthenticationType AzureDeploymentID CACertificateHash CalledStationID CallerProcessId CallerProcessName CallingStationID CAPublicKeyHash CategoryId CertificateDatabaseHash Channel ClassId ClassName ClientAddress ClientIPAddress ClientName CommandLine CompatibleIds Computer Correlation DCDNSName DeviceDescription DeviceId DisplayName Disposition DomainBehaviorVersion DomainName DomainPolicyChanged DomainSid EAPType ElevatedToken EventData EventLevelName EventRecordId EventSourceName ExtendedQuarantineState FailureReason FileHash FilePath FilePathNoUser Filter ForceLogoff Fqbn FullyQualifiedSubjectMachineName FullyQualifiedSubjectUserName GroupMembership HandleId HardwareIds HomeDirectory HomePath InterfaceUuid IpAddress IpPort Keywords Level LmPackageName LocationInformation LockoutDuration LockoutObservationWindow LockoutThreshold LoggingResult LogonGuid LogonHours LogonID LogonProcessName LogonTypeName MachineAccountQuota MachineInventory MachineLogon ManagementGroupName MandatoryLabel MaxPasswordAge MemberName MemberSid MinPasswordAge MinPasswordLength MixedDomainMode NASIdentifier NASIPv4Address NASIPv6Address NASPort NASPortType NetworkPolicyName NewDate NewMaxUsers NewProcessId NewProcessName NewRemark NewShareFlags NewTime NewUacValue NewValue NewValueType ObjectName ObjectServer ObjectType ObjectValueName OemInformation OldMaxUsers OldRemark OldShareFlags OldUacValue OldValue OldValueType Opcode OperationType PackageName ParentProcessName PasswordHistoryLength PasswordLastSet PasswordProperties PreviousDate PreviousTime PrimaryGroupId PrivateKeyUsageCount PrivilegeList Process ProcessId ProcessName ProfilePath Properties ProtocolSequence ProxyPolicyName QuarantineHelpURL QuarantineSessionID QuarantineSessionIdentifier QuarantineState QuarantineSystemHealthResult RelativeTargetName RemoteIpAddress RemotePort Requester RequestId RestrictedAdminMode RowsDeleted SamAccountName ScriptPath SecurityDescriptor ServiceAccount ServiceFileName ServiceName ServiceType SessionName ShareLocalPath ShareName SidHistory SourceComputerId Status StorageAccount SubcategoryGuid SubcategoryId Subject SubjectAccount SubjectDomainName SubjectKeyIdentifier SubjectLogonId SubjectMachineName SubjectMachineSID SubjectUserName SubjectUserSid SubStatus SystemUserId TableId TargetAccount TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId TargetOutboundDomainName TargetOutboundUserName TargetServerName TargetSid TargetUser TargetUserName TargetUserSid TemplateContent TemplateDSObjectFQDN TemplateInternalName TemplateOID TemplateSchemaVersion TemplateVersion TokenElevationType TransmittedServices UserAccountControl UserParameters UserPrincipalName UserWorkstations VendorIds VirtualAccount Workstation WorkstationName',
    int: 'AuditsDiscarded AuthenticationLevel AuthenticationService ErrorCode EventID KeyLength LogonType ServiceStartType SystemProcessId SystemThreadId Task Version',
  },
  SecurityIncident: {
    string:
      'Classification ClassificationComment ClassificationReason Description IncidentName IncidentUrl ModifiedBy ProviderIncidentId ProviderName Severity Status Title',
    datetime: 'ClosedTime CreatedTime FirstActivityTime FirstModifiedTime LastActivityTime LastModifiedTime',
    dynamic: 'AdditionalData AlertIds BookmarkIds Comments Labels Owner RelatedAnalyticRuleIds Tasks',
    int: 'IncidentNumber',
  },
  SecurityNestedRecommendation: {
    string:
      'AssessedResourceId Category Cause Description Id Impact NestedRecommendationId ParentRecommendationId RecommendationLink RecommendationName RecommendationSeverity RecommendationState RecommendationSubscriptionId RemediationDescription RemidiationDescription ResourceGroup ResourceProviderType VulnerabilityId',
    datetime: 'SubAssessmentTimeGeneration',
    dynamic: 'AdditionalData ResourceDetails',
    bool: 'IsSnapshot',
  },
  SecurityRecommendation: {
    string:
      'AssessedResourceId Description DeviceId Environment PolicyDefinitionId ProviderName RecommendationDisplayName RecommendationId RecommendationName RecommendationSeverity RecommendationState ResourceRegion',
    datetime: 'DiscoveredTimeUTC FirstEvaluationDate ResolvedTimeUTC StatusChangeDate',
    dynamic: 'Properties RecommendationAdditionalData',
    bool: 'IsSnapshot',
  },
  SecurityRegulatoryCompliance: {
    string:
      'AssessedResourceId ComplianceControl ComplianceStandard RecommendationId RecommendationLink RecommendationName RegulatoryComplianceSubscriptionId ResourceProviderType State',
    dynamic: 'Properties',
    bool: 'IsSnapshot',
    int: 'FailedResources PassedResources SkippedResources',
  },
  SentinelAudit: {
    string:
      'CorrelationId Description OperationName SentinelResourceId SentinelResourceKind SentinelResourceName SentinelResourceType Status WorkspaceId',
    dynamic: 'ExtendedProperties',
  },
  SentinelHealth: {
    string:
      'Description OperationName Reason RecordId SentinelResourceId SentinelResourceKind SentinelResourceName SentinelResourceType Status WorkspaceId',
    dynamic: 'ExtendedProperties',
  },
  SqlVulnerabilityAssessmentResult: {
    string:
      'ActualResult AgentId BenchmarkReferences Category CheckId Computer DatabaseName Description Impact ManagementGroupName Query Remediation RemediationScripts ResourceGroup ResourceId ResourceProvider ResourceType Risk ScanId ServerInstanceName ServerInstanceType ServerVersion Status SubscriptionId Title',
  },
  StorageMalwareScanningResults: {
    string:
      'AggregatedScanId BlobEtag BlobUri CorrelationId OperationName ScannedObjectEtag ScannedObjectUri ScanResultType StorageAccountLocation StorageAccountName',
    datetime: 'ScanFinishedTimeUtc',
    dynamic: 'ScanResultDetails',
  },
  ThreatIntelIndicators: {
    string: 'AzureTenantId Id LastUpdateMethod ObservableKey ObservableValue Pattern Tags WorkspaceId',
    datetime: 'Created Modified ValidFrom ValidUntil',
    dynamic: 'AdditionalFields Data',
    bool: 'IsActive IsDeleted Revoked',
    int: 'Confidence',
  },
  ThreatIntelObjects: {
    string: 'AzureTenantId Id LastUpdateMethod StixType WorkspaceId',
    dynamic: 'AdditionalFields Data',
    bool: 'IsDeleted',
  },
  ThreatIntelligenceIndicator: {
    string:
      'Action ActivityGroupNames AdditionalInformation Description DiamondModel DomainName EmailEncoding EmailLanguage EmailRecipient EmailSenderAddress EmailSenderName EmailSourceDomain EmailSourceIpAddress EmailSubject EmailXMailer ExternalIndicatorId FileHashType FileHashValue FileMutexName FileName FilePacker FilePath FileType IndicatorId IndicatorProvider KnownFalsePositives MalwareNames NetworkCidrBlock NetworkDestinationCidrBlock NetworkDestinationIP NetworkIP NetworkSourceCidrBlock NetworkSourceIP Tags ThreatType TrafficLightProtocolLevel Url UserAgent',
    datetime: 'ExpirationDateTime FileCompileDateTime FileCreatedDateTime',
    bool: 'Active KillChainActions KillChainC2 KillChainDelivery KillChainExploitation KillChainReconnaissance KillChainWeaponization PassiveOnly',
    int: 'FileSize NetworkDestinationAsn NetworkDestinationPort NetworkPort NetworkProtocol NetworkSourceAsn NetworkSourcePort ThreatSeverity',
    real: 'ConfidenceScore',
  },
  UserAccessAnalytics: {
    string:
      'AADTenantId AccessEndReason AccessId AccessLevel AccessType SourceEntityId SourceEntityName SourceEntityType TargetEntityId TargetEntityName TargetEntityType',
    datetime: 'AccessEndTime AccessStartTime',
  },
  UserPeerAnalytics: {
    string: 'AADTenantId PeerUserId PeerUserName PeerUserPrincipalName UserId UserName UserPrincipalName',
    int: 'Rank',
  },
  Watchlist: {
    string:
      '_DTItemId _DTItemStatus _DTItemType AzureTenantId CorrelationId DefaultDuration Notes Provider SearchKey Source Tags WatchlistAlias WatchlistCategory WatchlistId WatchlistItemId WatchlistName',
    datetime: '_DTTimestamp CreatedTimeUTC LastUpdatedTimeUTC TimeToLive',
    dynamic: 'CreatedBy EntityMapping UpdatedBy WatchlistItem',
  },
}
