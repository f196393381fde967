import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of what people set: identities, tokens, certificates. */
export const settingsErrors: ErrorEntries = {
  'PW-SG-001': entry(
    1,
    'Nobody is named for the account',
    'It was never in the identity map, or was removed.',
    'Look at `podwitness identities list`.',
  ),
  'PW-SG-002': entry(
    1,
    'The server keeps no tokens',
    'It was started without a data folder.',
    'Use `podwitness tokens` with the data folder of the process that takes data in.',
  ),
  'PW-SG-003': entry(
    1,
    'No certificate was issued to the sender',
    'The id is wrong, or the sender joined another server.',
    'Look at the list of certificates in Settings.',
  ),
  'PW-SG-004': entry(
    2,
    'A file of identities cannot be used',
    'It is not the CSV or JSON that the command reads, or a line lacks its account.',
    'Correct the named line and run the command again; nothing of the file was taken.',
  ),
}
