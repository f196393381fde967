import type { Store } from '@podwitness/store'
import { derivePending, markDerived } from '../derive/derived-until.ts'
import { LiveDerivation } from '../derive/live-derivation.ts'
import { aroundOf } from '../derive/time-span.ts'
import { limitsOf } from './config/limits-of.ts'
import type { ServerConfig } from './config/server-config.ts'
import { hearOthers } from './hear-others.ts'
import { SessionFindings } from './session-findings.ts'
import { SilenceWatch } from './silence-watch.ts'
import { type Intake, type IntakeOptions, startIntake } from './start-intake.ts'
import { type OtherWays, startOtherWays } from './start-other-ways.ts'

/** An intake whose arrivals become sessions, and whose silence becomes findings. */
export interface LiveIntake extends Intake {
  readonly derivation: LiveDerivation
  readonly silence: SilenceWatch
  readonly findings: SessionFindings
  /** Log files followed and syslog listeners, for people. */
  readonly otherWays: readonly string[]
  /**
   * Takes over what a configuration says of limits and other ways in; connections stay.
   *
   * @throws ServerError PW-SV-001 where a way in cannot start; the others run then.
   */
  reload(config: ServerConfig): Promise<void>
}

/** How the intake listens, and what it waits for. */
export interface LiveIntakeOptions extends Omit<IntakeOptions, 'onStored'> {
  /** How long an entry waits for its API record before it is a finding, milliseconds. */
  readonly entryPatienceMs?: number
  /** Log files and syslog listeners. */
  readonly config?: ServerConfig
}

/** How often silence and entries that wait for their API record are looked at, milliseconds. */
const LOOK_MS = 15_000
/** Senders heard within this time before the start are expected to go on, seconds. */
const EXPECTED_SECONDS = 86_400

/**
 * Starts the intake and works out sessions continuously, beginning with what an earlier process had stored and not
 * worked out any more.
 */
export async function startLiveIntake(store: Store, options: LiveIntakeOptions): Promise<LiveIntake> {
  const onFailure = options.onUnexpected ?? (() => {})
  const silence = new SilenceWatch()
  const findings = new SessionFindings(store, (parcel) => intake.parts.writer.submit(parcel), options.entryPatienceMs)
  const derivation = new LiveDerivation(store, {
    onFailure,
    onRound: async (cluster, span, beganMs) => {
      await markDerived(store, cluster, beganMs)
      if (span !== null) await findings.look(cluster, aroundOf(span), Date.now())
    },
  })
  let ways: OtherWays | undefined
  const intake: Intake = await startIntake(store, {
    ...options,
    limits: { ...limitsOf(options.config?.intake), ...options.limits },
    onIdentity: () => ways?.renew() ?? Promise.resolve(),
    onStored: (parcel) => {
      silence.note(parcel, Date.now())
      derivation.note(parcel)
    },
  })
  ways = await startOtherWays(options.config ?? {}, intake, options.folder).catch(async (error: unknown) => {
    await intake.close()
    throw error
  })
  await expectSenders(store, silence)
  for (const [cluster, span] of await derivePending(store)) derivation.noteSpan(cluster, span)
  const look = async (): Promise<void> => {
    await hearOthers(store, silence)
    // What a server that is gone had stored and not worked out.
    if (store.shared) for (const [cluster, span] of await derivePending(store)) derivation.noteSpan(cluster, span)
    for (const parcel of silence.look(Date.now())) await intake.parts.writer.submit(parcel)
    for (const [cluster, span] of findings.waiting()) await findings.look(cluster, span, Date.now())
  }
  const timer = setInterval(() => void look().catch(onFailure), LOOK_MS)
  return {
    ...intake,
    derivation,
    silence,
    findings,
    get otherWays() {
      return ways.names
    },
    reload: async (config) => {
      intake.setLimits(limitsOf(config.intake))
      await ways.apply(config)
    },
    close: async () => {
      clearInterval(timer)
      await ways.close()
      await intake.close()
      await derivation.close()
      await intake.parts.writer.idle()
    },
  }
}

/** A node that fell silent while the server was down is silent too. */
async function expectSenders(store: Store, silence: SilenceWatch): Promise<void> {
  const { rows } = await store.reader.query({
    sql: `SELECT DISTINCT cluster, node FROM audit.heartbeats WHERE received > now() - INTERVAL ${EXPECTED_SECONDS} SECOND`,
  })
  // Counted from now on: senders need a moment to find the server again.
  for (const [cluster, node] of rows) silence.heard(String(cluster), String(node), Date.now())
}
