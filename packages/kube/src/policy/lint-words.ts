import { nearestWord } from './nearest-word.ts'
import type { GroupResources, PolicyProblem, PolicyProblemCode, PolicyRule } from './policy.ts'
import { RESOURCES, VERBS } from './resources.ts'

/** Words in a rule that kube-apiserver takes and that match nothing. */
export function lintWords(rule: PolicyRule): PolicyProblem[] {
  const at = (code: PolicyProblemCode, message: string): PolicyProblem => ({
    code,
    severity: 'warning',
    message,
    line: rule.line,
    column: rule.column,
  })
  return [
    ...literalStars(rule).map((message) => at('never_matches', message)),
    ...swappedPeople(rule).map((message) => at('never_matches', message)),
    ...rule.verbs.flatMap(verbFault).map((message) => at('unknown_verb', message)),
    ...rule.resources.flatMap(resourceFaults).map((message) => at('unknown_resource', message)),
  ]
}

/** Only resources and non-resource URLs know a wildcard. */
function literalStars(rule: PolicyRule): string[] {
  const lists = ['users', 'userGroups', 'verbs', 'namespaces'] as const
  return lists.flatMap((name) =>
    rule[name]
      .filter((value) => value.includes('*'))
      .map((value) => `${name}: ${quoted(value)} is taken literally; leave the list out`),
  )
}

/** Groups of Kubernetes itself among users, and service accounts among groups. */
function swappedPeople({ users, userGroups }: PolicyRule): string[] {
  return [
    ...users.filter((user) => GROUP_NAMES.test(user)).map((user) => `${quoted(user)} is a group: it belongs into userGroups`),
    ...userGroups
      .filter((group) => group.startsWith('system:serviceaccount:') || group === 'system:anonymous')
      .map((group) => `${quoted(group)} is an account: it belongs into users`),
  ]
}

/** Source: k8s.io/apiserver, pkg/authentication/user/user.go and pkg/authentication/serviceaccount/util.go. */
const GROUP_NAMES = /^system:(masters|nodes|authenticated|unauthenticated|monitoring|serviceaccounts(:.*)?)$/

function verbFault(verb: string): string[] {
  if (verb.includes('*') || VERBS.includes(verb)) return []
  const near = VERBS.includes(verb.toLowerCase())
    ? verb.toLowerCase()
    : (READ_WORDS[verb.toLowerCase()] ?? nearestWord(verb, VERBS))
  return [`no request has the verb ${quoted(verb)}${near === undefined ? '' : `; did you mean ${near}?`}`]
}

/** Words people use for verbs that have another name. */
const READ_WORDS: Readonly<Record<string, string>> = {
  read: 'get',
  write: 'update',
  exec: 'create',
  modify: 'patch',
  remove: 'delete',
}

function resourceFaults({ group, resources }: GroupResources): string[] {
  const known = RESOURCES[group]
  if (known === undefined) return []
  return resources.flatMap((pattern) => {
    const [name = ''] = pattern.split('/')
    if (name === '*' || known.includes(name)) return []
    const home = Object.keys(RESOURCES).find((other) => RESOURCES[other]?.includes(name))
    if (home !== undefined) return [`${quoted(name)} is not of group ${quoted(group)}; it is of ${quoted(home)}`]
    const near = nearestWord(name, known)
    return [`group ${quoted(group)} has no resource ${quoted(name)}${near === undefined ? '' : `; did you mean ${near}?`}`]
  })
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
