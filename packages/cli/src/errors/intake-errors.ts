import { type ErrorEntries, entry } from './error-entry.ts'

const TRY_AGAIN = 'Send the same again after the time in Retry-After; agents do so by themselves.'

/** Codes of what arrives: certificates, tokens, batches. */
export const intakeErrors: ErrorEntries = {
  'PW-IN-001': entry(
    4,
    'Nobody known sends this',
    'There is neither a certificate of this server nor a valid token, it has ended, or it was revoked.',
    'Join with a token of `podwitness tokens create`, or check the clocks of both sides.',
  ),
  'PW-IN-002': entry(
    4,
    'This sender may not do that',
    'A node may append its own batches and renew its certificate, a kube-apiserver append events of its cluster; nothing else.',
    "Use the address of the page and a person's token for everything else.",
  ),
  'PW-IN-003': entry(
    4,
    'The join token is not valid',
    'It was never made here, is used up, has expired, was revoked, or is for another cluster.',
    'Make one with `podwitness tokens create`.',
  ),
  'PW-IN-004': entry(2, 'The body is too large', 'It goes over a bound, as sent or unpacked.', 'Send it in smaller parts.'),
  'PW-IN-005': entry(
    2,
    'The body cannot be read',
    'It is damaged, or of another form than this address takes.',
    'Send it in the form docs/reference/intake.md describes.',
  ),
  'PW-IN-006': entry(
    2,
    'The batch has no name',
    'The header x-podwitness-batch is missing or of another form.',
    'Name every batch, and a repeated one the same.',
  ),
  'PW-IN-007': entry(3, 'Too much at once', 'Senders bring more than the store takes, or one fails too often.', TRY_AGAIN),
  'PW-IN-008': entry(3, 'The store does not take anything now', 'Its engine is not reachable or the disk is full.', TRY_AGAIN),
  'PW-IN-009': entry(
    1,
    'The store refused the rows',
    'They have a form that the engine does not take.',
    'Keep the batch and report it: this is a fault in podwitness.',
  ),
  'PW-IN-010': entry(
    2,
    'The configuration is wrong',
    'An option has another form than it takes, or there is no such option.',
    'Correct it and try it with `podwitness serve --config FILE --check`.',
  ),
  'PW-PK-001': entry(
    4,
    'The certificate authority cannot be used',
    'Its folder `pki` in the data folder cannot be read or written, or a file in it is damaged.',
    'Check the permissions; restore `authority.pem` from a backup where it is damaged.',
  ),
  'PW-PK-002': entry(
    2,
    'The signing request cannot be used',
    'It is no PKCS#10, not signed by its own key, or its key is of another kind.',
    'Send a PKCS#10 request in PEM with an ECDSA P-256 or Ed25519 key.',
  ),
  'PW-PK-004': entry(
    2,
    'There is no such token',
    'It was never made, is used up, or was revoked before.',
    'Look at `podwitness tokens list`.',
  ),
  'PW-PK-005': entry(
    1,
    'The authority is not changed yet',
    'Senders would no longer know the server, or could no longer send, or no next authority was announced.',
    'Wait until they have renewed, which takes a minute while they are up; `podwitness authority show` names them. `--force` goes on without them.',
  ),
  'PW-IN-011': entry(
    3,
    'The disk of the store is nearly full',
    'Less is free than `disk: refuseBelowBytes` in the configuration says; dropping what is old needs room itself.',
    'Free space, or keep data for fewer days; `podwitness store status` says how much is where. Agents keep what they have and send it when there is room.',
  ),
  'PW-IN-012': entry(
    2,
    'The request cannot be read',
    'It is no HTTP/1.1, its headers are more than 16 KiB, or it takes too long to arrive.',
    'Look at what sends it: podwitness keeps the address of each in `rejects/` of the data folder.',
  ),
}
