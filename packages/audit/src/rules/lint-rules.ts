import { archOf, type EncodedRule, type EncodeOptions, encodeRule } from './encode-rule.ts'
import { parseRules } from './parse-rules.ts'
import type { AuditRule, RuleControl, RuleProblem, RuleProblemCode, RuleStatement } from './rule.ts'

/** 32-bit companion of an architecture: programs of both kinds run on it. */
const COMPANIONS: Readonly<Record<string, string>> = { x86_64: 'i386', aarch64: 'arm' }

/** Calls that almost every program makes all the time. */
const LOUD = new Set(
  'read write open openat close stat fstat newfstatat lstat mmap futex poll ppoll epoll_wait clock_gettime getpid recvmsg sendmsg'.split(
    ' ',
  ),
)

/** Fields that narrow a rule down; `arch`, `key` and `perm` do not. */
const BROAD = new Set(['arch', 'key', 'perm', 'success'])

/** Fields a list can look at. Source: kernel/auditfilter.c, audit_field_valid. */
const LIST_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  exclude: new Set('msgtype pid uid gid auid loginuid subj_user subj_role subj_type subj_sen subj_clr exe key'.split(' ')),
  filesystem: new Set(['fstype', 'key']),
}

/** Checks a whole rule file: what auditctl would refuse, what it would take and not do as meant. In order of lines. */
export function lintRules(text: string, options: EncodeOptions = {}): RuleProblem[] {
  const { statements, problems } = parseRules(text)
  const found: RuleProblem[] = [...problems]
  const rules: AuditRule[] = []
  const encoded = new Map<AuditRule, EncodedRule>()
  for (const statement of statements) {
    if (statement.kind !== 'rule') continue
    const result = encodeRule(statement, options)
    if ('code' in result) found.push(result)
    else encoded.set(statement, result)
    rules.push(statement)
  }
  const machine = options.machine ?? 'x86_64'
  for (const rule of rules) found.push(...lintOne(rule), ...lintPair(rule, rules, machine))
  found.push(...lintOrder(rules, encoded), ...lintControls(statements))
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}

function lintOne(rule: AuditRule): RuleProblem[] {
  const found: RuleProblem[] = []
  const allowed = LIST_FIELDS[rule.list]
  for (const field of rule.fields) {
    if (allowed !== undefined && !allowed.has(field.name))
      found.push(at(rule, 'field_not_in_list', `the ${rule.list} list cannot look at ${field.name}`, 'error', field.column))
  }
  if (rule.list !== 'exit' || rule.change === 'delete') return found
  const arch = rule.fields.find(({ name }) => name === 'arch')
  const named = rule.syscalls.length > 0 && rule.syscalls[0] !== 'all'
  if (named && arch === undefined)
    found.push(at(rule, 'no_arch', 'calls are numbered differently for 32-bit programs: say -F arch=b64 and add the b32 twin'))
  else if (
    arch !== undefined &&
    named &&
    arch.column > rule.text.indexOf(' -S ') + 1 + (rule.text.length - rule.text.trimStart().length)
  )
    found.push(at(rule, 'arch_after_syscall', 'auditctl wants -F arch before -S', 'error', arch.column))
  if (rule.action === 'always' && !rule.fields.some(({ name }) => name === 'key'))
    found.push(at(rule, 'no_key', 'without a key (-k) its events are hard to find and cannot be counted by rule'))
  const narrow = rule.fields.some(({ name, compare }) => compare || !BROAD.has(name))
  const loud = !named && !rule.watch ? 'every system call' : rule.syscalls.find((name) => LOUD.has(name))
  if (rule.action === 'always' && !narrow && loud !== undefined)
    found.push(at(rule, 'too_broad', `${loud} of every process is logged: add a field that narrows it`))
  return found
}

/** What a 64-bit rule alone does not see: 32-bit programs, and execveat beside execve. */
function lintPair(rule: AuditRule, rules: readonly AuditRule[], machine: string): RuleProblem[] {
  const found: RuleProblem[] = []
  if (rule.list !== 'exit' || rule.change === 'delete' || rule.syscalls.length === 0 || rule.action !== 'always') return found
  const arch = archOf(rule, machine)
  const hasArch = rule.fields.some(({ name }) => name === 'arch')
  const others = rules.filter((other) => other.list === 'exit' && other.action === 'always')
  const companion = COMPANIONS[arch]
  if (hasArch && companion !== undefined) {
    const missing = rule.syscalls.filter(
      (name) => !others.some((other) => archOf(other, machine) === companion && covers(other, name)),
    )
    if (missing.length > 0)
      found.push(
        at(rule, 'missing_32_bit', `a 32-bit program escapes it: the twin with arch=b32 for ${missing.join(', ')} is missing`),
      )
  }
  if (rule.syscalls.includes('execve') && !others.some((other) => archOf(other, machine) === arch && covers(other, 'execveat')))
    found.push(at(rule, 'missing_execveat', 'a program started by execveat escapes it: add -S execveat'))
  return found
}

function covers(rule: AuditRule, syscall: string): boolean {
  return rule.syscalls.includes(syscall) || rule.syscalls[0] === 'all'
}

/** The first matching rule of a list decides: what comes after a rule that matches more is never reached. */
function lintOrder(rules: readonly AuditRule[], encoded: ReadonlyMap<AuditRule, EncodedRule>): RuleProblem[] {
  const found: RuleProblem[] = []
  const seen = new Map<string, AuditRule>()
  const active = rules.filter((rule) => encoded.has(rule) && rule.change !== 'delete')
  for (const [i, rule] of active.entries()) {
    const bytes = (encoded.get(rule) as EncodedRule).bytes.toString('latin1')
    const same = seen.get(bytes)
    if (same !== undefined) {
      found.push(at(rule, 'duplicate', `the same rule stands on line ${same.line}: the kernel refuses the second`, 'error'))
      continue
    }
    seen.set(bytes, rule)
    const above = active.slice(0, Math.min(i, 512)).find((earlier) => shadows(earlier, rule, encoded))
    if (above !== undefined)
      found.push(at(rule, 'shadowed', `never reached: line ${above.line} matches all it matches and comes first`))
  }
  return found
}

/** Whether `earlier` matches everything that `later` does: same list, a superset of calls, a subset of conditions. */
function shadows(earlier: AuditRule, later: AuditRule, encoded: ReadonlyMap<AuditRule, EncodedRule>): boolean {
  if (earlier.list !== later.list) return false
  const conditions = new Set(
    later.fields
      .filter(({ name }) => name !== 'key')
      .map((field) => `${field.compare}${field.name}${field.operator}${field.value}`),
  )
  const wanted = earlier.fields.filter(({ name }) => name !== 'key')
  if (!wanted.every((field) => conditions.has(`${field.compare}${field.name}${field.operator}${field.value}`))) return false
  const left = (encoded.get(earlier) as EncodedRule).bytes
  const right = (encoded.get(later) as EncodedRule).bytes
  for (let i = 12; i < 268; i++) if ((right[i] as number) & ~(left[i] as number)) return false
  return true
}

function lintControls(statements: readonly RuleStatement[]): RuleProblem[] {
  const found: RuleProblem[] = []
  const controls = statements.filter((statement): statement is RuleControl => statement.kind === 'control')
  for (const control of controls) {
    if (control.option === '-D' && statements.some((other) => other.kind === 'rule' && other.line < control.line))
      found.push(at(control, 'delete_all_late', '-D deletes the rules above it'))
    if (control.option !== '-e' || control.value !== '2') continue
    found.push(at(control, 'immutable', 'after -e 2 no rule changes until the machine is booted again'))
    if (statements.some((other) => other.line > control.line))
      found.push(at(control, 'lock_not_last', '-e 2 must be the last line: what follows is refused', 'error'))
  }
  return found
}

function at(
  statement: { readonly line: number },
  code: RuleProblemCode,
  message: string,
  severity: RuleProblem['severity'] = 'warning',
  column = 1,
): RuleProblem {
  return { line: statement.line, column, severity, code, message }
}
