import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the web page. */
export const pageErrors: ErrorEntries = {
  'PW-UI-001': entry(
    1,
    'The page failed unexpectedly',
    'This is a fault in the page; the browser’s console has the details.',
    'Load the page again, and report it if it comes back.',
  ),
}
