import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of saved queries. */
export const huntErrors: ErrorEntries = {
  'PW-HQ-001': entry(
    2,
    'There is no such saved query',
    'It was removed, or is somebody else’s and not shared.',
    'Look at the list: the Hunt page has it, and `podwitness query --saved` names those that are close.',
  ),
  'PW-HQ-002': entry(
    2,
    'A saved query has this name',
    'A name stands for one query of its owner.',
    'Choose another name, or replace that query.',
  ),
  'PW-HQ-003': entry(
    4,
    'The saved query is somebody else’s',
    'A shared query is changed by its owner or an administrator.',
    'Save it under a name of your own.',
  ),
  'PW-HQ-004': entry(2, 'Too many saved queries', 'One person may keep 500.', 'Remove queries that are no longer needed.'),
  'PW-HQ-005': entry(
    2,
    'Several saved queries have this name',
    'Names are unique for each owner only.',
    'Name the query by its id, which the message lists.',
  ),
  'PW-HQ-006': entry(
    2,
    'The rows of the query cannot be followed live',
    'They do not say when they arrived.',
    'Follow Events, Commands, KubeAudit or Findings, with `where` to narrow them.',
  ),
  'PW-HQ-007': entry(
    3,
    'Too many streams of live rows',
    'Each asks the store every second; 32 may run at once.',
    'Close a page that follows, or ask again later.',
  ),
  'PW-HQ-008': entry(
    1,
    'No such query is running',
    'It has ended, or another server works on it.',
    'GET /api/v1/query/running lists those of the server that answers.',
  ),
  'PW-HQ-009': entry(
    2,
    'A query of this id is running already',
    'The id of a query says which one to cancel, so no two may have it at once.',
    'Send another queryId, or none.',
  ),
  'PW-HQ-010': entry(
    1,
    'No such short link',
    'It was never made on this server, or part of it was lost on the way.',
    'Ask who sent it for the long address.',
  ),
  'PW-HQ-011': entry(
    2,
    'Saved queries in YAML that cannot be taken',
    'Something in the text is wrong, or there is no query in it; nothing of it was saved.',
    'Correct what is said with its line and column.',
  ),
}
