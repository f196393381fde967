import { decide } from './decide.ts'
import type { AuditPolicy, PolicyProblem } from './policy.ts'
import type { RequestAttributes } from './request-attributes.ts'

/** Resources whose bodies hold secrets or tokens. */
const SECRET_BODIES: readonly { group: string; resource: string; subresource: string; verbs: readonly string[] }[] = [
  { group: '', resource: 'secrets', subresource: '', verbs: ['get', 'list', 'create', 'update', 'patch'] },
  { group: '', resource: 'configmaps', subresource: '', verbs: ['get', 'list', 'create', 'update', 'patch'] },
  { group: '', resource: 'serviceaccounts', subresource: 'token', verbs: ['create'] },
  { group: 'authentication.k8s.io', resource: 'tokenreviews', subresource: '', verbs: ['create'] },
]

/** Rules that write bodies with secrets or tokens into the log: one finding for each rule and resource. */
export function lintSecrets(policy: AuditPolicy): PolicyProblem[] {
  return SECRET_BODIES.flatMap(({ group, resource, subresource, verbs }) => {
    const leaking = new Set(verbs.flatMap((verb) => leaks(policy, { apiGroup: group, resource, subresource, verb })))
    return [...leaking].flatMap((index) => {
      const rule = policy.rules[index]
      if (rule === undefined) return []
      const name = subresource === '' ? resource : `${resource}/${subresource}`
      const message = `writes the bodies of ${name} into the log: put a rule "level: Metadata" for them before it`
      return [{ code: 'secrets_in_log' as const, severity: 'warning' as const, message, line: rule.line, column: rule.column }]
    })
  })
}

/** The rule that writes the body that holds the secret: of a read it is the response's, of a write the request's. */
function leaks(policy: AuditPolicy, what: Pick<RequestAttributes, 'apiGroup' | 'resource' | 'subresource' | 'verb'>): number[] {
  const { level, rule } = decide(policy, {
    ...what,
    user: 'somebody@example.com',
    groups: ['system:authenticated'],
    isResource: true,
    path: '',
    namespace: 'default',
    name: 'x',
  })
  const reads = what.verb === 'get' || what.verb === 'list' || what.subresource === 'token'
  return level === 'RequestResponse' || (level === 'Request' && !reads) ? [rule] : []
}
