import { lintRules } from './lint-rules.ts'
import type { Rule } from './rule.ts'
import type { TextFault } from './text-fault.ts'

/** One rule and the text it was read from. */
export interface RuleDocument {
  readonly rule: Rule
  readonly yaml: string
}

/** Rules of a text with several documents, each with its own text, and every fault in the whole. */
export async function ruleDocuments(text: string): Promise<{ documents: RuleDocument[]; faults: TextFault[] }> {
  const { rules, faults } = await lintRules(text)
  const texts = text.split(/^---[ \t]*$/m).filter((one) => one.replace(/^\s*#.*$/gm, '').trim() !== '')
  const documents = rules.map((rule, index) => ({ rule, yaml: `${(texts[index] ?? '').trim()}\n` }))
  return { documents, faults }
}
