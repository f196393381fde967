import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of queries. */
export const queryErrors: ErrorEntries = {
  'PW-QY-001': entry(
    2,
    'The query has a fault in its syntax',
    'A word, sign or bracket is missing or stands where it cannot; the message points at the place.',
    'Correct it there.',
  ),
  'PW-QY-002': entry(
    2,
    'The query names a column that does not exist',
    'Names are those of docs/reference/sls.md; the message has the closest one.',
    'Use the name that exists.',
  ),
  'PW-QY-003': entry(
    2,
    'The query calls a function that does not exist',
    'The function is unknown, or not supported yet; the message has the closest one.',
    'Use a function that docs/reference/sls.md lists.',
  ),
  'PW-QY-004': entry(
    2,
    'The query uses something that is not supported',
    'It is known, and refused rather than answered differently from what it means.',
    'Say it in another way: docs/reference/sls.md and docs/reference/kql.md list what there is.',
  ),
  'PW-QY-005': entry(
    2,
    'An argument does not fit',
    'Its type, number or value is not what the function or operator takes.',
    'Change it as the message says.',
  ),
  'PW-QY-006': entry(
    2,
    'The query does more than it may',
    'A question is one statement that reads; other statements and sources of rows are refused.',
    'Ask with one SELECT over the tables and views that docs/reference/query.md lists.',
  ),
  'PW-QY-007': entry(
    2,
    'The query is too large',
    'Its text is too long, or its brackets are nested too deeply.',
    'Ask in parts.',
  ),
  'PW-QY-008': entry(
    2,
    'The time range is wrong',
    'It ends before it begins, or an end of it is no time.',
    'Write times like 2026-11-21T02:00:00Z.',
  ),
  'PW-QY-009': entry(
    2,
    'The language is not available',
    'No query language has this name, or it was asked for where only another one can be answered.',
    'Ask in SLS, KQL or SQL: --lang sls, --lang kql, --lang sql.',
  ),
  'PW-QY-010': entry(
    2,
    'The query met data it cannot be computed with',
    'A limit of the step that the message points at is exceeded, or a value of some row does not fit there.',
    'Leave such rows out with where, or change the step as the message says.',
  ),
}
