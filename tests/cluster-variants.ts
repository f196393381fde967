import type { AuditText, RecordedCluster } from './recorded-cluster.ts'
import type { Truth } from './truth.ts'

/** The recorded cluster as another one would have left its records: set up otherwise, or with some of them lost. */
export type Variant = (cluster: RecordedCluster) => RecordedCluster

/** Numbers from 0 to 1, the same for the same seed. Source: mulberry32. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((more ^ (more >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One after the other. */
export const both =
  (...variants: readonly Variant[]): Variant =>
  (cluster) =>
    variants.reduce((before, variant) => variant(before), cluster)

// What the records tell less of.

/** Whole audit events lost at random. */
export const loseAudit =
  (share: number, seed = 1): Variant =>
  (cluster) => {
    const next = numbers(seed)
    return withAudit(cluster, (event) => (next() < share ? null : event))
  }

/** Stages of API requests lost at random, each by itself. */
export const loseApi =
  (share: number, seed = 1): Variant =>
  (cluster) => {
    const next = numbers(seed + 1000)
    return { ...cluster, api: cluster.api.filter(() => next() >= share) }
  }

/** Whole API requests lost at random. */
export const loseRequests =
  (share: number, seed = 1): Variant =>
  (cluster) => {
    const next = numbers(seed + 2000)
    const lost = new Map<string, boolean>()
    const isLost = (line: string): boolean => {
      const id = /"auditID":"([^"]+)"/.exec(line)?.[1] ?? ''
      const known = lost.get(id) ?? next() < share
      lost.set(id, known)
      return known
    }
    return { ...cluster, api: cluster.api.filter((line) => !isLost(line)) }
  }

/** Every audit event of some spans lost. @param spans Of the recording, milliseconds after its first audit event. */
export const loseSpans =
  (...spans: readonly (readonly [fromMs: number, toMs: number])[]): Variant =>
  (cluster) => {
    const firstMs = timeOf(cluster.audit[0]?.serial ?? '0:0')
    const isLost = ({ serial }: AuditText): boolean =>
      spans.some(([fromMs, toMs]) => timeOf(serial) - firstMs >= fromMs && timeOf(serial) - firstMs < toMs)
    return withAudit(cluster, (event) => (isLost(event) ? null : event))
  }

/** Records of some types left out. */
export const withoutTypes = (...types: readonly string[]): Variant =>
  eachLine((line) => (types.some((type) => line.includes(`type=${type} `)) ? null : line))

/** Of arguments that fill several records, only the first one. */
export const withoutContinuations: Variant = (cluster) =>
  withAudit(cluster, ({ serial, lines }) => {
    const first = lines.findIndex((line) => line.includes('type=EXECVE '))
    return { serial, lines: lines.filter((line, at) => at === first || !line.includes('type=EXECVE ')) }
  })

/** What every record says changed in its text; null leaves it out. */
export function eachLine(change: (line: string) => string | null): Variant {
  return (cluster) => withAudit(cluster, ({ serial, lines }) => ({ serial, lines: lines.flatMap((line) => change(line) ?? []) }))
}

function withAudit(cluster: RecordedCluster, change: (event: AuditText) => AuditText | null): RecordedCluster {
  return { ...cluster, audit: cluster.audit.flatMap((event) => change(event) ?? []) }
}

// Other clocks and orders.

/** The node's clock off by so much at a moment of the recording, milliseconds. */
export const skewed =
  (offsetMs: (sinceMs: number) => number): Variant =>
  (cluster) => {
    const firstMs = timeOf(cluster.audit[0]?.serial ?? '0:0')
    const move = (serial: string): string => {
      const timeMs = timeOf(serial)
      return serialAt(Math.floor(timeMs + offsetMs(timeMs - firstMs)), numberOf(serial))
    }
    const moveSeconds = (seconds: number): number => seconds + offsetMs(seconds * 1000 - firstMs) / 1000
    return {
      ...withSerials(cluster, move),
      containers: cluster.containers.map((json) => ({ ...json, t: moveSeconds(Number(json.t)) })),
    }
  }

/** Times of the kernel's coarse clock at another tick, milliseconds. */
export const ticking =
  (tickMs: number): Variant =>
  (cluster) =>
    withSerials(cluster, (serial) => serialAt(Math.floor(timeOf(serial) / tickMs) * tickMs, numberOf(serial)))

function withSerials(cluster: RecordedCluster, move: (serial: string) => string): RecordedCluster {
  const audit = cluster.audit.map(({ serial, lines }) => {
    const moved = move(serial)
    return { serial: moved, lines: lines.map((line) => line.replace(`audit(${serial})`, `audit(${moved})`)) }
  })
  const truth: Truth = {
    sessions: cluster.truth.sessions.map((session) =>
      session.rootSerial === undefined ? session : { ...session, rootSerial: move(session.rootSerial) },
    ),
    starts: cluster.truth.starts.map((start) => ({ ...start, serial: move(start.serial) })),
  }
  return { ...cluster, audit, truth }
}

/** Audit events in an order that is wrong by up to so much, milliseconds, records of one event apart by some others. */
export const disordered =
  (withinMs: number, seed = 1): Variant =>
  (cluster) => {
    const next = numbers(seed)
    const keyed = cluster.audit.map((event) => [timeOf(event.serial) + next() * withinMs, event] as const)
    return { ...cluster, audit: keyed.sort((a, b) => a[0] - b[0]).map(([, event]) => event) }
  }

/** Every audit event twice, the second time under another name of the node. */
export const twiceAs =
  (node: string): Variant =>
  (cluster) => ({
    ...cluster,
    audit: cluster.audit.flatMap((event) => [
      event,
      { serial: event.serial, lines: event.lines.map((line) => line.replace(/^node=\S+/, `node=${node}`)) },
    ]),
  })

/** Process ids from a small space, used again as soon as nobody has them. */
export const pidMax =
  (max: number): Variant =>
  (cluster) => {
    const numbersOf = (line: string): number[] => [...line.matchAll(/\bp?pid=(\d+)/g)].map(([, pid]) => Number(pid))
    const order = cluster.audit.map(({ lines }) => lines.flatMap(numbersOf))
    const last = new Map<number, number>()
    order.forEach((pids, at) => {
      for (const pid of pids) last.set(pid, at)
    })
    const sampled = new Set(
      cluster.containers.flatMap((json) => [
        Number(json.initPid ?? 0),
        ...Object.values((json.cgroups ?? {}) as Record<string, number[]>).flat(),
      ]),
    )
    const given = new Map<number, number>()
    const holder = new Map<number, number>()
    let shift = 0
    // The kernel gives numbers out upwards, leaves out those that somebody has, and begins again (kernel/pid.c, alloc_pid).
    const isFree = (number: number, pid: number, at: number): boolean => {
      const holds = holder.get(number)
      if (holds === undefined) return true
      return !sampled.has(holds) && (last.get(holds) ?? 0) < at && Math.abs(pid - holds) > max / 2
    }
    const give = (pid: number, at: number): number => {
      const known = given.get(pid)
      if (known !== undefined || pid <= 2) return known ?? pid
      const numberOf = (): number => 300 + ((pid + shift) % (max - 300))
      while (!isFree(numberOf(), pid, at)) shift++
      given.set(pid, numberOf())
      holder.set(numberOf(), pid)
      return numberOf()
    }
    const audit = cluster.audit.map(({ serial, lines }, at) => ({
      serial,
      lines: lines.map((line) => line.replace(/\b(p?pid)=(\d+)/g, (_, name, pid) => `${name}=${give(Number(pid), at)}`)),
    }))
    const containers = cluster.containers.map((json) => ({
      ...json,
      ...(typeof json.initPid === 'number' ? { initPid: give(json.initPid, order.length) } : {}),
      ...(json.cgroups === undefined
        ? {}
        : {
            cgroups: Object.fromEntries(
              Object.entries(json.cgroups as Record<string, number[]>).map(([path, pids]) => [
                path,
                pids.map((pid) => give(pid, order.length)),
              ]),
            ),
          }),
    }))
    return { ...cluster, audit, containers }
  }

// Other API logs.

interface ApiEvent {
  stage: string
  verb: string
  requestURI: string
  user: { username?: string }
  impersonatedUser?: { username: string }
  objectRef?: { resource: string; subresource?: string; namespace?: string; name: string }
  responseStatus?: unknown
  requestObject?: unknown
  responseObject?: unknown
  level: string
  requestReceivedTimestamp: string
  stageTimestamp: string
}

/** Every API event changed; null leaves it out. */
export function eachEvent(change: (event: ApiEvent) => ApiEvent | null): Variant {
  return (cluster) => ({
    ...cluster,
    api: cluster.api.flatMap((line) => {
      const changed = change(JSON.parse(line) as ApiEvent)
      return changed === null ? [] : [JSON.stringify(changed)]
    }),
  })
}

/** Nothing but metadata logged. */
export const metadataOnly = eachEvent(({ requestObject: _, responseObject: __, ...event }) => ({ ...event, level: 'Metadata' }))

/** Only some stages logged. */
export const stages = (...kept: readonly string[]): Variant => eachEvent((event) => (kept.includes(event.stage) ? event : null))

/** No answer's status. */
export const withoutStatus = eachEvent(({ responseStatus: _, ...event }) => event)

/** Entries over WebSocket: the verb is `get`. */
export const overWebSocket = eachEvent((event) =>
  event.verb === 'create' && /^(?:exec|attach|portforward)$/.test(event.objectRef?.subresource ?? '')
    ? { ...event, verb: 'get' }
    : event,
)

/** Times written otherwise: in another zone, or with fewer digits. */
export const writtenAs = (write: (time: string) => string): Variant =>
  eachEvent((event) => ({
    ...event,
    requestReceivedTimestamp: write(event.requestReceivedTimestamp),
    stageTimestamp: write(event.stageTimestamp),
  }))

const KUBELET_FLAGS: Readonly<Record<string, string>> = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' }

/** Execs through the kubelet's own API by a node's proxy. */
export const throughKubelet: Variant = (cluster) => {
  const containers = new Map(
    cluster.pods.map((pod) => {
      const { metadata, spec } = pod as {
        metadata: { namespace: string; name: string; annotations?: Record<string, string> }
        spec: { containers: { name: string }[] }
      }
      const main = metadata.annotations?.['kubectl.kubernetes.io/default-container'] ?? spec.containers[0]?.name ?? ''
      return [`${metadata.namespace}/${metadata.name}`, main]
    }),
  )
  return eachEvent((event) => {
    const { objectRef } = event
    const main = containers.get(`${objectRef?.namespace}/${objectRef?.name}`)
    if (objectRef?.subresource !== 'exec' || main === undefined) return event
    const query = new URL(event.requestURI, 'http://x').searchParams
    const renamed = new URLSearchParams()
    for (const [name, value] of query) {
      if (name === 'container') continue
      const flag = KUBELET_FLAGS[name]
      // The kubelet takes "1" for true. Source: k8s.io/kubelet, pkg/cri/streaming/remotecommand, NewOptions.
      if (flag !== undefined) renamed.append(flag, value === 'true' ? '1' : value)
      else renamed.append(name, value)
    }
    const path = `exec/${objectRef.namespace}/${objectRef.name}/${query.get('container') || main}`
    return {
      ...event,
      requestURI: `/api/v1/nodes/k8s-node-1/proxy/${path}?${renamed}`,
      objectRef: { resource: 'nodes', name: 'k8s-node-1', subresource: 'proxy' },
    }
  })(cluster)
}

/** A slower way from the request to the program: requests were received up to so much earlier, milliseconds. */
export const slower =
  (upToMs: number, seed = 1): Variant =>
  (cluster) => {
    const next = numbers(seed)
    const earlier = new Map<string, number>()
    return eachEvent((event) => {
      const id = `${event.requestURI} ${event.requestReceivedTimestamp}`
      const byMs = earlier.get(id) ?? next() * upToMs
      earlier.set(id, byMs)
      const received = new Date(Date.parse(event.requestReceivedTimestamp) - byMs).toISOString()
      return {
        ...event,
        requestReceivedTimestamp: received,
        stageTimestamp: event.stage === 'RequestReceived' ? received : event.stageTimestamp,
      }
    })(cluster)
  }

/** Accounts by other names. */
export const accounts =
  (rename: (user: string) => string): Variant =>
  (cluster) => ({
    ...eachEvent((event) => ({
      ...event,
      user: { ...event.user, username: rename(event.user.username ?? '') },
      ...(event.impersonatedUser === undefined
        ? {}
        : { impersonatedUser: { ...event.impersonatedUser, username: rename(event.impersonatedUser.username) } }),
    }))(cluster),
    truth: {
      ...cluster.truth,
      sessions: cluster.truth.sessions.map((session) => ({ ...session, user: rename(session.user ?? '') })),
    },
  })

/**
 * The same days on a second node of the cluster, whose clock is off by so much: other containers, pods of another
 * namespace, the same people, a little later.
 */
export const withSecondNode =
  (offsetMs: number): Variant =>
  (cluster) => {
    const second = skewed(() => LATER_MS + offsetMs)(secondOf(cluster))
    const later = (time: string): string => new Date(Date.parse(time) + LATER_MS).toISOString()
    return {
      audit: [...cluster.audit, ...second.audit],
      api: [...cluster.api, ...writtenAs(later)(second).api],
      containers: [...cluster.containers.map((json) => ({ ...json, node: 'k8s-node-1' })), ...second.containers],
      pods: [...cluster.pods, ...second.pods],
      truth: {
        sessions: [...cluster.truth.sessions, ...second.truth.sessions],
        starts: [...cluster.truth.starts, ...second.truth.starts],
      },
    }
  }

/** By how much the second node's day is later, milliseconds, and by how much its serials are higher. */
const LATER_MS = 1_700
const LATER_SERIALS = 1_000_000

function secondOf(cluster: RecordedCluster): RecordedCluster {
  const turned = (id: string): string => id.replace(/[0-9a-f]/g, (digit) => ((Number.parseInt(digit, 16) + 5) % 16).toString(16))
  const renamed = (text: string): string =>
    text
      .replaceAll('k8s-node-1', 'k8s-node-2')
      .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, turned)
      .replace(/(\/namespaces\/)([a-z-]+)\//g, '$1$2-b/')
      .replace(/("(?:io\.kubernetes\.pod\.)?namespace": ?")([a-z-]+)"/g, '$1$2-b"')
  const json = <T>(value: T): T => JSON.parse(renamed(JSON.stringify(value))) as T
  const numbered = withSerials(cluster, (serial) => serial.replace(/:\d+$/, () => `:${numberOf(serial) + LATER_SERIALS}`))
  const sessions = json(numbered.truth.sessions).map((session) => ({ ...session, id: `${session.id}-b` }))
  return {
    audit: numbered.audit.map(({ serial, lines }) => ({ serial, lines: lines.map(renamed) })),
    api: cluster.api.map(renamed),
    containers: json(cluster.containers).map((one) => ({ ...one, node: 'k8s-node-2' })),
    pods: json(cluster.pods),
    truth: {
      sessions,
      starts: numbered.truth.starts.map((start) => ({
        ...start,
        ...(start.session === undefined ? {} : { session: `${start.session}-b` }),
        ...(start.sessions === undefined ? {} : { sessions: start.sessions.map((id) => `${id}-b`) }),
      })),
    },
  }
}

/** Everybody acts through one account, as another one. */
export const impersonating =
  (through: string): Variant =>
  (cluster) => ({
    ...eachEvent(({ user, ...event }) => ({
      ...event,
      user: { ...user, username: through },
      impersonatedUser: { username: user.username ?? '' },
    }))(cluster),
    actsAs: true,
    truth: {
      ...cluster.truth,
      sessions: cluster.truth.sessions.map((session) => ({ ...session, user: `${through} as ${session.user}` })),
    },
  })

function timeOf(serial: string): number {
  return Math.round(Number(serial.slice(0, serial.indexOf(':'))) * 1000)
}

function numberOf(serial: string): number {
  return Number(serial.slice(serial.indexOf(':') + 1))
}

function serialAt(timeMs: number, number: number): string {
  const seconds = Math.floor(timeMs / 1000)
  return `${seconds}.${String(timeMs - seconds * 1000).padStart(3, '0')}:${number}`
}
