import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the command line. */
export const commandLineErrors: ErrorEntries = {
  'PW-CL-001': entry(
    2,
    'The command line is wrong',
    'An option, argument or command is unknown or missing.',
    'Look at `podwitness help` or at --help of the command.',
  ),
  'PW-CL-002': entry(
    2,
    'A value does not fit its option',
    'The option takes other values: a time, a number, a word of a closed list.',
    'The message lists them; --help of the command does too.',
  ),
  'PW-CL-003': entry(
    2,
    'There is no such error code',
    'Codes have the form PW-ST-004.',
    'Run `podwitness explain` without a code for the list.',
  ),
  'PW-CL-004': entry(
    1,
    'There is no data',
    'The folder given with --data, or the default one, has never been written to.',
    'Import something (`podwitness import PATH…`), start the demo, or name another folder with --data.',
  ),
  'PW-CL-005': entry(
    1,
    'The session cannot be found',
    'No session has this id or begins with it, or several do.',
    'Copy the id from `podwitness sessions`; some more characters of it settle which one is meant.',
  ),
  'PW-CL-006': entry(
    1,
    'The recording of the demo is missing',
    'The folder recordings/dev belongs to the repository and was not found, or not whole.',
    'Start the demo from a clone of the repository, or import data of your own.',
  ),
  'PW-CL-009': entry(
    1,
    'podwitness failed unexpectedly',
    'This is a fault in podwitness.',
    'Report it with what the command printed.',
  ),
}
