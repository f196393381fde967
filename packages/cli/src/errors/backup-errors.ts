import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of backups. */
export const backupErrors: ErrorEntries = {
  'PW-BK-001': entry(
    2,
    'A ClickHouse server makes its own backups',
    'With --store, the rows are in files on other machines.',
    'Run BACKUP there and keep a copy of the data folder, in the order of docs/guides/backup.md.',
  ),
  'PW-BK-002': entry(
    1,
    'The engine could not write the backup',
    'The message has its own words: most often the disk of the backups is full, or the server may not write there.',
    'Make room, or name another folder with --to. Nothing unfinished is left behind.',
  ),
  'PW-BK-003': entry(
    2,
    'There is no backup here',
    'A backup is a folder with a manifest.json, which is written last; one without was not finished.',
    'See which there are: `podwitness backup list FOLDER`.',
  ),
  'PW-BK-004': entry(
    1,
    'The backup is damaged',
    'Files are missing, were changed, or the manifest is not what was signed; the message names them.',
    'Take another backup, and find out what happened to the disk.',
  ),
  'PW-BK-005': entry(
    1,
    'The backup builds on one that is missing',
    'It holds only what is not in that one.',
    'Put both folders beside each other again, or take another backup.',
  ),
  'PW-BK-006': entry(
    2,
    'The folder to restore into is not empty',
    'A restore makes a whole data folder and never writes over one.',
    'Stop the server and move the old folder away, or name another one with --data.',
  ),
  'PW-BK-007': entry(
    1,
    'The engine could not read the backup back',
    'The message has its own words.',
    'Check the disk with room for the whole store, and try again; the folder was left empty.',
  ),
  'PW-BK-008': entry(
    4,
    'No backup can be written there',
    'The folder cannot be made or written to.',
    'Name a folder that this user and the server may write to.',
  ),
  'PW-BK-009': entry(
    1,
    'A backup that was to be removed must stay',
    'Another backup builds on it, or it is the newest, or the newest whole one.',
    'Remove what builds on it in the same command, or take a newer whole backup first: podwitness backup create --whole.',
  ),
}
