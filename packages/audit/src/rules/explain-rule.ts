import type { AuditRule, RuleField } from './rule.ts'

const OPERATOR_WORDS = {
  '=': 'is',
  '!=': 'is not',
  '>': 'is above',
  '<': 'is below',
  '>=': 'is at least',
  '<=': 'is at most',
  '&': 'has a bit of',
  '&=': 'has all bits of',
} as const

const PERMISSION_WORDS: Readonly<Record<string, string>> = {
  r: 'read',
  w: 'written',
  x: 'executed',
  a: 'changed in its attributes',
}

/** A rule in a sentence. */
export function explainRule(rule: AuditRule): string {
  const verb = rule.change === 'delete' ? 'Deletes the rule: ' : ''
  const what = rule.action === 'never' ? 'never log' : 'log'
  return `${verb}${capital(`${what} ${subject(rule)}${conditions(rule)}`)}${key(rule)}.`
}

function subject(rule: AuditRule): string {
  const path = rule.fields.find(({ name }) => name === 'path' || name === 'dir')
  const permissions = [...(rule.fields.find(({ name }) => name === 'perm')?.value ?? '')].map(
    (letter) => PERMISSION_WORDS[letter] ?? letter,
  )
  if (path !== undefined && permissions.length > 0) {
    const below = path.name === 'dir' || path.value.endsWith('/') ? ' or anything below it' : ''
    return `when ${path.value}${below} is ${permissions.join(' or ')}`
  }
  if (rule.list === 'exclude') return 'records'
  if (rule.list === 'user') return 'messages from user space'
  if (rule.list === 'task') return 'tasks as they are created'
  if (rule.list === 'filesystem') return 'file names on a file system'
  if (rule.list === 'io_uring') return `io_uring operations ${rule.syscalls.join(', ')}`
  return rule.syscalls.length === 0 || rule.syscalls[0] === 'all'
    ? 'every system call'
    : `the system calls ${rule.syscalls.join(', ')}`
}

function conditions(rule: AuditRule): string {
  const handled = rule.fields.some(({ name }) => name === 'perm') ? ['path', 'dir', 'perm', 'key'] : ['key']
  const parts = rule.fields.filter(({ name }) => !handled.includes(name)).map(condition)
  return parts.length === 0 ? '' : `, where ${parts.join(' and ')}`
}

function condition(field: RuleField): string {
  if (field.name === 'arch')
    return `the program is ${field.value === 'b64' ? '64-bit' : field.value === 'b32' ? '32-bit' : `for ${field.value}`}`
  if (field.name === 'auid' && (field.value === 'unset' || field.value === '-1' || field.value === '4294967295'))
    return field.operator === '!=' ? 'somebody has logged in' : 'nobody has logged in'
  if (field.name === 'success') return field.value === '1' || field.value === 'yes' ? 'it succeeds' : 'it fails'
  return `${field.name} ${OPERATOR_WORDS[field.operator]} ${field.value}`
}

function key(rule: AuditRule): string {
  const field = rule.fields.find(({ name }) => name === 'key')
  return field === undefined ? '' : `; marked ${field.value.split('\x01').join(' and ')}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
