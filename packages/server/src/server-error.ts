import { AnsweredError } from './answered-error.ts'

/** Codes of the HTTP side; each has an anchor in docs/reference/errors.md. */
export type ServerErrorCode =
  | 'PW-SE-001' // no such session
  | 'PW-EV-001' // no such event
  | 'PW-AU-001' // not signed in
  | 'PW-AU-002' // wrong token
  | 'PW-AU-003' // too many failed attempts
  | 'PW-AU-004' // request from another site
  | 'PW-AU-005' // role without the right
  | 'PW-AU-006' // cookie without the page's proof
  | 'PW-AU-007' // password not taken
  | 'PW-AU-008' // no such token or sign-in
  | 'PW-AU-009' // no such user
  | 'PW-AU-010' // name taken or none
  | 'PW-AU-011' // role that cannot be bounded
  | 'PW-AU-012' // last administrator
  | 'PW-AU-013' // password is the provider's business
  | 'PW-AU-014' // provider's user whose name a local one has
  | 'PW-AU-015' // route that cannot be narrowed
  | 'PW-AU-016' // SQL for a caller with bounds
  | 'PW-AU-017' // done by people, not tokens
  | 'PW-OI-001' // provider does not answer
  | 'PW-OI-002' // provider's answer does not hold
  | 'PW-OI-003' // provider's user may not
  | 'PW-LG-003' // no ledger here
  | 'PW-HQ-001' // no such saved query
  | 'PW-HQ-002' // its name is in use
  | 'PW-HQ-003' // somebody else's
  | 'PW-HQ-004' // too many
  | 'PW-HQ-005' // several of a name
  | 'PW-HQ-006' // rows that cannot be followed
  | 'PW-HQ-007' // too many followers
  | 'PW-HQ-008' // no such running query
  | 'PW-HQ-009' // id of one that is running
  | 'PW-HQ-010' // no such short link
  | 'PW-HQ-011' // saved queries in YAML that cannot be taken
  | 'PW-AP-003' // malformed request
  | 'PW-AP-004' // no such path
  | 'PW-AP-005' // unexpected failure
  | 'PW-AP-006' // too many requests
  | 'PW-AP-007' // no request, or one that does not end
  | 'PW-SG-001' // nobody named for an account
  | 'PW-SG-002' // no data folder for tokens
  | 'PW-SG-003' // no such sender
  | 'PW-SV-001' // address in use
  | 'PW-SV-002' // refuses to listen beyond loopback
  | 'PW-SV-003' // the page is not built
  | 'PW-SV-004' // a configuration was not taken over

/** A failure of the server. */
export class ServerError extends AnsweredError<ServerErrorCode> {
  override readonly name = 'ServerError'
}
