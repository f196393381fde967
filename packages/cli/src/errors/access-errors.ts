import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of signing in and of rights. */
export const accessErrors: ErrorEntries = {
  'PW-AU-001': entry(
    4,
    'Nobody is signed in',
    'The request carries no valid cookie or token. Sign-ins end after two hours without use and after twelve at the latest; API tokens when they expire, are revoked, or their user is disabled.',
    'Sign in again, or send a valid API token.',
  ),
  'PW-AU-002': entry(
    4,
    'The name, password or token is not right',
    'It is no user with this password, no one-time link that still holds, and not the token in the file `token` of the data folder.',
    'Try again, or ask an administrator for a new link: `podwitness users reset-password NAME`.',
  ),
  'PW-AU-003': entry(
    4,
    'Too many failed attempts to sign in',
    'Guessing is slowed down: ten failed attempts from one address within a minute, and ever longer waits, up to a minute, after five on one name.',
    'Wait as long as the message says.',
  ),
  'PW-AU-004': entry(
    4,
    'The request comes from elsewhere',
    'Its Host, Origin or Sec-Fetch-Site header names another site: the server refuses what a foreign page could have sent (DNS rebinding, request forgery).',
    'Open podwitness under the address it printed; behind a proxy, name it with --allow-host.',
  ),
  'PW-AU-005': entry(
    4,
    'The role may not do this',
    'The route asks for a right that the role of the caller does not have.',
    'Ask an administrator of podwitness.',
  ),
  'PW-AU-006': entry(
    4,
    'The request was not made by the page',
    'It comes with the cookie of a browser and wants to change something, without the header that only our own page can send.',
    'Load the page again. Programs use an API token instead of a cookie.',
  ),
  'PW-AU-007': entry(
    2,
    'The password is not taken',
    'Passwords have at least 12 characters, more than four different ones, and do not hold the name of the user.',
    'Choose a longer one, best a sentence.',
  ),
  'PW-AU-008': entry(
    2,
    'There is no such token or sign-in',
    'It was never made, is over, or belongs to somebody else.',
    'Look at `podwitness tokens list`, or at Settings → Access.',
  ),
  'PW-AU-009': entry(2, 'There is no such user', 'It was never added, or has another name.', 'Look at `podwitness users list`.'),
  'PW-AU-010': entry(
    2,
    'The name is taken, or is no name for a user',
    'Names of users are unique, made of letters, digits and ._@+-, and begin with a letter or digit; `owner` is the holder of the data folder.',
    'Choose another.',
  ),
  'PW-AU-011': entry(
    2,
    'The role cannot be kept to some namespaces or clusters',
    'Proofs and administrative acts are about everything, and an administrator could lift the bound.',
    'Give the role viewer or hunter, or no bound.',
  ),
  'PW-AU-012': entry(
    2,
    'That is the last administrator',
    'Nobody could administer users any more.',
    'Make another user an administrator first.',
  ),
  'PW-AU-013': entry(
    2,
    'This user has no password here',
    'The sign-in provider vouches for the user.',
    'Change the password there.',
  ),
  'PW-AU-014': entry(
    4,
    "The provider's user cannot sign in",
    'A user of this server has the same name, so that nobody could tell them apart, or it is not a name for a user.',
    'Use another claim for the name (userClaim), or give the local user another name.',
  ),
  'PW-AU-015': entry(
    4,
    'This is about more than the caller may see',
    'The caller may see some namespaces or clusters only, and what the route answers cannot be kept to them.',
    'Ask somebody who may see everything.',
  ),
  'PW-AU-016': entry(
    4,
    'SQL is not for callers who may see only some namespaces or clusters',
    'SQL runs as it was typed and cannot be kept to them.',
    'Ask the same in KQL or SLS.',
  ),
  'PW-AU-017': entry(
    4,
    'This is done by somebody who is signed in',
    'The request comes with a token, and tokens neither make tokens nor set passwords.',
    'Sign in with a browser, or use `podwitness users` and `podwitness tokens` beside the data folder.',
  ),
}
