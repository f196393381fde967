import type { GroupResources, PolicyRule } from './policy.ts'

/** Whether every request the second rule is about is taken by the first one already. May miss some; never claims too much. */
export function covers(first: PolicyRule, second: PolicyRule): boolean {
  return (
    listCovers(first.users, second.users) &&
    listCovers(first.userGroups, second.userGroups) &&
    listCovers(first.verbs, second.verbs) &&
    targetCovers(first, second)
  )
}

/** An empty list is every value. */
function listCovers(first: readonly string[], second: readonly string[]): boolean {
  return first.length === 0 || (second.length > 0 && second.every((value) => first.includes(value)))
}

function targetCovers(first: PolicyRule, second: PolicyRule): boolean {
  const ofResources = (rule: PolicyRule): boolean => rule.resources.length + rule.namespaces.length > 0
  if (ofResources(first)) {
    if (!ofResources(second) || !listCovers(first.namespaces, second.namespaces)) return false
    if (first.resources.length === 0) return true
    return second.resources.length > 0 && second.resources.every((group) => first.resources.some((by) => groupCovers(by, group)))
  }
  if (first.nonResourceURLs.length === 0) return true
  if (ofResources(second) || second.nonResourceURLs.length === 0) return false
  return second.nonResourceURLs.every((url) => first.nonResourceURLs.some((by) => urlCovers(by, url)))
}

function groupCovers(first: GroupResources, second: GroupResources): boolean {
  if (first.group !== second.group) return false
  if (first.resources.length === 0) return true
  if (second.resources.length === 0 || !listCovers(first.resourceNames, second.resourceNames)) return false
  return second.resources.every((resource) => first.resources.some((by) => patternCovers(by, resource)))
}

function patternCovers(first: string, second: string): boolean {
  if (first === '*' || first === second) return true
  const [resource = '', part] = second.split('/')
  if (first.endsWith('/*')) return first.slice(0, -2) === resource
  return first.startsWith('*/') && part !== undefined && part !== '*' && first.slice(2) === part
}

function urlCovers(first: string, second: string): boolean {
  return first === '*' || first === second || (first.endsWith('*') && second.startsWith(first.replace(/\*+$/, '')))
}
