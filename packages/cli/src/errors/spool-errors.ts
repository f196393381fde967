import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the spool on disk. */
export const spoolErrors: ErrorEntries = {
  'PW-SP-001': entry(
    4,
    'The spool cannot be opened',
    'Its folder cannot be made, read or written.',
    'Give a folder that this user may write, on a local file system.',
  ),
  'PW-SP-002': entry(
    3,
    'The spool is in use',
    'Another agent has it; two writers would mix their lines.',
    'Let one agent use it, or give each a folder of its own.',
  ),
  'PW-SP-003': entry(1, 'The spool is closed', 'The agent is ending and takes no more lines.', 'Start it again.'),
}
