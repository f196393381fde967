import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of sessions. */
export const sessionsErrors: ErrorEntries = {
  'PW-SE-001': entry(
    1,
    'There is no such session',
    'It was never stored, has expired, or was worked out anew under another id when more evidence came.',
    'Look for it in the list of sessions.',
  ),
}
