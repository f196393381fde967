import { decide } from './decide.ts'
import type { AuditPolicy, Level, Stage } from './policy.ts'
import { LEVELS } from './policy.ts'
import type { RequestAttributes } from './request-attributes.ts'

/** What a detection has to find in the log. */
export interface Detection {
  readonly id: string
  /** What it tells, as the end of "… would not be seen". */
  readonly title: string
  /** The least level that carries what it looks at. */
  readonly level: Level
  /** Stages of which at least one must be written. */
  readonly stages: readonly Stage[]
  /** Requests it must see, one of each kind. */
  readonly requests: readonly RequestAttributes[]
}

/** How far a policy keeps what a detection needs. */
export interface DetectionState {
  readonly id: string
  readonly title: string
  readonly state: 'sees' | 'partly' | 'dark'
  /** For each request it misses: the request in words, and the rule (from 0; −1 none) that drops it. */
  readonly missed: readonly { readonly request: string; readonly rule: number }[]
}

const AUTHENTICATED = 'system:authenticated'
const PERSON = { user: 'somebody@example.com', groups: [AUTHENTICATED] }
const SERVICE_ACCOUNT = {
  user: 'system:serviceaccount:default:default',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:default', AUTHENTICATED],
}
const ANONYMOUS = { user: 'system:anonymous', groups: ['system:unauthenticated'] }

type Who = Pick<RequestAttributes, 'user' | 'groups'>

/** A request by somebody: `verb group/resource/subresource`, the core group left out. */
function request(who: Who, verb: string, resource: string, apiGroup = '', namespace = 'default'): RequestAttributes {
  const [name = '', subresource = ''] = resource.split('/')
  return { ...who, verb, isResource: true, path: '', apiGroup, resource: name, subresource, namespace, name: 'x' }
}

const ANSWERED: readonly Stage[] = ['ResponseStarted', 'ResponseComplete']
const RBAC = 'rbac.authorization.k8s.io'
const BINDINGS = ['rolebindings', 'clusterrolebindings', 'roles', 'clusterroles']

/** Entries come by `create`, or by `get` over WebSocket (kubernetes/kubernetes issue 133515). */
const entries = (resource: string): RequestAttributes[] =>
  [PERSON, SERVICE_ACCOUNT].flatMap((who) => ['create', 'get'].map((verb) => request(who, verb, resource)))

/** What the shipped rules and the pairing of sessions need from the API's log. */
export const DETECTIONS: readonly Detection[] = [
  {
    id: 'entry',
    title: 'who entered a container (exec, attach)',
    level: 'Metadata',
    stages: ['ResponseStarted'],
    requests: [...entries('pods/exec'), ...entries('pods/attach')],
  },
  {
    id: 'port-forward',
    title: 'who opened a port of a pod',
    level: 'Metadata',
    stages: ANSWERED,
    requests: entries('pods/portforward'),
  },
  {
    id: 'debug-container',
    title: 'who put a debug container into a pod, and which image',
    level: 'Request',
    stages: ANSWERED,
    requests: ['update', 'patch'].map((verb) => request(PERSON, verb, 'pods/ephemeralcontainers')),
  },
  {
    id: 'node-proxy',
    title: "entries through a node's proxy",
    level: 'Metadata',
    stages: ANSWERED,
    requests: ['get', 'create'].map((verb) => request(PERSON, verb, 'nodes/proxy', '', '')),
  },
  {
    id: 'secrets-read',
    title: 'who read secrets',
    level: 'Metadata',
    stages: ANSWERED,
    requests: [PERSON, SERVICE_ACCOUNT].flatMap((who) => ['get', 'list'].map((verb) => request(who, verb, 'secrets'))),
  },
  {
    id: 'rights-granted',
    title: 'who gave which rights to whom',
    level: 'Request',
    stages: ANSWERED,
    requests: BINDINGS.flatMap((resource) => ['create', 'patch'].map((verb) => request(PERSON, verb, resource, RBAC))),
  },
  {
    id: 'anonymous',
    title: 'requests that nobody signed',
    level: 'Metadata',
    stages: ANSWERED,
    requests: [
      request(ANONYMOUS, 'get', 'pods'),
      request(ANONYMOUS, 'list', 'secrets'),
      request(ANONYMOUS, 'create', 'pods/exec'),
    ],
  },
  {
    id: 'denied',
    title: 'requests without permission',
    level: 'Metadata',
    stages: ['ResponseComplete'],
    requests: [PERSON, SERVICE_ACCOUNT].flatMap((who) => ['get', 'create', 'delete'].map((verb) => request(who, verb, 'pods'))),
  },
  {
    id: 'workloads',
    title: 'privileged pods and changed workloads',
    level: 'Request',
    stages: ANSWERED,
    requests: [
      request(PERSON, 'create', 'pods'),
      request(SERVICE_ACCOUNT, 'create', 'pods'),
      ...['deployments', 'daemonsets'].flatMap((name) => ['create', 'patch'].map((verb) => request(PERSON, verb, name, 'apps'))),
    ],
  },
  {
    id: 'deleted',
    title: 'what was deleted, one by one and in bulk',
    level: 'Metadata',
    stages: ANSWERED,
    requests: ['delete', 'deletecollection'].map((verb) => request(PERSON, verb, 'pods')),
  },
  {
    id: 'tokens',
    title: 'tokens made for service accounts',
    level: 'Metadata',
    stages: ANSWERED,
    requests: [request(PERSON, 'create', 'serviceaccounts/token'), request(SERVICE_ACCOUNT, 'create', 'serviceaccounts/token')],
  },
  {
    id: 'webhooks',
    title: 'changed admission webhooks',
    level: 'Request',
    stages: ANSWERED,
    requests: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map((resource) =>
      request(PERSON, 'create', resource, 'admissionregistration.k8s.io', ''),
    ),
  },
]

/** For every detection, whether a policy keeps what it needs. */
export function detectionStates(policy: AuditPolicy): DetectionState[] {
  return DETECTIONS.map(({ id, title, level, stages, requests }) => {
    const missed = requests.flatMap((wanted) => {
      const decision = decide(policy, wanted)
      const kept =
        LEVELS.indexOf(decision.level) >= LEVELS.indexOf(level) && stages.some((stage) => !decision.omitStages.includes(stage))
      return kept ? [] : [{ request: requestText(wanted), rule: decision.rule }]
    })
    return { id, title, state: missed.length === 0 ? 'sees' : missed.length === requests.length ? 'dark' : 'partly', missed }
  })
}

function requestText({ user, verb, resource, subresource }: RequestAttributes): string {
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`} by ${user}`
}
