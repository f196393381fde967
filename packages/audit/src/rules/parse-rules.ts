import type { RuleProblem, RuleProblemCode, RuleStatement } from './rule.ts'
import {
  ACTIONS,
  type AuditRule,
  type Operator,
  type RuleAction,
  type RuleControl,
  type RuleField,
  type RuleList,
} from './rule.ts'
import { type Argument, splitArguments } from './split-arguments.ts'

/** Statements of a rule file, and what could not be read. */
export interface ParsedRules {
  readonly statements: readonly RuleStatement[]
  readonly problems: readonly RuleProblem[]
}

/** Names of filter lists; `entry` died with Linux 2.6.x and `filesystem` is also `fs` in newer manuals. */
const LISTS: Readonly<Record<string, RuleList>> = {
  user: 'user',
  task: 'task',
  exit: 'exit',
  exclude: 'exclude',
  filesystem: 'filesystem',
  fs: 'filesystem',
  io_uring: 'io_uring',
}

/** Options that set the audit system. `true`: a value follows. Source: auditctl(8). */
const CONTROLS: Readonly<Record<string, boolean>> = {
  '-D': false,
  '-b': true,
  '-f': true,
  '-e': true,
  '-r': true,
  '-i': false,
  '-c': false,
  '-s': false,
  '-l': false,
  '-q': true,
  '-t': false,
  '--backlog_wait_time': true,
  '--reset-lost': false,
  '--reset_backlog_wait_time_actual': false,
  '--loginuid-immutable': false,
  '--signal': true,
}

const FIELD = /^([\w-]+)(!=|>=|<=|&=|=|>|<|&)(.*)$/s

/** Reads a rule file in auditctl's language. Never throws: a line that cannot be read is a problem and the next one is tried. */
export function parseRules(text: string): ParsedRules {
  const statements: RuleStatement[] = []
  const problems: RuleProblem[] = []
  text.split('\n').forEach((raw, i) => {
    const trimmed = raw.trim()
    if (trimmed === '' || trimmed.startsWith('#')) return
    const parser = new LineParser(raw.replace(/\r$/, ''), i + 1)
    const statement = parser.parse()
    problems.push(...parser.problems)
    if (statement !== undefined) statements.push(statement)
  })
  return { statements, problems }
}

class LineParser {
  readonly problems: RuleProblem[] = []
  readonly #text: string
  readonly #line: number
  #change: AuditRule['change'] | undefined
  #list: RuleList = 'exit'
  #action: RuleAction = 'always'
  #watch: Argument | undefined
  readonly #syscalls: string[] = []
  readonly #fields: RuleField[] = []
  #keys: { name: string; column: number } | undefined

  constructor(text: string, line: number) {
    this.#text = text
    this.#line = line
  }

  parse(): RuleStatement | undefined {
    const words = splitArguments(this.#text)
    if (words === undefined) return this.#problem('unclosed_quote', 1, 'a quote is opened and not closed')
    for (let i = 0; i < words.length; i++) {
      const option = words[i] as Argument
      const control = Object.hasOwn(CONTROLS, option.text) ? CONTROLS[option.text] : undefined
      if (control !== undefined && this.#change === undefined)
        return this.#control(option, control ? words[i + 1] : undefined, control)
      const value = words[++i]
      if (value === undefined) return this.#problem('missing_value', option.column, `${option.text} needs a value`)
      if (!this.#option(option, value)) return undefined
    }
    return this.#rule()
  }

  #control(option: Argument, value: Argument | undefined, needed: boolean): RuleControl | undefined {
    if (needed && value === undefined) return this.#problem('missing_value', option.column, `${option.text} needs a value`)
    return { kind: 'control', line: this.#line, text: this.#text.trim(), option: option.text, value: value?.text ?? '' }
  }

  #option(option: Argument, value: Argument): boolean {
    switch (option.text) {
      case '-a':
      case '-A':
      case '-d':
        return this.#lists(value, ({ '-a': 'append', '-A': 'prepend', '-d': 'delete' } as const)[option.text])
      case '-w':
      case '-W':
        this.#change = option.text === '-w' ? 'append' : 'delete'
        this.#watch = value
        return true
      case '-S':
        this.#syscalls.push(...value.text.split(',').filter((name) => name !== ''))
        return true
      case '-F':
        return this.#field(value, false)
      case '-C':
        return this.#field(value, true)
      case '-p':
        this.#fields.push({ name: 'perm', operator: '=', value: value.text, compare: false, column: value.column })
        return true
      case '-k':
        return this.#key(value.text, value.column)
    }
    this.#problem('unknown_option', option.column, `${option.text} is no option of auditctl`)
    return false
  }

  /** `always,exit`, in either order: the one with the action first is today's, the other is accepted. */
  #lists(value: Argument, change: AuditRule['change']): boolean {
    const parts = value.text.split(',')
    const action = parts.find((part) => Object.hasOwn(ACTIONS, part))
    const list = parts.find((part) => Object.hasOwn(LISTS, part))
    if (parts.length !== 2 || action === undefined || list === undefined) {
      this.#problem(
        'bad_action',
        value.column,
        `${value.text} is not an action (always, never) and a list (exit, task, user, exclude, filesystem, io_uring)`,
      )
      return false
    }
    this.#change = change
    this.#action = action as RuleAction
    this.#list = LISTS[list] as RuleList
    return true
  }

  #field(value: Argument, compare: boolean): boolean {
    const match = FIELD.exec(value.text)
    if (match === null) {
      this.#problem('bad_field', value.column, `${value.text} is not FIELD, an operator and a value`)
      return false
    }
    const [, name, operator, text] = match as unknown as [string, string, Operator, string]
    if (name === 'key' && !compare) return this.#key(text, value.column)
    this.#fields.push({ name, operator, value: text, compare, column: value.column })
    return true
  }

  /** Several keys become one field, joined by 0x01, at the place of the first or last as auditctl sends it: the end. */
  #key(text: string, column: number): boolean {
    this.#keys = this.#keys === undefined ? { name: text, column } : { ...this.#keys, name: `${this.#keys.name}\x01${text}` }
    return true
  }

  #rule(): AuditRule | undefined {
    if (this.#change === undefined) return this.#problem('no_rule', 1, 'the line adds no rule: -a, -A, -d, -w or -W is missing')
    const fields = [...this.#fields]
    const watch = this.#watch
    if (watch !== undefined) {
      if (!watch.text.startsWith('/')) return this.#problem('relative_path', watch.column, 'a watch needs an absolute path')
      if (!fields.some(({ name }) => name === 'perm'))
        fields.push({ name: 'perm', operator: '=', value: 'rwxa', compare: false, column: watch.column })
      fields.unshift({ name: 'path', operator: '=', value: watch.text, compare: false, column: watch.column })
    }
    if (this.#keys !== undefined) {
      fields.push({ name: 'key', operator: '=', value: this.#keys.name, compare: false, column: this.#keys.column })
    }
    return {
      kind: 'rule',
      line: this.#line,
      text: this.#text.trim(),
      change: this.#change,
      watch: watch !== undefined,
      list: this.#list,
      action: this.#action,
      syscalls: this.#syscalls.includes('all') ? ['all'] : this.#syscalls,
      fields,
    }
  }

  #problem(code: RuleProblemCode, column: number, message: string): undefined {
    this.problems.push({ line: this.#line, column, severity: 'error', code, message })
  }
}
