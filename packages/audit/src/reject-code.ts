/** Why a line is no record: counted under this word, and stable. */
export type RejectCode =
  | 'not_audit' // no `type=` with an `audit(` stamp behind it
  | 'bad_header' // `type=` is there, the stamp cannot be read
  | 'foreign_program' // a syslog line of a program that is no audit dispatcher
  | 'line_too_long' // over the cap, and its beginning is no record
