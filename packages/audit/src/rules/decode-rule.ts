import { auditSyscallName } from '../audit-syscall-name.ts'
import { constants } from '../constant-words.ts'
import { recordTypeNamed } from '../record-type.ts'
import { archName, archToken } from '../syscall-name.ts'
import { RULE_COMPARISONS, RULE_FIELDS, RULE_LISTS } from '../tables/rule-fields.ts'
import { MAX_FIELDS, PREPEND, RULE_HEADER_BYTES } from './encode-rule.ts'
import { TEXT_FIELDS } from './field-number.ts'
import { ACTIONS, type AuditRule, OPERATORS, type Operator, type RuleAction, type RuleField, type RuleList } from './rule.ts'

/** Reads the kernel's form of a rule, as `AUDIT_LIST_RULES` answers it. Undefined where the bytes are no rule. */
export function decodeRule(bytes: Buffer, line = 1): AuditRule | undefined {
  if (bytes.length < RULE_HEADER_BYTES) return undefined
  const flags = bytes.readUInt32LE(0)
  const action = Object.keys(ACTIONS).find((name) => ACTIONS[name as RuleAction] === bytes.readUInt32LE(4))
  const listName = Object.keys(RULE_LISTS).find((name) => RULE_LISTS[name] === (flags & ~PREPEND))
  const count = bytes.readUInt32LE(8)
  if (action === undefined || listName === undefined || count > MAX_FIELDS) return undefined
  const list = (({ fs: 'filesystem', uring_exit: 'io_uring' } as Record<string, string>)[listName] ?? listName) as RuleList
  const fields = readFields(bytes, count)
  if (fields === undefined) return undefined
  const base = { kind: 'rule', line, text: '', watch: false, list, action: action as RuleAction, fields } as const
  const rule: AuditRule = {
    ...base,
    change: flags & PREPEND ? 'prepend' : 'append',
    syscalls: readMask(bytes, base.fields, list),
  }
  return { ...rule, text: formatRule(rule) }
}

function readFields(bytes: Buffer, count: number): RuleField[] | undefined {
  const fields: RuleField[] = []
  let at = RULE_HEADER_BYTES
  for (let i = 0; i < count; i++) {
    const number = bytes.readUInt32LE(268 + i * 4)
    const value = bytes.readUInt32LE(524 + i * 4)
    const bits = bytes.readUInt32LE(780 + i * 4)
    const operator = Object.keys(OPERATORS).find((name) => OPERATORS[name as Operator] === bits) as Operator | undefined
    const name = Object.keys(RULE_FIELDS).find((each) => RULE_FIELDS[each] === number)
    if (operator === undefined || name === undefined) return undefined
    if (TEXT_FIELDS.has(name)) {
      if (at + value > bytes.length) return undefined
      fields.push({ name, operator, value: bytes.toString('utf8', at, at + value), compare: false, column: 1 })
      at += value
    } else if (name === 'field_compare') {
      const pair = Object.keys(RULE_COMPARISONS)
        .find((each) => RULE_COMPARISONS[each] === value)
        ?.split(',')
      if (pair === undefined) return undefined
      fields.push({ name: pair[0] as string, operator, value: pair[1] as string, compare: true, column: 1 })
    } else fields.push({ name, operator, value: valueText(name, value), compare: false, column: 1 })
  }
  return fields
}

function valueText(name: string, value: number): string {
  if (name === 'arch') return archName(value.toString(16).padStart(8, '0')) ?? `0x${value.toString(16)}`
  if (name === 'perm')
    return ['r', 'w', 'x', 'a'].filter((letter) => value & ({ x: 1, w: 2, r: 4, a: 8 }[letter] as number)).join('')
  if (name === 'msgtype') return recordTypeNamed(String(value)).name.replace(/^UNKNOWN\[(\d+)\]$/, '$1')
  if (name === 'exit') {
    const word = constants('errno').get(-(value | 0))
    return word === undefined ? String(value | 0) : `-${word}`
  }
  return String(value | 0)
}

/** Bits of the mask that are calls; the last 16 are the kernel's classes of calls (AUDIT_SYSCALL_CLASSES). */
const CALL_BITS = 2048 - 16

function readMask(bytes: Buffer, fields: readonly RuleField[], list: RuleList): string[] {
  const calls: number[] = []
  for (let number = 0; number < CALL_BITS; number++) {
    if (bytes.readUInt32LE(12 + (number >> 5) * 4) & (1 << (number & 31))) calls.push(number)
  }
  if (calls.length === CALL_BITS) return list === 'exit' || list === 'io_uring' ? ['all'] : []
  const arch = fields.find(({ name }) => name === 'arch')?.value ?? 'x86_64'
  const token = list === 'io_uring' ? '' : (archToken(arch) ?? '')
  return calls.map((number) => auditSyscallName(token, number) ?? String(number))
}

/** A rule as auditctl takes it: action and list, arch first, calls, other fields, key. */
export function formatRule(rule: AuditRule): string {
  if (rule.watch) return formatWatch(rule)
  const words = [{ append: '-a', prepend: '-A', delete: '-d' }[rule.change], `${rule.action},${rule.list}`]
  const arch = rule.fields.findIndex(({ name }) => name === 'arch')
  const first = arch < 0 ? [] : rule.fields.slice(0, arch + 1)
  words.push(...first.map(fieldWords))
  if (rule.syscalls.length > 0) words.push('-S', rule.syscalls.join(','))
  words.push(...rule.fields.slice(first.length).map(fieldWords))
  return words.join(' ')
}

function formatWatch(rule: AuditRule): string {
  const value = (name: string) => rule.fields.find((field) => field.name === name)?.value
  const key = rule.fields.filter(({ name }) => name === 'key').map(fieldWords)
  return [rule.change === 'delete' ? '-W' : '-w', quoted(value('path') ?? ''), '-p', value('perm') ?? 'rwxa', ...key].join(' ')
}

function fieldWords(field: RuleField): string {
  if (field.name === 'key' && !field.compare) {
    return field.value
      .split('\x01')
      .map((key) => `-F key=${quoted(key)}`)
      .join(' ')
  }
  return `${field.compare ? '-C' : '-F'} ${field.name}${field.operator}${quoted(field.value)}`
}

function quoted(text: string): string {
  return /[\s"']/.test(text) ? (text.includes('"') ? `'${text}'` : `"${text}"`) : text
}
