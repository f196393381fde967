import type { GroupResources, PolicyRule } from './policy.ts'

const LEVEL_WORDS: Readonly<Record<PolicyRule['level'], string>> = {
  None: 'Write nothing',
  Metadata: 'Write who, what, when and the outcome, without bodies,',
  Request: 'Write who, what, when and the body of the request',
  RequestResponse: 'Write everything, bodies of request and response included,',
}

/** A rule as one sentence. */
export function explainRule(rule: PolicyRule): string {
  const people = [...rule.users.map((user) => `the account ${user}`), ...rule.userGroups.map((group) => `the group ${group}`)]
  // Users and groups are two conditions that must both hold.
  const both = rule.users.length > 0 && rule.userGroups.length > 0
  const who =
    people.length === 0
      ? 'anybody'
      : both
        ? `${listed(people.slice(0, rule.users.length))} where it is also in ${listed(people.slice(rule.users.length))}`
        : listed(people)
  const verbs = rule.verbs.length === 0 ? 'any request' : `${listed(rule.verbs)} requests`
  const stages = rule.omitStages.length === 0 ? '' : `; no event at ${listed(rule.omitStages)}`
  return `${LEVEL_WORDS[rule.level]} of ${verbs} by ${who} ${target(rule)}${stages}.`
}

function target({ resources, namespaces, nonResourceURLs }: PolicyRule): string {
  const within =
    namespaces.length === 0 ? '' : ` in ${listed(namespaces.map((name) => (name === '' ? 'no namespace' : `namespace ${name}`)))}`
  if (nonResourceURLs.length > 0) return `on the paths ${listed(nonResourceURLs)}`
  if (resources.length > 0) return `on ${listed(resources.map(groupText))}${within}`
  return within === '' ? 'on anything' : `on any resource${within}`
}

function groupText({ group, resources, resourceNames }: GroupResources): string {
  const names = resourceNames.length === 0 ? '' : ` named ${listed(resourceNames)}`
  const of = group === '' ? 'the core group' : group
  return resources.length === 0 ? `every resource of ${of}` : `${listed(resources)}${names}${group === '' ? '' : ` of ${of}`}`
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
