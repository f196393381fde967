import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the node agent. */
export const agentErrors: ErrorEntries = {
  'PW-AG-001': entry(
    2,
    'The agent’s configuration is wrong',
    'An option is unknown, missing or has a value that does not fit; the message names each with its line.',
    'Correct it; docs/reference/agent.md lists every option.',
  ),
  'PW-AG-002': entry(
    2,
    'The agent’s configuration cannot be read',
    'The file does not exist, or this user may not read it.',
    'Name the file with --config.',
  ),
  'PW-AG-003': entry(
    3,
    'The server is not the one that the join token names',
    'The token carries the fingerprint of the server’s CA, and the server shows another one or none. The token was not sent.',
    'Check the address; make a new token if the server’s CA was replaced.',
  ),
  'PW-AG-004': entry(
    4,
    'The join token was refused',
    'It was used before, is too old, or was cut when it was copied.',
    'Make a new token on the server; each works once.',
  ),
  'PW-AG-005': entry(
    2,
    'The agent has neither certificate nor token',
    'A server takes lines only from nodes that joined it, and joining needs a token. A file that is named and not there is waited for.',
    'Make a join token on the server, put it into a file and name it in output.tokenFile.',
  ),
  'PW-AG-006': entry(
    3,
    'A source or output of the agent cannot be opened',
    'A port is taken, or a certificate or key file cannot be used; the message has the reason.',
    'Correct the option that the message names.',
  ),
  'PW-AG-007': entry(
    3,
    'The server cannot be reached for joining',
    'The connection fails or the server is not ready.',
    'Check address, port, network and clock; the agent tries again by itself, and lines wait on disk.',
  ),
  'PW-AG-008': entry(
    2,
    'A rule file of the agent is wrong',
    'A file of process filters or redaction rules cannot be read or has a fault; nothing is shipped that it might have held back.',
    'Correct the file at the place that the message names.',
  ),
}
