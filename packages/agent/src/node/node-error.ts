/** Codes of managing a node's audit system. */
export type NodeErrorCode =
  | 'PW-ND-001' // a rule that auditctl would refuse
  | 'PW-ND-002' // the kernel refused a rule
  | 'PW-ND-003' // the rules are locked until the next boot
  | 'PW-ND-004' // auditctl is not there
  | 'PW-ND-005' // not permitted
  | 'PW-ND-006' // a file of somebody else stands in the way
  | 'PW-ND-007' // a folder of the desired state cannot be read
  | 'PW-ND-008' // a plugin file that cannot be used
  | 'PW-ND-009' // what the kernel has is not what was loaded
  | 'PW-ND-010' // auditd does not run
  | 'PW-ND-011' // nothing was applied here before
  | 'PW-ND-012' // no root file system there
  | 'PW-ND-013' // somebody else is at work on this node
  | 'PW-ND-014' // no such rule pack
  | 'PW-ND-015' // installing failed
  | 'PW-ND-016' // a file of the node cannot be written
  | 'PW-ND-017' // the kernel has no audit system
  | 'PW-ND-018' // a file that nothing on this node reads
  | 'PW-ND-019' // facility mismatch
  | 'PW-ND-020' // commands cannot be run there
  | 'PW-ND-021' // an option of oms-config has no counterpart
  | 'PW-ND-022' // a file of oms-config is wrong

/** Something wrong with what was asked for or found; told, never thrown. */
export interface NodeProblem {
  readonly code: NodeErrorCode
  /** `refused`: the part it belongs to is not applied. `note`: it is, and this should be known. */
  readonly severity: 'refused' | 'note'
  /** What it belongs to: rules, plugins and OMS files are applied or refused each as a whole. */
  readonly part: 'rules' | 'plugin' | 'oms' | 'node'
  /** File it is about, as the user gave it. */
  readonly file: string
  /** Line in `file`, from 1; 0 where it is about the whole. */
  readonly line: number
  readonly message: string
}

/** An operation on the node that could not be carried out at all. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly code: NodeErrorCode
  readonly why: string

  constructor(code: NodeErrorCode, words: { what: string; why: string }, options?: ErrorOptions) {
    super(words.what, options)
    this.code = code
    this.why = words.why
  }
}

/** `file:line: message (code)`, as compilers print it. */
export function problemText({ file, line, message, code }: NodeProblem): string {
  return `${file}${line > 0 ? `:${line}` : ''}: ${message} (${code})`
}
