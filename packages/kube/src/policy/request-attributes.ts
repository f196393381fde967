import type { KubeAuditEvent } from '../audit-event.ts'

/** What a policy looks at in a request. Source: k8s.io/apiserver, pkg/authorization/authorizer/interfaces.go. */
export interface RequestAttributes {
  /** Empty where nobody could be authenticated. */
  readonly user: string
  readonly groups: readonly string[]
  readonly verb: string
  /** False for paths such as `/healthz`. */
  readonly isResource: boolean
  /** Path without its query. */
  readonly path: string
  readonly apiGroup: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** Where a namespace's own parts are asked for, not something inside it. Source: k8s.io/apiserver, pkg/endpoints/request/requestinfo.go. */
const NAMESPACE_PARTS = new Set(['status', 'finalize'])
/** Verbs whose path has no subresource. Source: the same. */
const VERBS_WITHOUT_PARTS = new Set(['proxy'])

/**
 * The attributes kube-apiserver's policy saw for an event.
 *
 * They come from the request's URL, not from `objectRef`: the server fills in name and namespace there
 * afterwards, from the object that was sent (pkg/audit/request.go, LogRequestObject).
 */
export function requestAttributes(event: KubeAuditEvent): RequestAttributes {
  const [path = '', query = ''] = splitOnce(event.requestURI, '?')
  const base = { user: event.user.username, groups: event.user.groups, verb: event.verb, path }
  const place = resourcePlace(path, event.verb)
  if (place === null) return { ...base, isResource: false, apiGroup: '', resource: '', subresource: '', namespace: '', name: '' }
  return { ...base, isResource: true, ...place, name: place.name || nameSelected(query) }
}

type Place = Pick<RequestAttributes, 'apiGroup' | 'resource' | 'subresource' | 'namespace' | 'name'>

/** Group, resource and name in a path; null where it is no resource path. Source: RequestInfoFactory.NewRequestInfo. */
function resourcePlace(path: string, verb: string): Place | null {
  const all = path.split('/').filter((part) => part !== '')
  if (all.length < 3 || (all[0] !== 'api' && all[0] !== 'apis')) return null
  const core = all[0] === 'api'
  const apiGroup = core ? '' : decoded(all[1])
  let parts = all.slice(core ? 2 : 3)
  if (!core && all.length < 4) return null
  // `/api/v1/watch/…` and `/api/v1/proxy/…`, the old spellings.
  if ((parts[0] === 'watch' || parts[0] === 'proxy') && parts.length > 1) parts = parts.slice(1)
  let namespace = ''
  if (parts[0] === 'namespaces' && parts[1] !== undefined) {
    namespace = decoded(parts[1])
    if (parts[2] !== undefined && !NAMESPACE_PARTS.has(parts[2])) parts = parts.slice(2)
  }
  const subresource = parts.length >= 3 && !VERBS_WITHOUT_PARTS.has(verb) ? decoded(parts[2]) : ''
  return { apiGroup, resource: decoded(parts[0]), name: decoded(parts[1]), subresource, namespace }
}

/** A list or watch of one object by its name counts as a request for that name. */
function nameSelected(query: string): string {
  const selector = new URLSearchParams(query).get('fieldSelector') ?? ''
  return /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(selector)?.[1] ?? ''
}

function decoded(part: string | undefined): string {
  if (part === undefined) return ''
  try {
    return decodeURIComponent(part)
  } catch {
    return part // A stray percent sign: the server would have refused the request.
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
