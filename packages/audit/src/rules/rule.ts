/** Comparison of a field, and its bits in `fieldflags`. Source: include/uapi/linux/audit.h, AUDIT_EQUAL and so on. */
export const OPERATORS = {
  '=': 0x4000_0000,
  '!=': 0x3000_0000,
  '>': 0x2000_0000,
  '<': 0x1000_0000,
  '>=': 0x6000_0000,
  '<=': 0x5000_0000,
  '&': 0x0800_0000,
  '&=': 0x4800_0000,
} as const

export type Operator = keyof typeof OPERATORS

/** What the kernel does where the rule matches. */
export const ACTIONS = { never: 0, possible: 1, always: 2 } as const
export type RuleAction = keyof typeof ACTIONS

export type RuleList = 'user' | 'task' | 'exit' | 'exclude' | 'filesystem' | 'io_uring'

/** One `-F` or `-C`. */
export interface RuleField {
  readonly name: string
  readonly operator: Operator
  /** As written: a number, a name, a path, a key. */
  readonly value: string
  /** `-C`: compares two fields of the event with each other. */
  readonly compare: boolean
  /** Column of the argument in its line, from 1. */
  readonly column: number
}

/** A line that adds or deletes a rule. */
export interface AuditRule {
  readonly kind: 'rule'
  readonly line: number
  readonly text: string
  readonly change: 'append' | 'prepend' | 'delete'
  /** Written as a watch, `-w`. */
  readonly watch: boolean
  readonly list: RuleList
  readonly action: RuleAction
  /** Names and numbers as written; `all` alone for every call; empty where none was given. */
  readonly syscalls: readonly string[]
  readonly fields: readonly RuleField[]
}

/** A line that sets the audit system: `-D`, `-b 8192`, `-e 2`, … */
export interface RuleControl {
  readonly kind: 'control'
  readonly line: number
  readonly text: string
  readonly option: string
  readonly value: string
}

export type RuleStatement = AuditRule | RuleControl

/** Something wrong with a rule file. `error`: auditctl would refuse it. */
export interface RuleProblem {
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  readonly code: RuleProblemCode
  readonly message: string
}

export type RuleProblemCode =
  | 'unknown_option'
  | 'missing_value'
  | 'unclosed_quote'
  | 'bad_action'
  | 'no_rule'
  | 'bad_field'
  | 'unknown_field'
  | 'bad_operator'
  | 'bad_value'
  | 'unknown_syscall'
  | 'unknown_arch'
  | 'bad_comparison'
  | 'too_many_fields'
  | 'key_too_long'
  | 'field_not_in_list'
  | 'relative_path'
  | 'missing_32_bit'
  | 'missing_execveat'
  | 'no_arch'
  | 'arch_after_syscall'
  | 'shadowed'
  | 'duplicate'
  | 'too_broad'
  | 'no_key'
  | 'delete_all_late'
  | 'lock_not_last'
  | 'immutable'
