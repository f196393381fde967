import type { QueryReply } from '@podwitness/api'

/** So far to each side of an event its story goes, in milliseconds. */
export const STORY_MS = 5 * 60_000
/** Rows of one kind that are asked for: those nearest to the event. */
export const STORY_ROWS = 100

/** What an event has in common with its story. */
export interface StorySubject {
  /** ISO 8601. */
  readonly time: string
  readonly cluster: string
  /** Empty where it is not known. */
  readonly namespace: string
  readonly pod: string
  readonly user: string
}

/** One line of a story. */
export interface StoryStep {
  readonly eventId: string
  readonly time: string
  readonly kind: 'command' | 'call'
  readonly user: string
  readonly pod: string
  readonly text: string
  /** HTTP status of a call; 0 for a command. */
  readonly status: number
}

/** The commands around an event in its pod or by its account; undefined where neither is known. */
export function commandsAround(subject: StorySubject): string | undefined {
  const about = condition(subject, 'Namespace', 'Pod')
  if (about === undefined) return undefined
  return `Commands
| where Cluster == ${literal(subject.cluster)} and Entry !in ('probe', 'hook', 'container') and (${about})
| extend Far = abs(TimeGenerated - datetime(${subject.time}))
| top ${STORY_ROWS} by Far asc
| project TimeGenerated, EventId, User, Pod = strcat(Namespace, '/', Pod), What = CommandLine, Status = 0`
}

/** The API calls around an event about its pod or by its account, each request once; undefined where neither is known. */
export function callsAround(subject: StorySubject): string | undefined {
  const about = condition(subject, 'ObjectNamespace', 'ObjectName')
  if (about === undefined) return undefined
  return `KubeAudit
| where Cluster == ${literal(subject.cluster)} and Stage != 'RequestReceived' and (${about})
| summarize arg_min(TimeGenerated, EventId, User, Verb, Resource, Subresource, ObjectNamespace, ObjectName, Status) by AuditId
| extend Far = abs(TimeGenerated - datetime(${subject.time}))
| top ${STORY_ROWS} by Far asc
| project TimeGenerated, EventId, User, Pod = strcat(ObjectNamespace, '/', ObjectName), What = strcat(Verb, ' ', Resource, iff(Subresource == '', '', strcat('/', Subresource))), Status`
}

/** The answers as one story in order of time, a repeated event once. */
export function storyOf(commands: QueryReply | undefined, calls: QueryReply | undefined): StoryStep[] {
  const steps = new Map<string, StoryStep>()
  for (const [kind, reply] of [
    ['command', commands],
    ['call', calls],
  ] as const) {
    const at = (name: string) => reply?.columns.findIndex((column) => column.name === name) ?? -1
    const [time, id, user, pod, what, status] = ['TimeGenerated', 'EventId', 'User', 'Pod', 'What', 'Status'].map(at) as Six
    for (const row of reply?.rows ?? []) {
      const said = (place: number) => String(row[place] ?? '')
      const step = { eventId: said(id), time: said(time), kind, user: said(user), pod: said(pod).replace(/^\/$/, '') }
      steps.set(step.eventId, { ...step, text: said(what), status: Number(row[status] ?? 0) })
    }
  }
  return [...steps.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.time < b.time ? -1 : 1))
}
type Six = [number, number, number, number, number, number]

function condition({ namespace, pod, user }: StorySubject, namespaceColumn: string, podColumn: string): string | undefined {
  const inPod = pod === '' ? [] : [`(${namespaceColumn} == ${literal(namespace)} and ${podColumn} == ${literal(pod)})`]
  const byUser = user === '' ? [] : [`User == ${literal(user)}`]
  const either = [...inPod, ...byUser]
  return either.length === 0 ? undefined : either.join(' or ')
}

/** A text literal. Source: Kusto Query Language, string data type, escapes in quoted literals. */
function literal(text: string): string {
  const escaped = text.replace(/[\\'"\u0000-\u001f\u007f-\uffff]/g, (one) =>
    one === "'" || one === '\\' ? `\\${one}` : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `'${escaped}'`
}
