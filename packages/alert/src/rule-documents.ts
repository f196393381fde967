import { lintRules } from './lint-rules.ts'
import type { Setup, SetupOptions } from './read-setup.ts'
import type { Rule } from './rule.ts'

/** One rule and the text it was read from. */
export interface RuleDocument {
  readonly rule: Rule
  readonly yaml: string
}

/** A set-up whose rules have their own text each. */
export interface SetupDocuments extends Omit<Setup, 'rules'> {
  readonly documents: readonly RuleDocument[]
}

/** Rules of a text with several documents, each with its own text, what else it sets up, and every fault in the whole. */
export async function ruleDocuments(text: string, options: SetupOptions = {}): Promise<SetupDocuments> {
  const { rules, ...rest } = await lintRules(text, options)
  const texts = text
    .split(/^---[ \t]*$/m)
    .filter((one) => one.replace(/^\s*#.*$/gm, '').trim() !== '' && !/^kind:\s*["']?(channel|template)\b/m.test(one))
  const documents = rules.map((rule, index) => ({ rule, yaml: `${(texts[index] ?? '').trim()}\n` }))
  return { ...rest, documents }
}
