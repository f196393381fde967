import type { PublishedColumns } from './published-columns.ts'

/** What clouds and their services tell of themselves. Source: Azure Monitor reference and Defender XDR schema, each table's own page. */
export const AZURE_COLUMNS: PublishedColumns = {
  ADXCommand: {
    string:
      'ApplicationName Category CommandType CorrelationId DatabaseName Duration FailureReason OperationName Principal RootActivityId State Text TotalCPU User WorkloadGroup',
    datetime: 'LastUpdatedOn StartedOn',
    dynamic: 'ClientRequestProperties ResourceUtilization',
  },
  ADXQuery: {
    string:
      'ApplicationName Category ComponentFault CorrelationId DatabaseName Duration FailureReason OperationName Principal RootActivityId State Text TotalCPU User WorkloadGroup',
    datetime: 'ExtentsMaxDataScannedTime ExtentsMinDataScannedTime LastUpdatedOn StartedOn',
    dynamic: 'ClientRequestProperties TablesStatistics',
    int: 'TableCount',
    long: 'CacheDiskHits CacheDiskMisses CacheMemoryHits CacheMemoryMisses CacheShardsBypassBytes CacheShardsColdHits CacheShardsColdMisses CacheShardsHotHits CacheShardsHotMisses MemoryPeak ScannedExtentsCount ScannedRowsCount TotalExtentsCount TotalRowsCount',
  },
  AWSCloudTrail: {
    string:
      'AdditionalEventData APIVersion AwsEventId AWSRegion AwsRequestId AwsRequestId_ Category CidrIp CipherSuite ClientProvidedHostHeader DestinationPort EC2RoleDelivery ErrorCode ErrorMessage EventName EventSource EventTypeName EventVersion IpProtocol OperationName RecipientAccountId RequestParameters Resources ResponseElements ServiceEventDetails SessionIssuerAccountId SessionIssuerArn SessionIssuerPrincipalId SessionIssuerType SessionIssuerUserName SharedEventId SourceIpAddress SourcePort TlsVersion UserAgent UserIdentityAccessKeyId UserIdentityAccountId UserIdentityArn UserIdentityInvokedBy UserIdentityPrincipalid UserIdentityStoreArn UserIdentityType UserIdentityUserId UserIdentityUserName VpcEndpointId',
    datetime: 'SessionCreationDate',
    bool: 'ManagementEvent ReadOnly SessionMfaAuthenticated',
  },
  AWSCloudWatch: {
    string: 'Message',
    datetime: 'ExtractedTime',
  },
  AWSGuardDuty: {
    string: 'AccountId ActivityType Arn Description Id Partition Region SchemaVersion Title',
    datetime: 'TimeCreated',
    dynamic: 'ResourceDetails ServiceDetails',
    int: 'Severity',
  },
  AWSS3ServerAccess: {
    string:
      'AccessPointARN ACLRequired AuthenticationType Bucket BucketOwner CipherSuite ErrorCode HostHeader HostId Key Operation Referer RemoteIp Requester RequestId RequestUri SignatureVersion TLSVersion TurnAroundTime UserAgent VersionId',
    int: 'BytesSent HttpStatus ObjectSize TotalTime',
  },
  AWSSecurityHubFindings: {
    string:
      'AwsAccountId AwsRegion AwsSecurityFindingDescription AwsSecurityFindingGeneratorId AwsSecurityFindingId AwsSecurityFindingProductArn AwsSecurityFindingProductName AwsSecurityFindingTitle ComplianceSecurityControlId ComplianceStatus RecordState SchemaVersion WorkflowState',
    datetime:
      'AwsSecurityFindingCreatedAt AwsSecurityFindingFirstObservedAt AwsSecurityFindingLastObservedAt AwsSecurityFindingProcessedAt AwsSecurityFindingUpdatedAt',
    dynamic:
      'AwsSecurityFindingProductFields AwsSecurityFindingSeverity AwsSecurityFindingTypes ComplianceAssociatedStandards ComplianceRelatedRequirements ComplianceSecurityControlParameters ComplianceStatusReasons RawData Remediation Resources',
  },
  AZKVAuditLogs: {
    string:
      'AddressAuthorizationType Algorithm AppliedAssignmentId CallerIpAddress ClientInfo CorrelationId HsmPoolResourceId Id OperationName OperationVersion RequestUri ResultDescription ResultSignature ResultType SubnetId Tlsversion TrustedService',
    dynamic:
      'CertificateIssuerProperties CertificatePolicyProperties CertificateProperties CertificateRequestProperties Identity KeyProperties NetworkAcls Nsp Properties SecretProperties Sku StorageAccountProperties StorageSasDefinitionProperties VaultProperties',
    bool: 'EnabledForDeployment EnabledForDiskEncryption EnabledForTemplateDeployment EnablePurgeProtection EnableRbacAuthorization EnableSoftDelete IsAccessPolicyMatch IsAddressAuthorized IsRbacAuthorized',
    int: 'DurationMs HttpStatusCode SoftDeleteRetentionInDays',
  },
  Alert: {
    string:
      'AlertContext AlertDescription AlertError AlertId AlertName AlertPriority AlertRuleId AlertRuleInstanceId AlertSeverity AlertState AlertTypeDescription Comments Computer Custom1 Custom10 Custom2 Custom3 Custom4 Custom5 Custom6 Custom7 Custom8 Custom9 Expression FlagsDescription HostName LastModifiedBy LinkToSearchResults ManagementGroupName ObjectDisplayName Query RemediationJobId RemediationRunbookName ResolvedBy ResourceId ResourceType ResourceValue RootObjectName ServiceDeskConnectionName ServiceDeskId ServiceDeskWorkItemLink ServiceDeskWorkItemType SourceDisplayName SourceFullName StateType StatusDescription TemplateId ThresholdOperator TicketId TriggerId Url ValueDescription ValueFlagsDescription',
    datetime: 'QueryExecutionEndTime QueryExecutionStartTime TimeLastModified TimeRaised TimeResolved',
    int: 'AlertStatus AlertTypeNumber AlertValue Flags PriorityNumber RepeatCount ThresholdValue ValueFlags',
  },
  AlertHistory: {
    string:
      'AlertContext AlertDescription AlertId AlertName AlertPriority AlertSeverity AlertState Custom1 Custom10 Custom2 Custom3 Custom4 Custom5 Custom6 Custom7 Custom8 Custom9 LastModifiedBy ManagementGroupName ResolvedBy SourceDisplayName SourceFullName TicketId',
    datetime: 'TimeLastModified TimeRaised TimeResolved',
    int: 'RepeatCount',
  },
  ApiManagementGatewayLogs: {
    string:
      'ApiId ApimSubscriptionId ApiRevision BackendId BackendMethod BackendProtocol BackendRequestBody BackendResponseBody BackendUrl Cache CallerIpAddress Category ClientProtocol ClientTlsVersion CorrelationId LastErrorMessage LastErrorReason LastErrorScope LastErrorSection LastErrorSource Method OperationId OperationName ProductId Region RequestBody ResponseBody Url UserId WorkspaceId',
    datetime: 'Timestamp',
    dynamic: 'BackendRequestHeaders BackendResponseHeaders Errors RequestHeaders ResponseHeaders TraceRecords',
    bool: 'IsMasterTrace IsRequestSuccess IsTraceAllowed IsTraceExpired IsTraceRequested',
    int: 'BackendResponseCode RequestSize ResponseCode ResponseSize',
    long: 'BackendTime CacheTime ClientTime LastErrorElapsed TotalTime',
  },
  AppDependencies: {
    string:
      'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType Data DependencyType Id IKey Name OperationId OperationName ParentId ReferencedItemId ReferencedType ResourceGUID ResultCode SDKVersion SessionId SyntheticSource Target UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Measurements Properties',
    bool: 'Success',
    int: 'ItemCount',
    real: 'DurationMs',
  },
  AppEvents: {
    string:
      'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType IKey Name OperationId OperationName ParentId ResourceGUID SDKVersion SessionId SyntheticSource UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Measurements Properties',
    int: 'ItemCount',
  },
  AppExceptions: {
    string:
      'AppRoleInstance AppRoleName AppVersion Assembly ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType ExceptionType HandledAt IKey InnermostAssembly InnermostMessage InnermostMethod InnermostType Message Method OperationId OperationName OuterAssembly OuterMessage OuterMethod OuterType ParentId ProblemId ResourceGUID SDKVersion SessionId SyntheticSource UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Details Measurements Properties',
    int: 'ItemCount SeverityLevel',
  },
  AppMetrics: {
    string:
      'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType IKey Name OperationId OperationName ParentId ResourceGUID SDKVersion SessionId SyntheticSource UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Properties',
    int: 'ItemCount',
    real: 'Max Min Sum',
  },
  AppRequests: {
    string:
      'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType Id IKey Name OperationId OperationName ParentId ReferencedItemId ReferencedType ResourceGUID ResultCode SDKVersion SessionId Source SyntheticSource Url UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Measurements Properties',
    bool: 'Success',
    int: 'ItemCount',
    real: 'DurationMs',
  },
  AppServiceAppLogs: {
    string:
      'Category ContainerId CustomLevel ExceptionClass Host Level Logger Message Method OperationName ResultDescription Source StackTrace Stacktrace WebSiteInstanceId',
  },
  AppServiceAuditLogs: {
    string: 'Category OperationName Protocol User UserAddress UserDisplayName',
  },
  AppServiceConsoleLogs: {
    string: 'Category ContainerId Host Level OperationName ResultDescription',
  },
  AppServiceHTTPLogs: {
    string:
      'CIp ComputerName Cookie CsHost CsMethod CsUriQuery CsUriStem CsUsername Referer Result ScSubStatus ScWin32Status SPort UserAgent',
    int: 'CsBytes ScBytes ScStatus TimeTaken',
  },
  AppTraces: {
    string:
      'AppRoleInstance AppRoleName AppVersion ClientBrowser ClientCity ClientCountryOrRegion ClientIP ClientModel ClientOS ClientStateOrProvince ClientType IKey Message OperationId OperationName ParentId ReferencedItemId ReferencedType ResourceGUID SDKVersion SessionId SyntheticSource UserAccountId UserAuthenticatedId UserId',
    dynamic: 'Measurements Properties',
    int: 'ItemCount SeverityLevel',
  },
  AutoscaleEvaluationsLog: {
    string:
      'AutoscaleMetricName AvailabilitySet Category CloudServiceName CloudServiceRole CorrelationId DeploymentSlot EstimateScaleResult EvaluationResult InstanceUpdateReason LastScaleActionOperationId LastScaleActionOperationStatus MetricData MetricNamespace MetricTimeGrain OperationName Operator Profile ResourceId ResultDescription ResultType SelectedAutoscaleProfile ServerFarm TargetResourceId TimeAggregationType TimeGrainStatistic TimeWindow Webspace',
    datetime: 'EvaluationTime LastScaleActionTime MetricEndTime MetricStartTime ProfileEvaluationTime',
    bool: 'ProfileSelected ShouldUpdateInstance SkipCurrentAutoscaleEvaluation SkipRuleEvaluationForCooldown',
    int: 'CoolDown CurrentInstanceCount DefaultInstanceCount MaximumInstanceCount MinimumInstanceCount NewInstanceCount',
    real: 'ObservedValue Projection Threshold',
  },
  AutoscaleScaleActionsLog: {
    string:
      'Category CorrelationId CreatedAsyncScaleActionJobId OperationName ResourceId ResultDescription ResultType ScaleActionMessage ScaleActionOperationId ScaleActionOperationStatus ScaleDirection TargetResourceId',
    bool: 'CreatedAsyncScaleActionJob',
    int: 'CurrentInstanceCount NewInstanceCount',
  },
  AzureActivity: {
    string:
      'ActivityStatus ActivityStatusValue ActivitySubstatus ActivitySubstatusValue Authorization Caller CallerIpAddress Category CategoryValue Claims CorrelationId EventDataId Hierarchy HTTPRequest Level OperationId OperationName OperationNameValue Properties Resource ResourceGroup ResourceId ResourceProvider ResourceProviderValue SubscriptionId',
    datetime: 'EventSubmissionTimestamp',
    dynamic: 'Authorization_d Claims_d Properties_d',
  },
  AzureBackupOperations: {
    string: 'BackupManagementType Category OperationName OperationType SchemaVersion',
    datetime: 'OperationStartTime',
    dynamic: 'ExtendedProperties',
  },
  AzureDevOpsAuditing: {
    string:
      'ActivityId ActorClientId ActorCUID ActorDisplayName ActorUPN ActorUserId Area AuthenticationMechanism Category CategoryDisplayName CorrelationId Details Id IpAddress OperationName ProjectId ProjectName ScopeDisplayName ScopeId ScopeType UserAgent',
    dynamic: 'Data',
  },
  AzureMetrics: {
    string:
      'CallerIpAddress Category Confidence CorrelationId Description FirstReportedDateTime IndicatorThreatType IsActive LastReportedDateTime MaliciousIP MetricName OperationName OperationVersion RemoteIPCountry Resource ResourceGroup ResourceId ResourceProvider ResultDescription ResultSignature ResultType SubscriptionId TimeGrain TLPLevel UnitName',
    int: 'Severity',
    long: 'DurationMs',
    real: 'Average Count Maximum Minimum RemoteIPLatitude RemoteIPLongitude Total',
  },
  CDBDataPlaneRequests: {
    string:
      'AadAppliedRoleAssignmentId AadPrincipalId AccountName ActivityId AuthTokenType ClientIpAddress CollectionName ConnectionMode DatabaseName KeyType OperationName PartitionId RegionName RequestResourceId RequestResourceType ResourceTokenPermissionId ResourceTokenPermissionMode ResourceTokenUserRid UserAgent',
    int: 'StatusCode',
    real: 'DurationMs RequestCharge RequestLength ResponseLength',
  },
  ComputerGroup: {
    string: 'Computer Group GroupFullName GroupId GroupSource GroupSourceName',
  },
  ConfigurationChange: {
    string:
      'Acls Attributes ChangeCategory Computer ConfigChangeType Current FieldsChanged FileContentChecksum FileSystemPath Hive Location ManagementGroupName Name Previous PreviousAcls PreviousAttributes PreviousFileContentChecksum PreviousValueData PreviousValueType Publisher RegistryKey SoftwareDescription SoftwareName SoftwareType SourceComputerId SvcAccount SvcChangeType SvcController SvcDisplayName SvcName SvcPath SvcPreviousAccount SvcPreviousController SvcPreviousPath SvcPreviousRunlevels SvcPreviousStartupType SvcPreviousState SvcRunlevels SvcStartupType SvcState ValueData ValueName ValueType VMUUID',
    datetime: 'DateCreated DateModified PreviousDateCreated PreviousDateModified',
    long: 'LastSnapshotAge PreviousSize Size',
  },
  ConfigurationData: {
    string:
      'Acls Architecture Attributes Computer ConfigDataType CurrentVersion FileContentChecksum FileSystemPath Hive Location ManagementGroupName Name Publisher RegistryKey SoftwareDescription SoftwareName SoftwareType SourceComputerId SvcAccount SvcController SvcDescription SvcDisplayName SvcName SvcPath SvcRunlevels SvcStartupType SvcState ValueData ValueName ValueType VMUUID',
    datetime: 'DateCreated DateModified',
    long: 'Size',
  },
  DCRLogErrors: {
    string: 'ClientRequestId CorrelationId InputStreamId Message OperationName',
  },
  Dynamics365Activity: {
    string:
      'ClientIP CorrelationId CrmOrganizationUniqueName EntityId EntityName InstanceUrl ItemType ItemUrl Message OfficeWorkload Operation OrganizationId OriginalObjectId Query RecordType ResultStatus ServiceName SourceRecordId SystemUserId UserAgent UserId UserKey UserType',
    dynamic: 'Fields QueryResults',
  },
  ETWEvent: {
    string:
      'AzureDeploymentID ChannelName Computer EventMessage EventSourceName KeywordName Level Message OpcodeName ProviderGuid Role TaskName',
    int: 'EventId Pid Tid',
  },
  Event: {
    string:
      'AzureDeploymentID Computer EventData EventLevelName EventLog ManagementGroupName Message ParameterXml RenderedDescription Role Source UserName',
    int: 'EventCategory EventID EventLevel',
  },
  FunctionAppLogs: {
    string:
      'ActivityId AppName Category EventName ExceptionDetails ExceptionMessage ExceptionType FunctionInvocationId FunctionName HostInstanceId HostVersion Level Location Message RoleInstance',
    int: 'EventId LevelId ProcessId',
  },
  GCPAuditLogs: {
    string:
      'GCPResourceName GCPResourceType InsertId LogName MethodName NumResponseItems PrincipalEmail ProjectId ServiceName Severity StatusMessage Subscription',
    datetime: 'Timestamp',
    dynamic:
      'AuthenticationInfo AuthorizationInfo Metadata Request RequestMetadata ResourceLocation ResourceOriginalState Response ServiceData Status',
  },
  GoogleCloudSCC: {
    dynamic: 'Findings FindingsResource SourceProperties',
  },
  LAJobLogs: {
    string: 'CorrelationId JobId JobType Message SourceTable Status',
    dynamic: 'Destination',
    long: 'ResultsRecordCount',
    real: 'ResultsGB',
  },
  LAQueryLogs: {
    string:
      'AADClientId AADEmail AADObjectId AADTenantId ConditionalDataAccess CorrelationId QueryText QueryThumbprint RecordKind RequestClientApp RequestTarget WorkspaceRegion',
    datetime: 'QueryTimeRangeEnd QueryTimeRangeStart StatsDataProcessedEnd StatsDataProcessedStart',
    dynamic: 'RequestContext RequestContextFilters',
    bool: 'IsBillableQuery IsWorkspaceInFailover',
    int: 'ResponseCode ResponseRowCount StatsRegionCount StatsWorkspaceCount',
    real: 'ResponseDurationMs ScannedGB StatsCPUTimeMs',
  },
  LASummaryLogs: {
    string: 'Message RuleName Status',
    datetime: 'BinStartTime RuleLastModifiedTime',
    int: 'BinSize',
    long: 'QueryDurationMs ResultsRecordCount',
  },
  PowerBIActivity: {
    string:
      'Activity ActivityId ActorName ActorUserId ActorUserType DashboardId DashboardName DataClassification DatasetName DistributionMethod EventOriginalType EventOriginalUid EventProduct EventResult EventVendor IsSuccess ItemName MembershipInformation ObjectId OrganizationId OrgAppPermission PbiWorkspaceName RecordType ReportName RequestId Scope SharingInformation SrcIpAddr SwitchState TargetAppName UserAgent UserType Workload WorkspaceId',
    dynamic: 'FolderAccessRequests',
  },
  ProtectionStatus: {
    string:
      'AMProductVersion Computer ComputerEnvironment ComputerIP_Hidden DetectionId DeviceName ManagementGroupName OSName ProtectionStatus ProtectionStatusDetails Resource ResourceGroup ResourceId ResourceProvider ResourceType SignatureVersion SourceComputerId SubscriptionId Threat ThreatStatus ThreatStatusDetails TypeofProtection VMUUID',
    datetime: 'ScanDate',
    int: 'ProtectionStatusRank ThreatStatusRank',
  },
  ResourceManagementPublicAccessLogs: {
    string:
      'CallerIpAddress Category CorrelationId ObjectIdentifier OperationName OperationType OperationVersion ProviderName ResultType Uri',
    dynamic: 'PrivateLinkAssociationIds',
    int: 'ResultSignature',
    long: 'DurationMs',
  },
  StorageBlobLogs: {
    string:
      'AccessTier AccountName AuthenticationHash AuthenticationType CallerIpAddress Category ClientRequestId ConditionsUsed CorrelationId DestinationUri Etag Location MetricResponseType ObjectKey OperationName OperationVersion Protocol ReferrerHeader RehydratePriority RequesterAppId RequesterAudience RequesterObjectId RequesterTenantId RequesterTokenIssuer RequesterUpn RequestMd5 ResponseMd5 SasExpiryStatus SchemaVersion ServiceType SourceAccessTier SourceUri StatusCode StatusText TlsVersion Uri UserAgentHeader',
    datetime: 'LastModifiedTime',
    dynamic: 'AuthorizationDetails',
    int: 'OperationCount',
    long: 'ContentLengthHeader RequestBodySize RequestHeaderSize ResponseBodySize ResponseHeaderSize',
    real: 'DurationMs ServerLatencyMs',
  },
  StorageFileLogs: {
    string:
      'AccountName AuthenticationHash AuthenticationType CallerIpAddress Category ClientRequestId ConditionsUsed CorrelationId Etag Location MetricResponseType ObjectKey OperationName OperationVersion Protocol ReferrerHeader RequesterAppId RequesterAudience RequesterObjectId RequesterTenantId RequesterTokenIssuer RequesterUpn RequesterUserName RequestMd5 ResponseMd5 SasExpiryStatus SchemaVersion ServiceType SmbCommandDetail SmbCommandMinor SmbFileId SmbMessageID SmbPersistentHandleID SmbPrimarySID SmbSessionID SmbStatusCode SmbTreeConnectID SmbVolatileHandleID StatusCode StatusText TlsVersion Uri UserAgentHeader',
    datetime: 'LastModifiedTime',
    dynamic: 'AuthorizationDetails',
    int: 'OperationCount SmbCommandMajor SmbCreditsConsumed',
    long: 'ContentLengthHeader RequestBodySize RequestHeaderSize ResponseBodySize ResponseHeaderSize',
    real: 'DurationMs ServerLatencyMs',
  },
  StorageQueueLogs: {
    string:
      'AccountName AuthenticationHash AuthenticationType CallerIpAddress Category ClientRequestId ConditionsUsed CorrelationId Etag Location MetricResponseType ObjectKey OperationName OperationVersion Protocol ReferrerHeader RequesterAppId RequesterAudience RequesterObjectId RequesterTenantId RequesterTokenIssuer RequesterUpn RequestMd5 ResponseMd5 SasExpiryStatus SchemaVersion ServiceType StatusCode StatusText TlsVersion Uri UserAgentHeader',
    datetime: 'LastModifiedTime',
    dynamic: 'AuthorizationDetails',
    int: 'OperationCount',
    long: 'ContentLengthHeader RequestBodySize RequestHeaderSize ResponseBodySize ResponseHeaderSize',
    real: 'DurationMs ServerLatencyMs',
  },
  StorageTableLogs: {
    string:
      'AccountName AuthenticationHash AuthenticationType CallerIpAddress Category ClientRequestId ConditionsUsed CorrelationId Etag Location MetricResponseType ObjectKey OperationName OperationVersion Protocol ReferrerHeader RequesterAppId RequesterAudience RequesterObjectId RequesterTenantId RequesterTokenIssuer RequesterUpn RequestMd5 ResponseMd5 SasExpiryStatus SchemaVersion ServiceType StatusCode StatusText TlsVersion Uri UserAgentHeader',
    datetime: 'LastModifiedTime',
    dynamic: 'AuthorizationDetails',
    int: 'OperationCount',
    long: 'ContentLengthHeader RequestBodySize RequestHeaderSize ResponseBodySize ResponseHeaderSize',
    real: 'DurationMs ServerLatencyMs',
  },
  Update: {
    string:
      'ApprovalSource BulletinID BulletinUrl Classification Computer ComputerEnvironment CVENumbers KBID ManagementGroupName MSRCBulletinID MSRCSeverity OSFullName OSName OSType OSVersion PackageRepository PackageSeverity Product ProductArch ProductVersion RebootBehavior Resource ResourceGroup ResourceId ResourceProvider ResourceType RevisionNumber SourceComputerId SubscriptionId Title UpdateID UpdateState VMUUID',
    datetime: 'PublishedDate',
    bool: 'Approved InstallTimeAvailable Optional',
    real: 'InstallTimeDeviationRangeSeconds InstallTimePredictionSeconds',
  },
  UpdateSummary: {
    string:
      'Computer ComputerEnvironment ManagementGroupName NETRuntimeVersion OldestMissingSecurityUpdateBucket OsVersion Resource ResourceGroup ResourceId ResourceProvider ResourceType SourceComputerId SubscriptionId VMUUID WindowsUpdateAgentVersion WindowsUpdateSetting WSUSServer',
    bool: 'RestartPending',
    int: 'CriticalUpdatesMissing OldestMissingSecurityUpdateInDays OtherUpdatesMissing SecurityUpdatesMissing TotalUpdatesMissing',
  },
  WindowsEvent: {
    string:
      'Channel Computer Correlation EventLevelName EventOriginId EventRecordId Keywords ManagementGroupName Opcode Provider RawEventData SystemUserId',
    dynamic: 'EventData',
    int: 'EventID EventLevel SystemProcessId SystemThreadId Task Version',
  },
  WorkloadDiagnosticLogs: {
    string: 'Category Computer Message Status',
    dynamic: 'Tags',
  },
}
