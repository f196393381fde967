/** What an event is. One wide table holds all of them; the kind is the first part of its sort key. */
export const EVENT_KINDS = [
  'Command', // A program started, in a container or on the host.
  'Kubernetes', // An API request that is an operation on a container (derived: one per request, not per stage).
  'KubeAudit', // Every audit.k8s.io event as it came, one per stage.
  'LinuxAudit', // Every other Linux audit event: files, network, identity, seccomp, configuration.
  'Syslog',
  'Metric',
  'Finding',
  'Loss',
  'AdminAct', // What somebody did about podwitness itself: signing in, accounts, tokens, rules, exports.
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/**
 * How sure a name is. Never a guess: where several accounts are possible the word is `ambiguous`
 * and all of them are listed.
 */
export const CONFIDENCES = ['proven', 'matched', 'ambiguous', 'none'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** How a process tree came to be in a container (or on the node). */
export const ENTRY_KINDS = [
  'exec', // kubectl exec, also what kubectl cp is made of
  'cp', // exec of tar by kubectl cp
  'attach',
  'portforward',
  'debug', // an ephemeral container
  'node-local', // crictl, ctr, nerdctl or docker on the node: no API event
  'unrecorded', // an entry with neither API event nor explanation: a blind spot or worse
  'probe', // kubelet exec probe
  'hook', // kubelet lifecycle hook
  'container', // the container's own entry point and what it starts
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** Entries made by a person or a machine account on purpose; the others belong to the platform. */
export const DELIBERATE_ENTRIES: readonly EntryKind[] = [
  'exec',
  'cp',
  'attach',
  'portforward',
  'debug',
  'node-local',
  'unrecorded',
]

/** Five levels, named as Alibaba SLS names them (报告, 低, 中, 高, 严重); the number is what is stored. */
export const RISKS = ['report', 'low', 'medium', 'high', 'critical'] as const
export type Risk = (typeof RISKS)[number]

/** Position of a risk on the scale, 0 (report) to 4 (critical). */
export function riskLevel(risk: Risk): number {
  return RISKS.indexOf(risk)
}

/** What became of an entry that the API server was asked for. */
export const ENTRY_OUTCOMES = [
  'started', // a process was seen, or the operation needs none
  'denied', // 401, 403
  'refused', // any other 4xx or 5xx: no such pod, no such container
  'no-process', // allowed, but no program was seen to start, as of a missing binary
  'unseen', // allowed, but what runs there cannot be seen from the node: a sandboxed runtime
  'unknown', // no answer recorded
] as const
export type EntryOutcome = (typeof ENTRY_OUTCOMES)[number]
