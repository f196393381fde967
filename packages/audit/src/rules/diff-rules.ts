import { type EncodeOptions, encodeRule } from './encode-rule.ts'
import { parseRules } from './parse-rules.ts'
import type { AuditRule } from './rule.ts'

/** What must change for one set of rules to become another. */
export interface RuleDifference {
  /** In the wanted set only. */
  readonly missing: readonly AuditRule[]
  /** In the actual set only. */
  readonly extra: readonly AuditRule[]
  /** The common rules stand in another order, and the first match decides. */
  readonly reordered: boolean
}

/** Compares rules by what the kernel gets, not by how they are written. Lines that cannot be read are left out: lint them first. */
export function diffRules(wanted: string, actual: string, options: EncodeOptions = {}): RuleDifference {
  const left = encodedRules(wanted, options)
  const right = encodedRules(actual, options)
  const common = [...left.keys()].filter((key) => right.has(key))
  const order = [...right.keys()].filter((key) => left.has(key))
  return {
    missing: [...left].filter(([key]) => !right.has(key)).map(([, rule]) => rule),
    extra: [...right].filter(([key]) => !left.has(key)).map(([, rule]) => rule),
    reordered: common.some((key, i) => key !== order[i]),
  }
}

function encodedRules(text: string, options: EncodeOptions): Map<string, AuditRule> {
  const rules = new Map<string, AuditRule>()
  for (const statement of parseRules(text).statements) {
    if (statement.kind !== 'rule' || statement.change === 'delete') continue
    const encoded = encodeRule(statement, options)
    if ('bytes' in encoded) rules.set(encoded.bytes.toString('base64'), statement)
  }
  return rules
}
