import type { PublishedColumns } from './published-columns.ts'

/** Endpoints, mail and identities as Microsoft Defender tells of them. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const DEFENDER_COLUMNS: PublishedColumns = {
  AlertEvidence: {
    string:
      'AccountDomain AccountName AccountObjectId AccountSid AccountUpn AlertId Application AttackTechniques Categories CloudPlatform CloudResource DetectionSource DeviceId DeviceName EmailSubject EntityType EvidenceDirection EvidenceRole FileName FolderPath LocalIP NetworkMessageId OAuthApplicationId ProcessCommandLine RegistryKey RegistryValueData RegistryValueName RemoteIP RemoteUrl ResourceID ResourceType ServiceSource Severity SHA1 SHA256 SubscriptionId ThreatFamily Title',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields',
    int: 'ApplicationId',
    long: 'FileSize',
  },
  AlertInfo: {
    string: 'AlertId AttackTechniques Category DetectionSource ServiceSource Severity Title',
    datetime: 'Timestamp',
  },
  BehaviorEntities: {
    string:
      'AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType AdditionalFields Application ApplicationId BehaviorId Categories CloudPlatform CloudResourceId CloudResourceType CloudSubscriptionId DataSources DetailedEntityRole DetectionSource DeviceId DeviceName EmailClusterId EmailSubject EntityRole EntityType FileName FolderPath LocalIP NetworkMessageId OAuthApplicationId ProcessCommandLine RegistryKey RegistryValueData RegistryValueName RemoteIP RemoteUrl ServiceSource SHA1 SHA256 ThreatFamily',
    datetime: 'Timestamp',
    long: 'FileSize',
  },
  BehaviorInfo: {
    string:
      'AccountObjectId AccountUpn ActionType AdditionalFields AttackTechniques BehaviorId Categories DataSources Description DetectionSource DeviceId ServiceSource Title',
    datetime: 'EndTime StartTime Timestamp',
  },
  CloudAppEvents: {
    string:
      'AccountDisplayName AccountId AccountObjectId AccountType ActionType ActivityType Application AuditSource City CountryCode DeviceType IPAddress IPCategory ISP Isp OAuthAppId ObjectId ObjectName ObjectType OSPlatform ReportId UserAgent',
    datetime: 'Timestamp',
    dynamic: 'ActivityObjects AdditionalFields IPTags LastSeenForUser RawEventData SessionData UncommonForUser UserAgentTags',
    bool: 'IsAdminOperation IsAnonymousProxy IsExternalUser IsImpersonated',
    int: 'AppInstanceId ApplicationId',
  },
  DeviceEvents: {
    string:
      'AccountDomain AccountName AccountSid ActionType AppGuardContainerId DeviceId DeviceName FileName FileOriginIP FileOriginUrl FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion LocalIP MachineGroup MD5 ProcessCommandLine ProcessRemoteSessionDeviceName ProcessRemoteSessionIP ProcessTokenElevation RegistryKey RegistryValueData RegistryValueName RemoteDeviceName RemoteIP RemoteUrl SHA1 SHA256',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime ProcessCreationTime Timestamp',
    dynamic: 'AdditionalFields',
    bool: 'IsInitiatingProcessRemoteSession IsProcessRemoteSession',
    int: 'LocalPort RemotePort',
    long: 'CreatedProcessSessionId FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessLogonId InitiatingProcessParentId InitiatingProcessSessionId LogonId ProcessId ReportId',
  },
  DeviceFileCertificateInfo: {
    string:
      'CertificateSerialNumber CrlDistributionPointUrls DeviceId DeviceName Issuer IssuerHash MachineGroup SHA1 SignatureType Signer SignerHash',
    datetime: 'CertificateCountersignatureTime CertificateCreationTime CertificateExpirationTime Timestamp',
    bool: 'IsRootSignerMicrosoft IsSigned IsTrusted',
    long: 'ReportId',
  },
  DeviceFileEvents: {
    string:
      'ActionType AppGuardContainerId DeviceId DeviceName FileName FileOriginIP FileOriginReferrerUrl FileOriginUrl FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion MachineGroup MD5 PreviousFileName PreviousFolderPath RequestAccountDomain RequestAccountName RequestAccountSid RequestProtocol RequestSourceIP SensitivityLabel SensitivitySubLabel SHA1 SHA256 ShareName',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp',
    dynamic: 'AdditionalFields',
    bool: 'IsAzureInfoProtectionApplied IsInitiatingProcessRemoteSession',
    int: 'RequestSourcePort',
    long: 'FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId LogonID ReportId',
  },
  DeviceImageLoadEvents: {
    string:
      'ActionType AppGuardContainerId DeviceId DeviceName FileName FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion MachineGroup MD5 SHA1 SHA256',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp',
    bool: 'IsInitiatingProcessRemoteSession',
    long: 'FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId ReportId',
  },
  DeviceInfo: {
    string:
      'AadDeviceId AssetValue AwsResourceName AzureResourceId AzureVmId AzureVmSubscriptionId ClientVersion CloudPlatforms ConnectivityType DeviceCategory DeviceDynamicTags DeviceId DeviceManualTags DeviceName DeviceObjectId DeviceSubtype DeviceType DiscoverySources ExclusionReason ExposureLevel GcpFullResourceName HardwareUuid HostDeviceId JoinType MachineGroup MergedDeviceIds MergedToDeviceId MitigationStatus Model OnboardingStatus OSArchitecture OsBuildRevision OSDistribution OSPlatform OSVersion OSVersionInfo PublicIP RegistryDeviceTag RestrictedDeviceSecurityOperations SensorHealthState Site Vendor',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields LoggedOnUsers',
    bool: 'IsAzureADJoined IsExcluded IsInternetFacing IsTransient',
    long: 'OSBuild ReportId',
  },
  DeviceLogonEvents: {
    string:
      'AccountDomain AccountName AccountSid ActionType AppGuardContainerId DeviceId DeviceName FailureReason InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion LogonType MachineGroup Protocol RemoteDeviceName RemoteIP RemoteIPType',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp',
    dynamic: 'AdditionalFields',
    bool: 'IsInitiatingProcessRemoteSession IsLocalAdmin',
    int: 'RemotePort',
    long: 'InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId LogonId ReportId',
  },
  DeviceNetworkEvents: {
    string:
      'ActionType AppGuardContainerId DeviceId DeviceName InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion LocalIP LocalIPType MachineGroup Protocol RemoteIP RemoteIPType RemoteUrl',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp',
    dynamic: 'AdditionalFields',
    bool: 'IsInitiatingProcessRemoteSession',
    int: 'LocalPort RemotePort',
    long: 'InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId LogonID ReportId',
  },
  DeviceNetworkInfo: {
    string:
      'DeviceId DeviceName IPv4Dhcp IPv6Dhcp MacAddress MachineGroup NetworkAdapterDnsSuffix NetworkAdapterName NetworkAdapterStatus NetworkAdapterType NetworkAdapterVendor OnboardingStatus TunnelType',
    datetime: 'Timestamp',
    dynamic: 'ConnectedNetworks DefaultGateways DnsAddresses IPAddresses',
    long: 'ReportId',
  },
  DeviceProcessEvents: {
    string:
      'AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType AppGuardContainerId DeviceId DeviceName FileName FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessSignatureStatus InitiatingProcessSignerType InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion MachineGroup MD5 ProcessCommandLine ProcessIntegrityLevel ProcessRemoteSessionDeviceName ProcessRemoteSessionIP ProcessTokenElevation ProcessUniqueId ProcessVersionInfoCompanyName ProcessVersionInfoFileDescription ProcessVersionInfoInternalFileName ProcessVersionInfoOriginalFileName ProcessVersionInfoProductName ProcessVersionInfoProductVersion SHA1 SHA256',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime ProcessCreationTime Timestamp',
    dynamic: 'AdditionalFields',
    bool: 'IsInitiatingProcessRemoteSession IsProcessRemoteSession',
    long: 'CreatedProcessSessionId FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessLogonId InitiatingProcessParentId InitiatingProcessSessionId LogonId LogonID ProcessId ReportId',
  },
  DeviceRegistryEvents: {
    string:
      'ActionType AppGuardContainerId DeviceId DeviceName InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion MachineGroup PreviousRegistryKey PreviousRegistryValueData PreviousRegistryValueName RegistryKey RegistryValueData RegistryValueName RegistryValueType',
    datetime: 'InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp',
    bool: 'IsInitiatingProcessRemoteSession',
    long: 'InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId ReportId',
  },
  DeviceTvmSecureConfigurationAssessment: {
    string: 'ConfigurationCategory ConfigurationId ConfigurationSubcategory DeviceId DeviceName OSPlatform',
    datetime: 'Timestamp',
    dynamic: 'Context',
    bool: 'IsApplicable IsCompliant IsExpectedUserImpact',
    real: 'ConfigurationImpact',
  },
  DeviceTvmSecureConfigurationAssessmentKB: {
    string:
      'ConfigurationCategory ConfigurationDescription ConfigurationId ConfigurationName ConfigurationSubcategory RemediationOptions RiskDescription',
    datetime: 'Timestamp',
    dynamic: 'ConfigurationBenchmarks RelatedMitreTactics RelatedMitreTechniques Tags',
    real: 'ConfigurationImpact',
  },
  DeviceTvmSoftwareInventory: {
    string:
      'DeviceId DeviceName EndOfSupportStatus OSArchitecture OSPlatform OSVersion ProductCodeCpe SoftwareName SoftwareVendor SoftwareVersion',
    datetime: 'EndOfSupportDate',
  },
  DeviceTvmSoftwareVulnerabilities: {
    string:
      'CveId DeviceId DeviceName OSArchitecture OSPlatform OSVersion RecommendedSecurityUpdate RecommendedSecurityUpdateId SoftwareName SoftwareVendor SoftwareVersion VulnerabilitySeverityLevel',
    dynamic: 'CveTags',
  },
  DeviceTvmSoftwareVulnerabilitiesKB: {
    string: 'CveId VulnerabilityDescription VulnerabilitySeverityLevel',
    datetime: 'LastModifiedTime PublishedDate Timestamp',
    dynamic: 'AffectedSoftware',
    bool: 'IsExploitAvailable',
    real: 'CvssScore',
  },
  EmailAttachmentInfo: {
    string:
      'DetectionMethods FileExtension FileName FileType NetworkMessageId RecipientEmailAddress RecipientObjectId ReportId SenderDisplayName SenderFromAddress SenderObjectId SHA256 ThreatNames ThreatTypes',
    datetime: 'Timestamp',
    long: 'FileSize',
  },
  EmailEvents: {
    string:
      'AuthenticationDetails ConfidenceLevel Connectors Context DeliveryAction DeliveryLocation DetectionMethods DistributionList EmailAction EmailActionPolicy EmailActionPolicyGuid EmailDirection EmailLanguage ExchangeTransportRule ForwardingInformation InternetMessageId LatestDeliveryAction LatestDeliveryLocation NetworkMessageId OrgLevelAction OrgLevelPolicy RecipientDomain RecipientEmailAddress RecipientObjectId ReportId SenderDisplayName SenderFromAddress SenderFromDomain SenderIPv4 SenderIPv6 SenderMailFromAddress SenderMailFromDomain SenderObjectId Subject ThreatClassification ThreatNames ThreatTypes UserLevelAction UserLevelPolicy',
    datetime: 'LastEventExecutionTime Timestamp',
    dynamic: 'AdditionalFields Cc To',
    bool: 'IsFirstContact',
    int: 'AttachmentCount BulkComplaintLevel EmailSize UrlCount',
    long: 'EmailClusterId',
  },
  EmailPostDeliveryEvents: {
    string:
      'Action ActionResult ActionTrigger ActionType DeliveryLocation DetectionMethods EmailDirection InternetMessageId NetworkMessageId RecipientEmailAddress ReportId SenderFromAddress SourceLocation ThreatTypes',
    datetime: 'Timestamp',
  },
  EmailUrlInfo: {
    string: 'NetworkMessageId ReportId Url UrlDomain UrlLocation',
    datetime: 'Timestamp',
  },
  ExposureGraphEdges: {
    string: 'EdgeId EdgeLabel SourceNodeId SourceNodeLabel SourceNodeName TargetNodeId TargetNodeLabel TargetNodeName',
    dynamic: 'EdgeProperties SourceNodeCategories TargetNodeCategories',
  },
  ExposureGraphNodes: {
    string: 'NodeId NodeLabel NodeName',
    dynamic: 'Categories EntityIds NodeProperties',
  },
  IdentityDirectoryEvents: {
    string:
      'AccountDisplayName AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType Application DestinationDeviceName DestinationIPAddress DestinationPort DeviceName IPAddress ISP Location Port Protocol ReportId TargetAccountDisplayName TargetAccountUpn TargetDeviceName',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields',
  },
  IdentityLogonEvents: {
    string:
      'AccountDisplayName AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType Application DestinationDeviceName DestinationIPAddress DestinationPort DeviceName DeviceType FailureReason IPAddress ISP Isp Location LogonType OSPlatform Port Protocol ReportId TargetAccountDisplayName TargetDeviceName',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields LastSeenForUser UncommonForUser',
  },
  IdentityQueryEvents: {
    string:
      'AccountDisplayName AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType Application DestinationDeviceName DestinationIPAddress DestinationPort DeviceName IPAddress Location Port Protocol Query QueryTarget QueryType ReportId TargetAccountDisplayName TargetAccountUpn TargetDeviceName',
    datetime: 'Timestamp',
    dynamic: 'AdditionalFields',
  },
  OAuthAppInfo: {
    string: 'AppName AppOrigin AppOwnerTenantId AppStatus OAuthAppId PrivilegeLevel ReportId ServicePrincipalId',
    datetime: 'AddedOnTime LastModifiedTime LastUsedTime Timestamp',
    dynamic: 'Permissions VerifiedPublisher',
    bool: 'IsAdminConsented',
    int: 'ConsentedUsersCount',
  },
  UrlClickEvents: {
    string:
      'AccountUpn ActionType AppName AppVersion DetectionMethods IPAddress NetworkMessageId ReportId SourceId ThreatTypes Url UrlChain Workload',
    datetime: 'Timestamp',
    bool: 'IsClickedThrough',
  },
}
