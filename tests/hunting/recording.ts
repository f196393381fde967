import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** What these tests read of an audit.k8s.io/v1 event. */
export interface ApiRequest {
  readonly auditID: string
  readonly stage: string
  readonly verb: string
  readonly requestURI: string
  readonly userAgent?: string
  readonly user: { readonly username: string; readonly groups?: readonly string[] }
  readonly sourceIPs?: readonly string[]
  readonly objectRef?: Readonly<Partial<Record<'resource' | 'subresource' | 'namespace' | 'name' | 'apiGroup', string>>>
  readonly responseStatus?: { readonly code?: number; readonly reason?: string }
  readonly requestObject?: ApiObject
  readonly annotations?: Readonly<Record<string, string>>
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
}

/** The parts of an object that queries look into. */
export interface ApiObject {
  readonly metadata?: { readonly name?: string }
  readonly roleRef?: { readonly name: string }
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[]
  readonly spec?: {
    readonly hostPID?: boolean
    readonly containers?: readonly {
      readonly name: string
      readonly image: string
      readonly securityContext?: { readonly privileged?: boolean }
    }[]
    readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[]
  }
}

/** The recording as its files have it, read without any of the product's code: what a query must find is computed from this. */
export interface Recording {
  readonly requests: readonly ApiRequest[]
  /** Lines of auditd's file. */
  readonly records: readonly string[]
}

const linesOf = (name: string): string[] =>
  gunzipSync(readFileSync(fileURLToPath(new URL(`../../recordings/dev/${name}`, import.meta.url))))
    .toString()
    .trimEnd()
    .split('\n')

export function readRecording(): Recording {
  const requests = linesOf('apiserver-audit.log.gz').map((line) => JSON.parse(line) as ApiRequest)
  return { requests, records: linesOf('audit.log.gz') }
}

export type Row = readonly unknown[]

/** A query as people publish it, and the rows it must give over the recording, in any order. */
export interface AnsweredQuery {
  readonly name: string
  readonly query: string
  readonly rows: (recording: Recording) => readonly Row[]
}

/** How often each key occurs, as rows of (key…, count). */
export function counted<T>(list: readonly T[], key: (one: T) => Row): Row[] {
  const counts = new Map<string, number>()
  for (const one of list) {
    const text = JSON.stringify(key(one))
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => [...(JSON.parse(text) as Row), count])
}

/** The members of each group. */
export function grouped<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one])
  return groups
}

export const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)]

/** `name=value` of a record, without the quotes. */
export const fieldOf = (record: string, name: string): string =>
  (new RegExp(`[ ']${name}=("[^"]*"|[^ ']+)`).exec(record)?.[1] ?? '').replace(/^"|"$/g, '')

export const typeOf = (record: string): string => /type=(\S+)/.exec(record)?.[1] ?? ''
export const idOf = (record: string): string => /msg=audit\(([^)]*)\)/.exec(record)?.[1] ?? ''
