import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of events. */
export const eventsErrors: ErrorEntries = {
  'PW-EV-001': entry(
    1,
    'There is no such event',
    'It was never stored or has expired.',
    'Look for it in its session, or ask with `podwitness query`.',
  ),
}
