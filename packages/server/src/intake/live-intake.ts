import type { Store } from '@podwitness/store'
import { derivePending, markDerived } from '../derive/derived-until.ts'
import { LiveDerivation } from '../derive/live-derivation.ts'
import { type Intake, type IntakeOptions, startIntake } from './start-intake.ts'

/** An intake whose arrivals become sessions. */
export interface LiveIntake extends Intake {
  readonly derivation: LiveDerivation
}

/**
 * Starts the intake and works out sessions continuously, beginning with what an earlier process had stored and not
 * worked out any more.
 */
export async function startLiveIntake(store: Store, options: Omit<IntakeOptions, 'onStored'>): Promise<LiveIntake> {
  const onFailure = options.onUnexpected ?? (() => {})
  const derivation = new LiveDerivation(store, {
    onFailure,
    onRound: (cluster, _span, beganMs) => markDerived(store, cluster, beganMs),
  })
  const intake = await startIntake(store, { ...options, onStored: (parcel) => derivation.note(parcel) })
  for (const [cluster, span] of await derivePending(store)) derivation.noteSpan(cluster, span)
  return {
    ...intake,
    derivation,
    close: async () => {
      await intake.close()
      await derivation.close()
    },
  }
}
