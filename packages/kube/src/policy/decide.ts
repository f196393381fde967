import type { AuditPolicy, GroupResources, Level, PolicyRule, Stage } from './policy.ts'
import type { RequestAttributes } from './request-attributes.ts'

/** What a policy does with a request. */
export interface Decision {
  readonly level: Level
  /** Place of the rule that decided, from 0; −1 where none matched and the default, None, counts. */
  readonly rule: number
  /** Stages of which no event is written: the policy's and the rule's together. */
  readonly omitStages: readonly Stage[]
}

/** Decides as kube-apiserver does: the first rule that matches. Source: k8s.io/apiserver, pkg/audit/policy/checker.go. */
export function decide(policy: AuditPolicy, request: RequestAttributes): Decision {
  const rule = policy.rules.findIndex((candidate) => ruleMatches(candidate, request))
  const found = policy.rules[rule]
  if (found === undefined) return { level: 'None', rule: -1, omitStages: policy.omitStages }
  return { level: found.level, rule, omitStages: [...new Set([...policy.omitStages, ...found.omitStages])] }
}

/** Whether a rule is about a request. No list but `resources` and `nonResourceURLs` knows a wildcard. */
function ruleMatches(rule: PolicyRule, request: RequestAttributes): boolean {
  if (rule.users.length > 0 && !rule.users.includes(request.user)) return false
  if (rule.userGroups.length > 0 && !rule.userGroups.some((group) => request.groups.includes(group))) return false
  if (rule.verbs.length > 0 && !rule.verbs.includes(request.verb)) return false
  if (rule.namespaces.length > 0 || rule.resources.length > 0) return resourceMatches(rule, request)
  if (rule.nonResourceURLs.length === 0) return true
  return !request.isResource && rule.nonResourceURLs.some((url) => pathMatches(request.path, url))
}

function resourceMatches(rule: PolicyRule, request: RequestAttributes): boolean {
  if (!request.isResource) return false
  // What is in no namespace has the empty name.
  if (rule.namespaces.length > 0 && !rule.namespaces.includes(request.namespace)) return false
  return rule.resources.length === 0 || rule.resources.some((group) => groupMatches(group, request))
}

function groupMatches(group: GroupResources, request: RequestAttributes): boolean {
  if (group.group !== request.apiGroup) return false
  if (group.resources.length === 0) return true
  if (group.resourceNames.length > 0 && !group.resourceNames.includes(request.name)) return false
  return group.resources.some((resource) => resourcePatternMatches(resource, request))
}

/** `pods` is the pods alone, `pods/log` a subresource, `pods` with an asterisk as subresource both, an asterisk alone everything. */
function resourcePatternMatches(pattern: string, { resource, subresource }: RequestAttributes): boolean {
  if (pattern === '*' || pattern === (subresource === '' ? resource : `${resource}/${subresource}`)) return true
  if (subresource !== '' && pattern.startsWith('*/') && pattern.slice(2) === subresource) return true
  return pattern.endsWith('/*') && pattern.slice(0, -2) === resource
}

function pathMatches(path: string, spec: string): boolean {
  return spec === '*' || spec === path || (spec.endsWith('*') && path.startsWith(spec.replace(/\*+$/, '')))
}
