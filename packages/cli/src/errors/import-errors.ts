import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of importing files. */
export const importErrors: ErrorEntries = {
  'PW-IM-001': entry(
    1,
    'The file is in no known format',
    'Its beginning is neither Linux audit lines nor JSON of a known shape. The name of a file does not matter.',
    'Give audit.log or syslog files, kube-apiserver audit logs, webhook EventLists, containers.jsonl or pod lists; each may be gzipped.',
  ),
  'PW-IM-002': entry(
    1,
    'The file cannot be read',
    'It does not exist, or this user may not read it.',
    'Check the path and its permissions.',
  ),
  'PW-IM-003': entry(
    1,
    'The compressed data is damaged',
    'The gzip stream ends early or its checksum is wrong. Nothing of the file was stored.',
    'Copy the file again, or import what can be read of it with --salvage.',
  ),
  'PW-IM-004': entry(
    1,
    'The JSON document is wrong',
    'It is cut off or does not have the shape of its kind. Nothing of the file was stored.',
    'Write the file again, for example with `kubectl get pods -A -o json`.',
  ),
  'PW-IM-005': entry(
    1,
    'There is nothing usable in the file',
    'Every line of it was rejected.',
    'The rejects file has each line with its number and reason.',
  ),
  'PW-IM-006': entry(
    1,
    'The import was stopped',
    'It was asked to stop.',
    'Run the same command again: it goes on where it stopped, and nothing is stored twice.',
  ),
  'PW-IM-007': entry(
    3,
    'Another import is running',
    'Two imports into one store at once would pair each other’s halves.',
    'Wait for the other one to end.',
  ),
  'PW-IM-008': entry(
    1,
    'The document is too large',
    'A JSON document is read whole, and this one is over the limit.',
    'Split it, for example by namespace.',
  ),
}
