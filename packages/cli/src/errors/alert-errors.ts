import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of rules, templates and channels. */
export const alertErrors: ErrorEntries = {
  'PW-AL-001': entry(
    2,
    'A rule is wrong',
    'A key, a value or the query of the rule is not what docs/reference/alerts.md describes; the message has line and column.',
    'Correct it there, and check it with `podwitness rules lint FILE`.',
  ),
  'PW-AL-002': entry(
    2,
    'A template is wrong',
    'A block is not closed, a name is unknown, or the template does not end; the message has line and column.',
    'Correct it there; blocks that are not closed are closed by `podwitness rules lint --template FILE --repair`.',
  ),
  'PW-AL-003': entry(
    2,
    'A channel is not set up right',
    'Its type is unknown, an option is missing or is none of the type.',
    'Set what the message names; docs/reference/alerts.md lists every type with its options.',
  ),
  'PW-AL-004': entry(
    1,
    'A channel’s target may not be reached',
    'It leads to this machine, a link-local or a metadata address, which a message must not be able to reach.',
    'Use another address, or allow the host with `podwitness serve --alert-allow-target HOST[:PORT]`.',
  ),
  'PW-AL-005': entry(
    1,
    'There is no rule, alert, channel, template or silence of that name',
    'It was never made, was removed, or has expired.',
    'Look at the list with `podwitness rules list`, `alerts list` or `channels list`.',
  ),
  'PW-AL-006': entry(
    2,
    'The identifier is taken',
    'Identifiers of channels are unique, so that rules name one and no other.',
    'Choose another, or say that the channel is to be replaced.',
  ),
  'PW-AL-008': entry(
    2,
    'A channel or template is in use',
    'Rules name it: without it their messages would reach nobody.',
    'Change or remove those rules first; the message names them.',
  ),
  'PW-AL-007': entry(
    2,
    'A silence is wrong',
    'It ends before it begins, or says nothing about why.',
    'Give a length and a reason.',
  ),
}
