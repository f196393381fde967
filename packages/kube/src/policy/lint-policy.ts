import { covers } from './covers.ts'
import { detectionStates } from './detections.ts'
import { lintSecrets } from './lint-secrets.ts'
import { lintWords } from './lint-words.ts'
import { parsePolicy } from './parse-policy.ts'
import type { AuditPolicy, PolicyProblem, PolicyProblemCode, PolicyRule } from './policy.ts'

/** Checks a policy file: what kube-apiserver would refuse, what does nothing, what goes dark, what leaks. In order of lines. */
export function lintPolicy(text: string): PolicyProblem[] {
  const { policy, problems } = parsePolicy(text)
  if (policy === undefined) return [...problems]
  // A rule that cannot be read is missing from the policy: what follows from that would mislead.
  const whole = problems.every(({ severity }) => severity === 'warning')
  const meaning = whole ? [...lintOrder(policy), ...lintSecrets(policy), ...lintDark(policy)] : []
  const found = [...problems, ...policy.rules.flatMap(lintWords), ...meaning]
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}

function lintOrder({ rules }: AuditPolicy): PolicyProblem[] {
  const found = rules.flatMap((rule, index) => {
    const by = rules.slice(0, index).find((earlier) => covers(earlier, rule))
    return by === undefined
      ? []
      : [at(rule, 'shadowed', `the rule in line ${by.line} takes every request of this one: it never decides`)]
  })
  const last = rules.at(-1)
  const all = rules.find(isCatchAll)
  if (last !== undefined && all === undefined)
    found.push(at(last, 'no_catch_all', 'what no rule is about is not written: end with a rule "- level: Metadata"'))
  if (all?.level === 'RequestResponse')
    found.push(at(all, 'everything_in_full', 'writes the bodies of everything else too: expect many times the bytes of Metadata'))
  return found
}

function isCatchAll(rule: PolicyRule): boolean {
  const { users, userGroups, verbs, resources, namespaces, nonResourceURLs } = rule
  return [users, userGroups, verbs, resources, namespaces, nonResourceURLs].every((list) => list.length === 0)
}

/** Codes of detections whose loss is more than unwise. */
const DARK_CODES: Readonly<Record<string, PolicyProblemCode>> = { entry: 'entry_dropped', anonymous: 'anonymous_dropped' }

function lintDark(policy: AuditPolicy): PolicyProblem[] {
  if (policy.rules.length === 0) return []
  return [...lintDetections(policy), ...lintOutcome(policy)]
}

function lintDetections(policy: AuditPolicy): PolicyProblem[] {
  return detectionStates(policy).flatMap(({ id, title, state, missed }) => {
    const [first] = missed
    if (state === 'sees' || first === undefined) return []
    const rule = policy.rules[first.rule] ?? policy.rules.at(-1)
    if (rule === undefined) return []
    const [code, severity] = darkCode(policy, id, missed)
    const where =
      first.rule < 0 ? 'no rule takes it' : `this rule writes ${rule.level === 'None' ? 'nothing' : `only ${rule.level}`} of it`
    return [
      {
        ...at(rule, code, `${title} would ${state === 'dark' ? 'not' : 'only partly'} be seen: ${first.request}: ${where}`),
        severity,
      },
    ]
  })
}

function darkCode(
  policy: AuditPolicy,
  id: string,
  missed: readonly { request: string; rule: number }[],
): [PolicyProblemCode, PolicyProblem['severity']] {
  if (id !== 'entry') {
    const code = DARK_CODES[id]
    return code === undefined ? ['detection_dark', 'warning'] : [code, 'error']
  }
  const written = missed.every(({ rule }) => (policy.rules[rule]?.level ?? 'None') !== 'None')
  if (written) return ['entry_stage_omitted', 'error']
  return missed.every(({ request }) => request.startsWith('get ')) ? ['entry_verb_missing', 'error'] : ['entry_dropped', 'error']
}

/** Without the last stage nobody knows whether a request succeeded. */
function lintOutcome({ rules, omitStages }: AuditPolicy): PolicyProblem[] {
  const all = omitStages.includes('ResponseComplete')
  const rule = rules.find(({ level, omitStages: own }) => level !== 'None' && (all || own.includes('ResponseComplete')))
  if (rule === undefined) return []
  return [at(rule, 'outcome_omitted', 'without the stage ResponseComplete the log does not say whether a request succeeded')]
}

/** A warning at a rule. */
function at({ line, column }: PolicyRule, code: PolicyProblemCode, message: string): PolicyProblem {
  return { code, severity: 'warning', message, line, column }
}
