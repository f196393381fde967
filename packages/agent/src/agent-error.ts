/** Codes of the node agent; each has an anchor in docs/reference/errors.md. */
export type AgentErrorCode =
  | 'PW-AG-001' // the configuration is wrong
  | 'PW-AG-002' // the configuration cannot be read
  | 'PW-AG-003' // the server is not the one that the join token names
  | 'PW-AG-004' // the server refused the join token
  | 'PW-AG-005' // there is no identity and no join token
  | 'PW-AG-006' // a source cannot be opened
  | 'PW-AG-007' // the server cannot be reached for joining
  | 'PW-AG-008' // a rule file (redaction, process filters) is wrong

/** A failure of the agent: what happened, why, what to do. */
export class AgentError extends Error {
  override readonly name = 'AgentError'
  readonly code: AgentErrorCode
  readonly why: string
  readonly todo: string

  constructor(code: AgentErrorCode, words: { what: string; why: string; do: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
    this.todo = words.do
  }
}
