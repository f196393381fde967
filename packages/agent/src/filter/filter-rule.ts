import type { OptionReader } from '../option-reader.ts'

/** A rule about events; every list that is not empty must have a word that fits. The first rule that fits decides. */
export interface FilterRule {
  readonly name: string
  readonly action: 'drop' | 'keep'
  readonly keys: readonly string[]
  readonly exes: readonly string[]
  readonly syscalls: readonly string[]
  /** Numbers or names of users who act. */
  readonly users: readonly string[]
  /** Containers by id (or its beginning) or by name. */
  readonly containers: readonly string[]
  readonly namespaces: readonly string[]
  /** Record types. */
  readonly types: readonly string[]
}

/** Reads `filter.rules`. A word may end in `*`. */
export function readFilterRules(list: readonly OptionReader[]): FilterRule[] {
  return list.map((options, index) => {
    const rule: FilterRule = {
      name: options.text('name', `rule-${index + 1}`),
      action: options.word('action', ['drop', 'keep'], 'drop'),
      keys: options.texts('key'),
      exes: options.texts('exe'),
      syscalls: options.texts('syscall'),
      users: options.texts('user'),
      containers: options.texts('container'),
      namespaces: options.texts('namespace'),
      types: options.texts('type'),
    }
    const { name, action, ...conditions } = rule
    if (Object.values(conditions).every((words) => words.length === 0))
      options.problem('', `${action} rule ${name} fits everything`)
    options.end()
    return rule
  })
}
