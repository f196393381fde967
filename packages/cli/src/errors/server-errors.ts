import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the server process. */
export const serverErrors: ErrorEntries = {
  'PW-SV-001': entry(
    3,
    'The port is taken',
    'Another process listens there.',
    'Choose another with --listen; port 0 takes any free one.',
  ),
  'PW-SV-002': entry(
    2,
    'podwitness does not listen beyond this machine',
    'It speaks plain HTTP: token and evidence would cross the network readable.',
    'Listen on 127.0.0.1 behind a proxy with TLS, or say --allow-plain-http.',
  ),
  'PW-SV-003': entry(
    1,
    'The page is not built',
    'The folder packages/web/dist is missing, so that only the HTTP API answers.',
    'Run `npm run build`.',
  ),
  'PW-SV-004': entry(
    2,
    'The configuration was not taken over',
    'It was read again while the server runs, and is wrong, or something in it could not start.',
    'Correct what it names; the server goes on with what it had. `podwitness serve --config FILE --check` says whether it is right.',
  ),
}
