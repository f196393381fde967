import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of decoding audit records. */
export const decodeErrors: ErrorEntries = {
  'PW-DE-001': entry(
    1,
    'There is no audit record in the input',
    'No line has the form `type=… msg=audit(…): …`, with or without a node or syslog prefix.',
    'Give audit.log, a syslog file with audit lines, or the output of journalctl; each may be gzipped.',
  ),
  'PW-DE-002': entry(
    1,
    'The compressed data is damaged',
    'The gzip stream ends early or its checksum is wrong.',
    'Copy the file again. What came before the damage has been decoded.',
  ),
  'PW-DE-003': entry(
    1,
    'The file cannot be read',
    'It does not exist, is a folder, or this user may not read it.',
    'Check the path and its permissions.',
  ),
  'PW-DE-004': entry(
    2,
    'The rule file is too large',
    'It has more than 16 MiB; a rule file of auditd has some kilobytes.',
    'Give a file of /etc/audit/rules.d, or the output of auditctl -l.',
  ),
}
