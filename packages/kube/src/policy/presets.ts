/** A policy to start from. */
export interface Preset {
  readonly name: string
  /** What it is for, as a list shows it. */
  readonly title: string
  /** The file, with its reasons as comments. */
  readonly yaml: string
}

const HEAD = `apiVersion: audit.k8s.io/v1
kind: Policy
# An event at RequestReceived says nothing that the later stages do not say again.
# ResponseStarted stays: it tells when somebody was let into a container, long before the entry ends.
omitStages: ["RequestReceived"]
rules:
`

/** Health checks and the cluster's own leases: most of the traffic, none of it by people. */
const NOISE = `  # Health checks and version queries, by whomever.
  - level: None
    verbs: ["get"]
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]
  # Heartbeats of the cluster's own parts.
  - level: None
    users: ["system:kube-scheduler", "system:kube-controller-manager", "system:apiserver"]
    verbs: ["get", "update", "list", "watch"]
    resources:
      - group: coordination.k8s.io
        resources: ["leases"]
      - group: ""
        resources: ["endpoints", "configmaps"]
  - level: None
    userGroups: ["system:nodes"]
    verbs: ["get", "list", "watch", "update", "patch"]
    resources:
      - group: coordination.k8s.io
        resources: ["leases"]
      - group: ""
        resources: ["nodes/status", "pods/status"]
  - level: None
    users: ["system:kube-proxy"]
    verbs: ["watch"]
    resources:
      - group: ""
        resources: ["endpoints", "services", "services/status"]
      - group: discovery.k8s.io
        resources: ["endpointslices"]
`

const SECRETS = `  # Who touched them, never what is in them.
  - level: Metadata
    resources:
      - group: ""
        resources: ["secrets", "configmaps", "serviceaccounts/token"]
      - group: authentication.k8s.io
        resources: ["tokenreviews"]
`

const ENTRIES = `  # Entries into containers, by whichever verb: over WebSocket they are "get".
  - level: Metadata
    resources:
      - group: ""
        resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"]
  # Debug containers: the request says which image and for whom.
  - level: Request
    resources:
      - group: ""
        resources: ["pods/ephemeralcontainers"]
`

const CHANGES = `  # What was asked for when workloads, rights and admission were changed.
  - level: Request
    verbs: ["create", "update", "patch", "delete", "deletecollection"]
    resources:
      - group: ""
        resources: ["pods", "serviceaccounts", "namespaces", "nodes", "services", "persistentvolumes"]
      - group: apps
      - group: batch
      - group: rbac.authorization.k8s.io
      - group: admissionregistration.k8s.io
      - group: networking.k8s.io
      - group: certificates.k8s.io
`

/** Events of the cluster about itself arrive through kubectl get events already. */
const OWN_EVENTS = `  - level: None
    resources:
      - group: ""
        resources: ["events"]
      - group: events.k8s.io
        resources: ["events"]
`

const REST = `  # Everything else: who, what, when, and whether it was allowed.
  - level: Metadata
`

/** Policies from the leanest to the one that writes everything. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'minimal',
    title: 'who did what, never a body',
    yaml: `${HEAD}${NOISE}${OWN_EVENTS}${REST}`,
  },
  {
    name: 'entries',
    title: 'entries into containers and what leads to them, with bodies where they matter',
    yaml: `${HEAD}${NOISE}${SECRETS}${ENTRIES}${CHANGES}${OWN_EVENTS}${REST}`,
  },
  {
    name: 'cis',
    title: 'as the CIS benchmark asks: secrets at Metadata, changes with their request, everything else at Metadata',
    yaml: `${HEAD}${SECRETS}${ENTRIES}  # Every change, with what was asked for.
  - level: Request
    verbs: ["create", "update", "patch", "delete", "deletecollection"]
${REST}`,
  },
  {
    name: 'everything',
    title: 'every body of every request and response; large, and secrets stand in the log',
    yaml: `# Warning: this writes the contents of secrets and tokens into the log, and takes many times the space of "entries".
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  - level: RequestResponse
`,
  },
]
