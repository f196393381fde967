import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the ledger and of evidence. */
export const ledgerErrors: ErrorEntries = {
  'PW-LG-001': entry(
    2,
    'The file is not a public key',
    'Signatures are checked with an ed25519 public key in PEM form.',
    'Give the file signing-key.pub.pem of the ledger, as it was kept elsewhere.',
  ),
  'PW-LG-002': entry(
    2,
    'The file does not hold heads of a ledger',
    'One of its lines is not an object with chain, seq and head.',
    'Give the file that `podwitness serve --anchor FILE` wrote.',
  ),
  'PW-LG-003': entry(
    1,
    'The store has no ledger here',
    'A ledger lies in the data folder of the process that stores, not in the database.',
    'Run the command with the data folder of the server process.',
  ),
  'PW-LG-004': entry(
    2,
    'The folder for evidence exists already',
    'Evidence is not mixed with other files, and not written over.',
    'Name another folder.',
  ),
  'PW-LG-005': entry(
    2,
    'The file is no proof of an event',
    'It is not the JSON that the page of an event saves, or a part of it is missing.',
    'Give the file that the page of an event saves, unchanged.',
  ),
  'PW-LG-006': entry(
    2,
    'There is no such hold',
    'No hold has this id, or it was released before.',
    '`podwitness retention holds` lists those that are in force.',
  ),
}
