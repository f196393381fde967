import { KQL_TYPES, type KqlType } from '../kql-type.ts'
import type { KqlTableColumn } from './kql-table.ts'

/** Columns of tables of Log Analytics by type, without those every table has. */
export type PublishedColumns = Readonly<Record<string, Partial<Record<KqlType, string>>>>

/** Tables of container monitoring and of the workspace. Source: Azure Monitor reference, the table's own page under "Tables". */
export const PUBLISHED_COLUMNS: PublishedColumns = {
  ContainerLogV2: {
    string: 'Computer ContainerId ContainerName LogLevel LogSource PodName PodNamespace',
    dynamic: 'KubernetesMetadata LogMessage',
  },
  KubeEvents: {
    string: 'ClusterId ClusterName Computer KubeEventType Message Name Namespace ObjectKind Reason SourceComponent',
    real: 'Count',
    datetime: 'FirstSeen LastSeen',
  },
  KubePodInventory: {
    string:
      'ClusterId ClusterName Computer ContainerID ContainerLastStatus ContainerName ContainerStatus ContainerStatusReason ControllerKind ControllerName InstanceName Name Namespace PodIp PodLabel PodStatus PodUid ServiceName',
    datetime: 'ContainerCreationTimeStamp ContainerStartTime PodCreationTimeStamp PodStartTime',
    int: 'ContainerRestartCount PodRestartCount',
  },
  Heartbeat: {
    string:
      'Category Computer ComputerEnvironment ComputerIP ManagementGroupName OSMajorVersion OSMinorVersion OSName OSType RemoteIPCountry Resource ResourceGroup ResourceId ResourceProvider ResourceType SCAgentChannel Solutions SourceComputerId SubscriptionId Version VMUUID',
    dynamic: 'ComputerPrivateIPs',
    bool: 'IsGatewayInstalled',
    real: 'RemoteIPLatitude RemoteIPLongitude',
  },
  ContainerInventory: {
    string:
      'Command ComposeGroup Computer ContainerHostname ContainerID ContainerState EnvironmentVar Image ImageID ImageTag Links Name Ports Repository',
    datetime: 'CreatedTime FinishedTime StartedTime',
    int: 'ExitCode',
  },
  KubeNodeInventory: {
    string:
      'ClusterId ClusterName Computer DockerVersion KubeletVersion KubeProxyVersion KubernetesProviderID Labels OperatingSystem Status',
    datetime: 'CreationTimeStamp LastTransitionTimeReady',
  },
  KubeServices: {
    string: 'ClusterId ClusterIp ClusterName Namespace SelectorLabels ServiceName ServiceType',
  },
  Perf: {
    datetime: 'BucketEndTime BucketStartTime',
    string: 'Computer CounterName CounterPath InstanceName ObjectName',
    real: 'CounterValue Max Min StandardDeviation',
    int: 'SampleCount',
  },
  InsightsMetrics: {
    string: 'AgentId Computer Name Namespace Origin Tags Value',
    real: 'Val',
  },
  AKSControlPlane: {
    string: 'Category Level Message PodName Stream',
  },
  ContainerLog: {
    string: 'Computer ContainerID Image ImageTag LogEntry LogEntrySource Name Repository',
    datetime: 'TimeOfCommand',
  },
  KubeMonAgentEvents: {
    string: 'Category ClusterId ClusterName Computer Level Message Tags',
  },
  KubePVInventory: {
    string: 'ClusterId ClusterName PVAccessModes PVCName PVCNamespace PVName PVStatus PVStorageClassName PVType',
    real: 'PVCapacityBytes',
    datetime: 'PVCreationTimeStamp',
    dynamic: 'PVTypeInfo',
  },
  ContainerImageInventory: {
    string: 'Computer Image ImageID ImageSize ImageTag Repository VirtualSize',
    int: 'Failed Paused Running Stopped',
    long: 'TotalContainer',
  },
  ContainerNodeInventory: {
    string: 'Computer DockerVersion OperatingSystem',
  },
  ContainerServiceLog: {
    string: 'Command Computer ContainerID Image ImageTag Repository',
    datetime: 'TimeOfCommand',
  },
  SecurityAlert: {
    string:
      'AlertLink AlertName AlertSeverity AlertType CompromisedEntity ConfidenceLevel Description DisplayName Entities ExtendedLinks ExtendedProperties ProductComponentName ProductName ProviderName RemediationSteps ResourceId SourceComputerId Status SubTechniques SystemAlertId Tactics Techniques VendorName VendorOriginalId WorkspaceResourceGroup WorkspaceSubscriptionId',
    real: 'ConfidenceScore',
    datetime: 'EndTime ProcessingEndTime StartTime',
    bool: 'IsIncident',
  },
  Operation: {
    string:
      'Computer CorrelationId Detail ErrorId HelpLink ManagementGroupName OperationCategory OperationKey OperationStatus Solution SourceComputerId',
  },
  Usage: {
    real: 'AvgLatencyInSeconds Quantity',
    long: 'BatchesCapped BatchesOutsideSla BatchesWithinSla TotalBatches',
    string: 'Computer DataType LinkedMeterId LinkedResourceUri MeterId Plan QuantityUnit ResourceUri Solution',
    datetime: 'EndTime StartTime',
    bool: 'IsBillable',
  },
}

/** The columns of one of them by name; `sql` has the expressions of those that are filled. */
export function publishedColumns(
  tables: PublishedColumns,
  name: string,
  sql: Readonly<Record<string, string>> = {},
): readonly KqlTableColumn[] {
  const named = KQL_TYPES.flatMap((type) =>
    (tables[name]?.[type] ?? '')
      .split(' ')
      .filter((one) => one !== '')
      .map((one): KqlTableColumn => {
        const value = sql[one]
        return value === undefined ? { name: one, type } : { name: one, type, sql: value }
      }),
  )
  return named.sort((a, b) => (a.name < b.name ? -1 : 1))
}
