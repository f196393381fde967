/** What `public/early-keys.js` leaves. */
interface EarlyKeys {
  readonly kept: KeyboardEvent[]
  readonly stop: () => void
}

/** Keys that are older than this are no longer meant, milliseconds. */
const FRESH_MS = 10_000

/** Keys that were pressed before the page listened and that one of its listeners takes, each once. */
export function takeEarlyKeys(isTaken: (event: KeyboardEvent) => boolean): readonly KeyboardEvent[] {
  const { podwitnessEarlyKeys: early } = globalThis as { podwitnessEarlyKeys?: EarlyKeys }
  if (early === undefined) return []
  const taken = early.kept.filter(isTaken)
  for (const event of taken) early.kept.splice(early.kept.indexOf(event), 1)
  return taken.filter(isFresh)
}

/** Ends keeping them: from here on every key is heard when it is pressed. */
export function stopEarlyKeys(): void {
  ;(globalThis as { podwitnessEarlyKeys?: EarlyKeys }).podwitnessEarlyKeys?.stop()
}

/** Whether a key was pressed so lately that what it asked for is still wanted. */
export const isFresh = ({ timeStamp }: Pick<KeyboardEvent, 'timeStamp'>): boolean => performance.now() - timeStamp < FRESH_MS
