import type { Alert } from '@podwitness/api'
import { cellText } from '../text/cell-text.ts'

/** Names under which the query languages call the account, the pod and the command, and those of common groupings. */
const SUBJECTS = [
  ['k8s.user.username', 'User', 'user', 'user_name'],
  ['k8s.pod.name', 'Pod', 'pod', 'k8s.pod.namespace', 'Namespace', 'namespace'],
  ['process.cmdline', 'CommandLine', 'cmdline', 'kubeobject.operation.podexecoptions.commandstr', 'Operation', 'request_uri'],
] as const

/** The different accounts, pods and commands of rows, in the order they come; a kind that no row has is left out. */
export function subjectOf(rows: Alert['rows']): string[][] {
  return SUBJECTS.map((names) => [
    ...new Set(rows.flatMap((row) => names.map((name) => cellText(row[name])).find((text) => text !== '') ?? [])),
  ]).filter((values) => values.length > 0)
}
