import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** What the driver of the recording did, as far as scoring needs it. */
export interface TruthSession {
  readonly id: string
  readonly api: string
  readonly user: string
  readonly auditIDs?: readonly string[]
  readonly relatedAuditIDs?: readonly string[]
  readonly rootSerial?: string
  readonly swappableWith?: readonly string[]
  readonly swappableWithProbe?: readonly string[]
}

/** Who really owned a program start. */
export interface TruthStart {
  readonly serial: string
  readonly owner: string
  readonly session?: string
  readonly sessions?: readonly string[]
  readonly orProbe?: boolean
  readonly loose?: boolean
}

/** A session as the store tells it, with the audit serials of its commands. */
export interface ToldSession {
  readonly traceId: string
  readonly confidence: string
  readonly user: string
  readonly candidates: readonly { readonly user: string }[]
  readonly auditIds: readonly string[]
  readonly serials: readonly string[]
}

/** How well sessions agree with the truth; shares are from 0 to 1. */
export interface Score {
  /** Named sessions that hold a command of somebody else. */
  readonly wrongNames: readonly string[]
  /** Named although the truth itself cannot tell. */
  readonly overclaimed: readonly string[]
  /** Named sessions that hold a command of a probe, of the container itself or of the node. */
  readonly foreign: readonly string[]
  readonly matched: number
  readonly twins: number
  readonly commands: number
  readonly loose: number
  readonly ambiguousFlagged: number
  readonly attachAndDebug: number
}

/** What is held against sessions. Of a part of a recording, or a changed one, not every share has something to score. */
export interface Truth {
  readonly sessions: readonly TruthSession[]
  readonly starts: readonly TruthStart[]
}

const BESIDE = new URL('../recordings/dev/', import.meta.url)

function lines<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(new URL(name, BESIDE))).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

/** The bundled recording's ground truth. */
export function recordedTruth(): Truth {
  return {
    sessions: lines<TruthSession & { type: string }>('truth.jsonl.gz').filter(({ type }) => type === 'session'),
    starts: lines<TruthStart>('truth_execs.jsonl.gz'),
  }
}

/** What can be asked of a cluster of which only some records are left: starts that were recorded, sessions whose request was. */
export function leftToTell({
  audit,
  api,
  truth,
}: {
  readonly audit: readonly { readonly serial: string }[]
  readonly api: readonly string[]
  readonly truth: Truth
}): Truth {
  const serials = new Set(audit.map(({ serial }) => serial))
  const requests = new Set(api.map((line) => /"auditID":"([^"]+)"/.exec(line)?.[1]))
  const isLeft = ({ auditIDs = [] }: TruthSession): boolean => auditIDs.some((id) => requests.has(id))
  return {
    // Without its request a session is known by its id alone.
    sessions: truth.sessions.map((session) => (isLeft(session) ? session : { ...session, api: 'lost' })),
    starts: truth.starts.filter(({ serial }) => serials.has(serial)),
  }
}

/** Holds what was told against a ground truth: the bundled recording's, or another, whose empty shares count as kept. */
export function scoreAgainstTruth(told: readonly ToldSession[], other?: Truth): Score {
  const truthOf = other ?? recordedTruth()
  const { starts } = truthOf
  const share = other === undefined ? shareOf : shareOfSome
  const sessions = new Map(truthOf.sessions.map((session) => [session.id, session]))
  const bySerial = new Map(told.flatMap((session) => session.serials.map((serial) => [serial, session] as const)))
  const usersOf = (start: TruthStart): Set<string> =>
    new Set((start.sessions ?? [start.session ?? '']).flatMap((id) => sessions.get(id)?.user ?? []))
  const tellsOf = (serial: string): ToldSession | undefined => bySerial.get(serial)
  const holds = (told: ToldSession | undefined, truth: TruthSession): boolean =>
    told !== undefined &&
    isNamed(told) &&
    told.user === truth.user &&
    told.auditIds.some((id) => truth.auditIDs?.includes(id) || truth.relatedAuditIDs?.includes(id))
  const offers = (told: ToldSession | undefined, truth: TruthSession): boolean =>
    told?.confidence === 'ambiguous' && told.candidates.some(({ user }) => user === truth.user)
  const isTwin = (truth: TruthSession): boolean => truth.swappableWith !== undefined || truth.swappableWithProbe !== undefined
  const fits = (told: ToldSession | undefined, truth: TruthSession): boolean =>
    holds(told, truth) || (isTwin(truth) && offers(told, truth))

  const wrongNames: string[] = []
  const overclaimed: string[] = []
  const foreign: string[] = []
  for (const start of starts) {
    const session = tellsOf(start.serial)
    if (session === undefined || !isNamed(session)) continue
    const users = usersOf(start)
    if (['session', 'attach', 'ephemeral', 'ambiguous'].includes(start.owner)) {
      if (!users.has(session.user)) wrongNames.push(start.serial)
      else if (start.owner === 'ambiguous' && (start.orProbe === true || users.size > 1)) overclaimed.push(start.serial)
    } else foreign.push(start.serial)
  }
  const owners = new Map(starts.map((start) => [start.serial, start]))
  const clear = [...sessions.values()].filter(
    ({ api, rootSerial }) => api === 'exec' && rootSerial !== undefined && owners.get(rootSerial)?.owner === 'session',
  )
  const ofSessions = starts.flatMap((start) => {
    const truth = start.owner === 'session' ? sessions.get(start.session ?? '') : undefined
    return truth?.api === 'exec' ? [{ start, truth }] : []
  })
  return {
    wrongNames,
    overclaimed,
    foreign,
    matched: share(
      clear.filter((truth) => !isTwin(truth)),
      (truth) => holds(tellsOf(truth.rootSerial ?? ''), truth),
    ),
    twins: share(clear.filter(isTwin), (truth) => fits(tellsOf(truth.rootSerial ?? ''), truth)),
    commands: share(
      ofSessions.filter(({ start }) => start.loose !== true),
      ({ start, truth }) => fits(tellsOf(start.serial), truth),
    ),
    loose: share(
      ofSessions.filter(({ start }) => start.loose === true),
      ({ start, truth }) => holds(tellsOf(start.serial), truth) || offers(tellsOf(start.serial), truth),
    ),
    ambiguousFlagged: share(
      starts.filter((start) => start.owner === 'ambiguous' && usersOf(start).size > 1),
      (start) => {
        const session = tellsOf(start.serial)
        const named = new Set(session?.candidates.map(({ user }) => user))
        return session?.confidence === 'ambiguous' && [...usersOf(start)].every((user) => named.has(user))
      },
    ),
    attachAndDebug: share(
      starts.filter(({ owner }) => owner === 'attach' || owner === 'ephemeral'),
      (start) => {
        const session = tellsOf(start.serial)
        const truth = sessions.get(start.session ?? '')
        return (
          truth !== undefined &&
          (session?.user === truth.user || session?.candidates.some(({ user }) => user === truth.user) === true)
        )
      },
    ),
  }
}

function isNamed({ confidence }: ToldSession): boolean {
  return confidence === 'proven' || confidence === 'matched'
}

function shareOf<T>(items: readonly T[], ok: (item: T) => boolean): number {
  if (items.length === 0) throw new Error('nothing to score: the recording lacks what this share is about')
  return shareOfSome(items, ok)
}

function shareOfSome<T>(items: readonly T[], ok: (item: T) => boolean): number {
  return items.length === 0 ? 1 : items.filter(ok).length / items.length
}
