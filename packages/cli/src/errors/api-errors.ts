import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the HTTP API. */
export const apiErrors: ErrorEntries = {
  'PW-AP-001': entry(
    3,
    'The server does not answer',
    'The connection failed: no server listens there, or the network is down.',
    'Look whether `podwitness serve` still runs, then try again.',
  ),
  'PW-AP-002': entry(
    3,
    'The answer is not from podwitness',
    'Its body is not the JSON that the client expects; a proxy in between may have written it.',
    'Ask the server directly, without the proxy.',
  ),
  'PW-AP-003': entry(
    2,
    'The request is malformed',
    'A parameter or the body does not have the form that the route declares.',
    'Compare it with docs/reference/api.md.',
  ),
  'PW-AP-004': entry(2, 'There is no such path', 'No route of the HTTP API has it.', 'Look at docs/reference/api.md.'),
  'PW-AP-005': entry(
    1,
    'The server failed unexpectedly',
    'This is a fault in podwitness; what `podwitness serve` wrote to its terminal has the details.',
    'Report it with those lines.',
  ),
  'PW-AP-006': entry(
    3,
    'Too many requests from this address',
    'Each address has its share of the server.',
    'Ask again after the time in Retry-After.',
  ),
  'PW-AP-007': entry(
    2,
    'The request cannot be read',
    'It is no HTTP/1.1, its headers are more than 16 KiB, or it takes too long to arrive.',
    'Look at what sends it.',
  ),
}
