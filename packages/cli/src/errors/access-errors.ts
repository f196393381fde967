import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of signing in. */
export const accessErrors: ErrorEntries = {
  'PW-AU-001': entry(
    4,
    'Nobody is signed in',
    'The request carries no valid cookie or token. Cookies end after 12 hours and when the server restarts.',
    'Open the address that `podwitness serve` printed, token included.',
  ),
  'PW-AU-002': entry(
    4,
    'The token is not right',
    'It is not the one in the file `token` of the data folder.',
    'Open the address that `podwitness serve` printed, token included.',
  ),
  'PW-AU-003': entry(
    4,
    'Too many failed attempts to sign in',
    'Several wrong tokens came from one address within a minute.',
    'Wait a minute.',
  ),
  'PW-AU-004': entry(
    4,
    'The request comes from elsewhere',
    'Its Host or Origin header names another site: the server refuses what a foreign page could have sent (DNS rebinding, request forgery).',
    'Open podwitness under the address it printed; behind a proxy, name it with --allow-host.',
  ),
  'PW-AU-005': entry(
    4,
    'The role may not do this',
    'The route asks for a right that the role of the caller does not have.',
    'Ask an administrator of podwitness.',
  ),
}
