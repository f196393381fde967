import type { PublishedColumns } from './published-columns.ts'

/** Sign-ins, directories and devices. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const IDENTITY_COLUMNS: PublishedColumns = {
  AADGraphActivityLogs: {
    string:
      'AADTenantId ActorType ApiVersion AppId CallerIpAddress Category ClientAuthMethod DeviceId IdentityProvider Level Location OperationName RequestId RequestMethod RequestUri ResultSignature Roles Scopes ServicePrincipalId SessionId SignInActivityId UserAgent UserId Wids',
    datetime: 'TimeRequested TokenIssuedAt',
    int: 'DurationMs ResponseSizeBytes ResponseStatusCode',
  },
  AADManagedIdentitySignInLogs: {
    string:
      'AADTenantId Agent AppId AppOwnerTenantId AuthenticationContextClassReferences AuthenticationProcessingDetails Category ClientCredentialType ConditionalAccessAudiences ConditionalAccessPolicies ConditionalAccessStatus CorrelationId FederatedCredentialId Id Identity IPAddress Level Location LocationDetails ManagedServiceIdentity NetworkLocationDetails OperationName OperationVersion ResourceDisplayName ResourceGroup ResourceIdentity ResourceOwnerTenantId ResourceServicePrincipalId ResultDescription ResultSignature ResultType ServicePrincipalCredentialKeyId ServicePrincipalCredentialThumbprint ServicePrincipalId ServicePrincipalName SessionId SourceAppClientId UniqueTokenIdentifier UserAgent',
    datetime: 'CreatedDateTime',
    long: 'DurationMs',
  },
  AADNonInteractiveUserSignInLogs: {
    string:
      'AADTenantId Agent AlternateSignInName AppDisplayName AppId AppOwnerTenantId AuthenticationContextClassReferences AuthenticationDetails AuthenticationMethodsUsed AuthenticationProcessingDetails AuthenticationProtocol AuthenticationRequirement AuthenticationRequirementPolicies AuthenticatorAppLocation AutonomousSystemNumber Category ClientAppUsed ClientCredentialType ClientSessionId ConditionalAccessAudiences ConditionalAccessPolicies ConditionalAccessStatus CorrelationId CrossTenantAccessType DeviceDetail FederatedCredentialId GlobalSecureAccessIpAddress HomeTenantId HomeTenantName Id Identity IncomingTokenType IPAddress Level Location LocationDetails MfaDetail NetworkLocationDetails OperationName OperationVersion OriginalRequestId OriginalTransferMethod ProcessingTimeInMs ResourceDisplayName ResourceGroup ResourceIdentity ResourceOwnerTenantId ResourceServicePrincipalId ResourceTenantId ResultDescription ResultSignature ResultType RiskDetail RiskEventTypes RiskEventTypes_V2 RiskLevelAggregated RiskLevelDuringSignIn RiskState ServicePrincipalId SessionId SessionLifetimePolicies SignInEventTypes SignInIdentifierType Status TokenIssuerName TokenIssuerType TokenProtectionStatusDetails UniqueTokenIdentifier UserAgent UserDisplayName UserId UserPrincipalName UserType',
    datetime: 'CreatedDateTime',
    dynamic: 'AppliedEventListeners',
    bool: 'IsInteractive IsRisky IsTenantRestricted IsThroughGlobalSecureAccess',
    long: 'DurationMs',
  },
  AADProvisioningLogs: {
    string:
      'AADTenantId Category ChangeId CorrelationId CycleId Id InitiatedBy JobId ModifiedProperties OperationName OperationVersion ProvisioningAction ProvisioningStatusInfo ProvisioningSteps ResultDescription ResultSignature ResultType ServicePrincipal SourceIdentity TargetIdentity TargetSystem',
    long: 'DurationMs',
  },
  AADRiskyServicePrincipals: {
    string: 'AppId CorrelationId DisplayName Id OperationName RiskDetail RiskLevel RiskState ServicePrincipalType',
    datetime: 'RiskLastUpdatedDateTime',
    bool: 'AccountEnabled IsProcessing',
  },
  AADRiskyUsers: {
    string: 'CorrelationId Id OperationName RiskDetail RiskLevel RiskState UserDisplayName UserPrincipalName',
    datetime: 'RiskLastUpdatedDateTime',
    bool: 'IsDeleted IsProcessing',
  },
  AADServicePrincipalRiskEvents: {
    string:
      'Activity AppId CorrelationId DetectionTimingType Id IpAddress OperationName RequestId RiskDetail RiskEventType RiskLevel RiskState ServicePrincipalDisplayName ServicePrincipalId Source TokenIssuerType',
    datetime: 'ActivityDateTime DetectedDateTime LastUpdatedDateTime',
    dynamic: 'AdditionalInfo KeyIds Location',
  },
  AADServicePrincipalSignInLogs: {
    string:
      'AADTenantId Agent AppId AppOwnerTenantId AuthenticationContextClassReferences AuthenticationProcessingDetails AutonomousSystemNumber Category ClientCredentialType ConditionalAccessAudiences ConditionalAccessPolicies ConditionalAccessStatus CorrelationId FederatedCredentialId Id Identity IPAddress Level Location LocationDetails NetworkLocationDetails OperationName OperationVersion ResourceDisplayName ResourceGroup ResourceIdentity ResourceOwnerTenantId ResourceServicePrincipalId ResultDescription ResultSignature ResultType ServicePrincipalCredentialKeyId ServicePrincipalCredentialThumbprint ServicePrincipalId ServicePrincipalName SessionId UniqueTokenIdentifier UserAgent',
    datetime: 'CreatedDateTime',
    long: 'DurationMs',
  },
  AADUserRiskEvents: {
    string:
      'Activity CorrelationId DetectionTimingType Id IpAddress OperationName RequestId RiskDetail RiskEventType RiskLevel RiskState Source TokenIssuerType UserDisplayName UserId UserPrincipalName',
    datetime: 'ActivityDateTime DetectedDateTime LastUpdatedDateTime',
    dynamic: 'AdditionalInfo Location',
  },
  ADFSSignInLogs: {
    string:
      'AlternateSignInName AppDisplayName AppId AuthenticationDetails AuthenticationProcessingDetails AuthenticationRequirement AuthenticationRequirementPolicies Category ConditionalAccessPolicies ConditionalAccessStatus CorrelationId DeviceDetail Id Identity IPAddress Level Location NetworkLocationDetails OperationName OperationVersion OriginalRequestId ProcessingTimeInMs Requirement ResourceDisplayName ResourceGroup ResourceIdentity ResourceTenantId ResultDescription ResultSignature ResultType Status TokenIssuerName TokenIssuerType UniqueTokenIdentifier UserAgent UserDisplayName UserId UserPrincipalName',
    datetime: 'CreatedDateTime',
    bool: 'IsInteractive',
    long: 'DurationMs',
  },
  AuditLogs: {
    string:
      'AADOperationType AADTenantId ActivityDisplayName Category CorrelationId Id Identity Level Location LoggedByService OperationName OperationVersion Resource ResourceGroup ResourceId ResourceProvider Result ResultDescription ResultReason ResultSignature ResultType',
    datetime: 'ActivityDateTime',
    dynamic: 'AdditionalDetails InitiatedBy TargetResources',
    long: 'DurationMs',
  },
  GoogleWorkspaceReports: {
    string:
      'AccountState ActorApplicationInfoApplicationName ActorApplicationInfoOauthClientId ActorCallerType ActorEmail ActorKey ActorProfileId ApiKind ApplicationEdition ApplicationName AppName BrowserVersion CalendarId ChromeOrgUnitId ClientId ClientType ContentHash ContentName ContentRiskLevel ContentSize ContentTransferMethod ContentType DestinationFolderId DestinationFolderTitle DestUserUpn DeviceId DeviceName DevicePlatform DeviceType DeviceUser DocId DocTitle DocType DstUserUpn DvcGuid DvcInterfaceGuid DvcModelName DvcModelNumber DvcType Etag EventEndTime EventGuest EventId EventMessage EventName EventOriginalMessage EventProduct EventResourceId EventResourceName EventResponseStatus EventResult EventStartTime EventTitle EventType EventUid EventVendor GroupDomain GroupEmail IdApplicationName IdCustomerId IdTime IdUniqueQualifier IosVendorId IosVendorUID Kind LastSyncAuditDate LoginChallengeMethod LoginChallengeStatus LoginType ModuleName NetworkInfoRegionCode NetworkInfoSubdivisionCode NewValue NotificationMessageId NotificationMethod NotificationType OldEventTitle OldValue OldVisibility OrganizerCalendarId OrgUnitName OriginatingAppId OsProperty Owner OwnerDomain OwnerEmail ProcessName ProfileUserName RegisterPrivelege Resource_Id RoleName RuleName ScanId Scope ScopeData SerialNumber SharedDriveId SourceFolderId SourceFolderTitle SrcIpAddr TargetCalendarId TargetDomain TargetUserDomain TargetUserName TeamDriveId Timestamp TriggerDestination TriggerSource TriggerType Url UserAadid UserAgent UserAgentOriginal UserEmail Value VirtualDeviceId Visibility VisibilityChange',
    dynamic: 'EventParameters NetworkIpAsn ResourceDetails',
    bool: 'ActorApplicationInfoImpersonation ActorIsCollaboratorAccount Billable IsSecondFactor IsSuspicious OwnerIsSharedDrive OwnerIsTeamDrive PrimaryEvent',
  },
  IdentityInfo: {
    string:
      'AccountCloudSID AccountDisplayName AccountDomain AccountName AccountObjectId AccountSID AccountTenantId AccountUPN AccountUpn Address Applications BlastRadius ChangeSource City CloudSid CompanyName Country Department DistinguishedName EmailAddress EmployeeId GivenName IdentityEnvironment JobTitle MailAddress Manager OnPremisesDistinguishedName OnPremisesExtensionAttributes OnPremObjectId OnPremSid Phone ReportId RiskLevel RiskLevelDetails RiskState RiskStatus SAMAccountName SipProxyAddress State StreetAddress Surname Tags TenantMembershipType UACFlags UserState UserType',
    datetime: 'AccountCreationTime CreatedDateTime DeletedDateTime LastSeenDate Timestamp UserStateChangedOn',
    dynamic:
      'AdditionalMailAddresses AssignedRoles EntityRiskScore ExtensionProperty GroupMembership OtherMailAddresses PrivilegedEntraPimRoles RelatedAccounts ServicePrincipals SourceProviders UserAccountControl',
    bool: 'IsAccountEnabled IsMFARegistered IsServiceAccount',
    int: 'CriticalityLevel InvestigationPriority InvestigationPriorityPercentile',
  },
  IntuneAuditLogs: {
    string: 'Category CorrelationId Identity OperationName Properties ResultDescription ResultType',
  },
  IntuneDeviceComplianceOrg: {
    string:
      'ComplianceState DeviceHealthThreatLevel DeviceId DeviceName DeviceType IMEI InGracePeriodUntil LastContact ManagementAgents OS OSDescription OSVersion OwnerType Result RetireAfterDatetime SerialNumber UPN UserEmail UserId UserName',
  },
  IntuneDevices: {
    string:
      'AADTenantId AndroidPatchLevel BatchId CategoryName CompliantState CreatedDate DeviceId DeviceName DeviceRegistrationState DeviceState EasID EncryptionStatusString IMEI InGracePeriodUntil IntuneAccountId JailBroken JoinType LastContact ManagedBy ManagedDeviceName Manufacturer MEID Model OperationName OS OSVersion Ownership PhoneNumber PrimaryUser ReferenceId Result SerialNumber SkuFamily SubscriberCarrierNetwork SupervisedStatusString UPN UserEmail UserName WifiMacAddress',
    dynamic: 'Stats',
    bool: 'GraphDeviceIsManaged',
    long: 'StorageFree StorageTotal',
  },
  IntuneOperationalLogs: {
    string: 'Category OperationName Properties Result',
  },
  MicrosoftGraphActivityLogs: {
    string:
      'AadTenantId ApiVersion AppId ATContent ATContentH ATContentP ClientRequestId DeviceId IdentityProvider IPAddress Location OperationId RequestId RequestMethod RequestUri Roles Scopes ServicePrincipalId SessionId SignInActivityId UniqueTokenId UserAgent UserId Wids',
    datetime: 'TokenIssuedAt',
    int: 'ClientAuthMethod DurationMs ResponseSizeBytes ResponseStatusCode',
  },
  MicrosoftServicePrincipalSignInLogs: {
    string:
      'AppId AppOwnerTenantId Category CorrelationId OperationName OperationVersion ResourceDisplayName ResourceGroup ResourceIdentity ResourceOwnerTenantId ResourceServicePrincipalId ResultSignature ServicePrincipalCredentialKeyId ServicePrincipalCredentialThumbprint ServicePrincipalId ServicePrincipalName UniqueTokenIdentifier',
    datetime: 'CreatedDateTime',
    long: 'DurationMs',
  },
  NetworkAccessTraffic: {
    string:
      'AccessType Action AgentVersion AIAgentId AIAgentName AIDetectionEvidence AppId AppSegmentId CloudAppCatalogId CloudAppCategories CloudAppCategory CloudAppLoginUser CloudAppName ConnectionId ConnectionStatus ConnectorId ConnectorIp ConnectorName Description DestinationFqdn DestinationIp DestinationUrl DestinationWebCategories DeviceCategory DeviceId DeviceOperatingSystem DeviceOperatingSystemVersion DnsResponseOrigin FilteringProfileId FilteringProfileName HttpMethod HttpRequestContentType HttpResponseContentType HttpUserAgent InitiatingProcessName KerberosClientName KerberosErrorCodeName KerberosErrorText KerberosMsgType NetworkProtocol OnPremAccount OriginHeader PolicyId PolicyName PolicyRuleId ProcessArgs ProcessingRegion ProcessTree Realm ReferrerHeader RemoteNetworkId ResourceTenantId RuleName ServicePrincipalName SessionId SourceIp ThreatType TlsAction TlsPolicyId TlsPolicyName TlsRuleId TlsRuleName TlsStatus Token3PUniqueId TrafficType TransactionId TransportProtocol UniqueTokenId UserId UserPrincipalName VendorNames XForwardedFor',
    datetime: 'Token3PExpiry Token3PIssuedAt Token3PValidFrom',
    bool: 'IsAgentic IsTokenAgentic',
    int: 'AIDetectionConfidence CloudAppComplianceScore CloudAppGeneralScore CloudAppLegalScore CloudAppRiskScore DestinationPort KerberosErrorCode KerberosNonce ResponseCode SourcePort',
    long: 'ReceivedBytes SentBytes',
  },
  OfficeActivity: {
    string:
      'AADGroupId AADTarget Activity Actor ActorContextId ActorIpAddress AddOnGuid AddonName AddOnType AffectedItems AppDistributionMode AppId Application ApplicationId AppPoolName AzureActiveDirectory_EventType AzureADAppId ChannelGuid ChannelName ChannelType ChatName ChatThreadId Client Client_IPAddress ClientAppId ClientInfoString ClientIP ClientMachineName ClientProcessName ClientVersion CommunicationType CustomEvent DestFolder DestinationFileExtension DestinationFileName DestinationRelativeUrl DestMailboxId DestMailboxOwnerMasterAccountSid DestMailboxOwnerSid DestMailboxOwnerUPN DeviceInformation EffectiveOrganization ElevationApprover ElevationRequestId ElevationRole Event_Data EventSource ExtendedProperties ExternalAccess Folder Folders GenericInfo InterSystemsId IntraSystemId Item ItemName ItemType ListItemUniqueId Logon_Type LogonUserDisplayName LogonUserSid MachineDomainInfo MachineId MailboxGuid MailboxOwnerMasterAccountSid MailboxOwnerSid MailboxOwnerUPN MeetingDetailId MessageId ModifiedObjectResolvedName ModifiedProperties Name NewValue OfficeId OfficeObjectId OfficeTenantId OfficeWorkload OldValue Operation OperationScope OrganizationId OrganizationName OriginatingServer Parameters RecordType ResultReasonType ResultStatus SendAsUserMailboxGuid SendAsUserSmtp SendonBehalfOfUserMailboxGuid SendOnBehalfOfUserSmtp SensitivityLabelId SharingType Site_ Site_Url Source_Name SourceFileExtension SourceFileName SourceRecordId SourceRelativeUrl SRPolicyId SRPolicyName SupportTicketId TabType TargetContextId TargetUserId TargetUserOrGroupName TargetUserOrGroupType TeamGuid TeamName UniqueSharingId UserAgent UserDomain UserId UserKey UserSharedWith UserType',
    datetime: 'ElevationApprovedTime ElevationTime JoinTime LeaveTime Start_Time',
    dynamic: 'AppAccessContext ArtifactsShared Attendees ExtraProperties Members OperationProperties SRRuleMatchDetails',
    bool: 'CrossMailboxOperations IsJoinedFromLobby IsManagedDevice',
    int: 'DataCenterSecurityEventType ElevationDuration InternalLogonType LoginStatus',
  },
  OktaSystemLogs: {
    string:
      'ActingAppName ActingAppType ActorDisplayName ActorSessionId ActorUserId ActorUserIdType ActorUsername ActorUsernameType ActorUserType AuthenticationContextAuthenticationProvider AuthenticationContextCredentialProvider AuthenticationContextInterface AuthenticationContextIssuerId AuthenticationContextIssuerType DvcAction EventMessage EventOriginalResultDetails EventOriginalType EventOriginalUid EventResult EventSeverity HttpUserAgent LegacyEventType LogonMethod OriginalActorAlternateId OriginalClientDevice OriginalOutcomeResult OriginalSeverity OriginalUserId OriginalUserType SecurityContextAsOrg SecurityContextDomain SrcDeviceType SrcDvcId SrcDvcIdType SrcDvcOs SrcGeoCity SrcGeoCountry SrcGeoPostalCode SrcGeoRegion SrcIpAddr SrcIsp SrcZone TransactionId TransactionType Version',
    dynamic: 'ActorDetailEntry DebugData OriginalTarget Request TransactionDetail',
    bool: 'SecurityContextIsProxy',
    int: 'AuthenticationContextAuthenticationStep SecurityContextAsNumber',
    real: 'SrcGeoLatitude SrcGeoLongtitude',
  },
  SalesforceLoginHistory: {
    string:
      'ApiType ApiVersion Application AuthenticationServiceId AuthMethodReference Browser CipherSuite ClientVersion CountryIso ForwardedForIp LoginGeoId LoginSubType LoginType LoginUrl NetworkId Platform SourceIp Status TlsProtocol UserId',
    datetime: 'LoginTime',
    bool: 'OptionsIsGet OptionsIsPost',
  },
  SigninLogs: {
    string:
      'AADTenantId AlternateSignInName AppDisplayName AppId AppliedConditionalAccessPolicies AppOwnerTenantId AuthenticationAppDeviceDetails AuthenticationAppPolicyEvaluationDetails AuthenticationContextClassReferences AuthenticationDetails AuthenticationMethodsUsed AuthenticationProcessingDetails AuthenticationProtocol AuthenticationRequirement AuthenticationRequirementPolicies AuthenticatorAppLocation AutonomousSystemNumber Category ClientAppUsed ClientCredentialType ConditionalAccessAudiences ConditionalAccessStatus CorrelationId CrossTenantAccessType FederatedCredentialId GlobalSecureAccessIpAddress HomeTenantId HomeTenantName Id Identity IncomingTokenType IPAddress IPAddressFromResourceProvider Level Location NetworkLocationDetails OperationName OperationVersion OriginalRequestId OriginalTransferMethod ProcessingTimeInMilliseconds Resource ResourceDisplayName ResourceGroup ResourceId ResourceIdentity ResourceOwnerTenantId ResourceProvider ResourceServicePrincipalId ResourceTenantId ResultDescription ResultSignature ResultType RiskDetail RiskEventTypes RiskEventTypes_V2 RiskLevel RiskLevelAggregated RiskLevelDuringSignIn RiskState ServicePrincipalId ServicePrincipalName SessionId SessionLifetimePolicies SignInIdentifier SignInIdentifierType SourceAppClientId TokenIssuerName TokenIssuerType UniqueTokenIdentifier UserAgent UserDisplayName UserId UserPrincipalName UserType',
    datetime: 'CreatedDateTime',
    dynamic:
      'Agent AppliedEventListeners ConditionalAccessPolicies DeviceDetail LocationDetails MfaDetail Status TokenProtectionStatusDetails',
    bool: 'FlaggedForReview IsInteractive IsRisky IsTenantRestricted IsThroughGlobalSecureAccess',
    long: 'DurationMs',
  },
}
