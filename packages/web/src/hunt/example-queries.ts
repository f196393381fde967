import type { PlainWord } from '../words/catalogue.ts'
import type { PastQuery } from './query-history.ts'

/** Queries to begin with; each runs on the bundled recording. */
export const EXAMPLES: readonly (PastQuery & { readonly title: PlainWord })[] = [
  {
    title: 'exampleRisky',
    language: 'kql',
    text: "Commands\n| where Name in ('curl', 'nc', 'nsenter', 'chroot', 'rm')\n| project TimeGenerated, User, Namespace, Pod, CommandLine, TraceId, EventId\n| order by TimeGenerated desc",
  },
  {
    title: 'exampleByUser',
    language: 'kql',
    text: "Commands\n| where Entry in ('exec', 'debug')\n| summarize Commands = count(), Programs = dcount(Name) by User, Namespace\n| order by Commands desc",
  },
  {
    title: 'exampleOverTime',
    language: 'kql',
    text: "Commands\n| where User != ''\n| summarize Commands = count() by bin(TimeGenerated, 10s), User\n| render timechart",
  },
  {
    title: 'exampleSecrets',
    language: 'kql',
    text: "AKSAudit\n| where ObjectRef.resource == 'secrets' and Verb in ('get', 'list')\n| project TimeGenerated, tostring(User.username), Verb, tostring(ObjectRef.namespace), tostring(ObjectRef.name)",
  },
  {
    title: 'exampleEntered',
    language: 'sls',
    text: 'kind: Kubernetes and kubeObject.operation.kind: PodExec | select "time", "k8s.user.username", "k8s.pod.namespace", "k8s.pod.name", "kubeobject.operation.podexecoptions.commandstr" from log order by "time" desc limit 100',
  },
]
