import { code, done, isExec, isNewPod, isPerson, resource, who } from './aks-requests.ts'
import { type AnsweredQuery, counted, distinct, grouped } from './recording.ts'

/** Over the audit log of the API server, through the tables of Azure it is published in. */
export const AKS_QUERIES: readonly AnsweredQuery[] = [
  {
    name: 'kube-audit: who enters containers, and who is refused',
    query: `let lookback = 3650d;
AzureDiagnostics
| where TimeGenerated > ago(lookback) and Category == "kube-audit"
| extend event = parse_json(log_s)
| where tostring(event.stage) == "ResponseComplete"
| extend Resource = tostring(event.objectRef.resource), Sub = tostring(event.objectRef.subresource), Username = tostring(event.user.username)
| where Resource =~ "PODS" and Sub in~ ("exec", "attach", "portforward")
| summarize Attempts = count(), Denied = countif(toint(event.responseStatus.code) >= 400) by Username, Sub`,
    rows: ({ requests }) => {
      const entries = done(requests).filter(({ objectRef }) => /^(?:exec|attach|portforward)$/.test(objectRef?.subresource ?? ''))
      return [...grouped(entries, (one) => JSON.stringify([who(one), one.objectRef?.subresource]))].map(([key, group]) => [
        ...(JSON.parse(key) as string[]),
        group.length,
        group.filter((one) => code(one) >= 400).length,
      ])
    },
  },
  {
    name: 'kube-audit: chains of parse_json over parts that were made text',
    query: `AzureDiagnostics
| where Category has "kube-audit"
| extend User = tostring(parse_json(tostring(parse_json(log_s).user)).username)
| extend Code = toint(parse_json(tostring(parse_json(log_s).responseStatus)).code)
| extend Reason = tostring(parse_json(tostring(parse_json(log_s).annotations))["authorization.k8s.io/decision"])
| where Code == 403
| summarize count() by User, Reason`,
    rows: ({ requests }) =>
      counted(
        requests.filter((one) => code(one) === 403),
        (one) => [who(one), one.annotations?.['authorization.k8s.io/decision'] ?? ''],
      ),
  },
  {
    name: 'kube-audit: columns that may not be there',
    query: `AzureDiagnostics
| extend properties_log_s = column_ifexists("properties_log_s", ""), Raw = coalesce(column_ifexists("log_s", ""), "none")
| extend Source = iff(isnotempty(properties_log_s), "properties", "log_s")
| summarize Events = count(), Readable = countif(isnotnull(parse_json(Raw).auditID)) by Source, ResourceProvider`,
    rows: ({ requests }) => [['log_s', 'MICROSOFT.CONTAINERSERVICE', requests.length, requests.length]],
  },
  {
    name: 'newest event of each request',
    query: `AKSAudit
| summarize arg_max(TimeGenerated, *) by AuditId
| summarize Requests = count(), Denied = countif(toint(ResponseStatus.code) == 403)`,
    rows: ({ requests }) => {
      const all = [...grouped(requests, ({ auditID }) => auditID).values()]
      return [[all.length, all.filter((stages) => stages.some((one) => code(one) === 403)).length]]
    },
  },
  {
    name: 'secrets by people',
    query: `AKSAudit
| where ObjectRef.resource == "secrets" and Verb in ("get", "list", "watch") and Stage == "ResponseComplete"
| extend Username = tostring(User.username), Namespace = tostring(ObjectRef.namespace)
| where not(Username startswith "system:")
| summarize Secrets = make_set(tostring(ObjectRef.name)), Verbs = make_set(Verb) by Username, Namespace
| project Username, Namespace, Names = array_length(Secrets), Verbs = array_sort_asc(Verbs)`,
    rows: ({ requests }) => {
      const read = done(requests).filter(
        (one) => resource(one) === 'secrets' && ['get', 'list', 'watch'].includes(one.verb) && isPerson(one),
      )
      return [...grouped(read, (one) => JSON.stringify([who(one), one.objectRef?.namespace ?? '']))].map(([key, group]) => [
        ...(JSON.parse(key) as string[]),
        distinct(group.map((one) => one.objectRef?.name ?? '')).length,
        JSON.stringify(distinct(group.map(({ verb }) => verb)).sort()),
      ])
    },
  },
  {
    name: 'roles given away',
    query: `AKSAuditAdmin
| where ObjectRef.resource in ("rolebindings", "clusterrolebindings") and Verb == "create" and Stage == "ResponseComplete"
| extend Role = tostring(RequestObject.roleRef.name)
| mv-expand Subject = RequestObject.subjects
| project Who = tostring(User.username), Role, Kind = tostring(Subject.kind), Name = tostring(Subject["name"])`,
    rows: ({ requests }) =>
      done(requests)
        .filter(
          (one) => /^(?:cluster)?rolebindings$/.test(resource(one)) && one.verb === 'create' && one.requestObject !== undefined,
        )
        .flatMap((one) =>
          (one.requestObject?.subjects ?? []).map(({ kind, name }) => [who(one), one.requestObject?.roleRef?.name, kind, name]),
        ),
  },
  {
    name: 'privileged containers',
    query: `AKSAudit
| where Verb == "create" and tostring(ObjectRef.resource) == "pods" and isempty(tostring(ObjectRef.subresource)) and Stage == "ResponseComplete"
| mv-apply Container = RequestObject.spec.containers on (
    where tobool(Container.securityContext.privileged) == true
    | project Image = tostring(Container.image)
  )
| project Who = tostring(User.username), Pod = tostring(RequestObject.metadata.name), Image`,
    rows: ({ requests }) =>
      done(requests)
        .filter(isNewPod)
        .flatMap((one) =>
          (one.requestObject?.spec?.containers ?? [])
            .filter((container) => container.securityContext?.privileged === true)
            .map((container) => [who(one), one.requestObject?.metadata?.name ?? '', container.image]),
        ),
  },
  {
    name: 'parts of the host in pods',
    query: `let sensitive = dynamic(["/", "/etc", "/var/run/docker.sock", "/proc", "/root", "/var/lib/kubelet"]);
AKSAudit
| where Verb == "create" and ObjectRef.resource == "pods" and Stage == "ResponseComplete" and isnotnull(RequestObject.spec)
| extend HostPid = tobool(RequestObject.spec.hostPID)
| mv-expand Volume = RequestObject.spec.volumes
| extend Path = tostring(Volume.hostPath.path)
| where isnotempty(Path) or HostPid
| summarize Paths = make_set_if(Path, isnotempty(Path)) by Who = tostring(User.username), AuditId
| project Who, Paths = array_length(Paths), Sensitive = array_length(set_intersect(Paths, sensitive)) > 0`,
    rows: ({ requests }) =>
      done(requests)
        .filter(isNewPod)
        .flatMap((one) => {
          const { volumes = [], hostPID } = one.requestObject?.spec ?? {}
          const paths = distinct(volumes.flatMap(({ hostPath }) => hostPath?.path ?? []))
          const sensitive = ['/', '/etc', '/var/run/docker.sock', '/proc', '/root', '/var/lib/kubelet']
          // mv-expand of a null gives one row, of an empty list none.
          if (paths.length === 0 && hostPID !== true) return []
          return [[who(one), paths.length, paths.some((path) => sensitive.includes(path))]]
        }),
  },
  {
    name: 'anonymous requests that were let pass',
    query: `AKSAudit
| where User.username == "system:anonymous" or set_has_element(User.groups, "system:unauthenticated")
| where Stage != "RequestReceived"
| project RequestUri, Verb, Decision = tostring(Annotations["authorization.k8s.io/decision"]), Code = toint(ResponseStatus.code)`,
    rows: ({ requests }) =>
      requests
        .filter(
          (one) =>
            one.stage !== 'RequestReceived' &&
            (who(one) === 'system:anonymous' || one.user.groups?.includes('system:unauthenticated') === true),
        )
        .map((one) => [one.requestURI, one.verb, one.annotations?.['authorization.k8s.io/decision'] ?? '', code(one)]),
  },
  {
    name: 'clients by their first word',
    query: `AKSAudit
| extend Client = extract(@"^([^/\\s]+)", 1, UserAgent), Version = extract(@"/v?(\\d+\\.\\d+)", 1, UserAgent)
| summarize Requests = dcount(AuditId) by Client, Version`,
    rows: ({ requests }) =>
      [
        ...grouped(requests, ({ userAgent = '' }) =>
          JSON.stringify([/^([^/\s]+)/.exec(userAgent)?.[1] ?? '', /\/v?(\d+\.\d+)/.exec(userAgent)?.[1] ?? '']),
        ),
      ].map(([key, group]) => [...(JSON.parse(key) as string[]), distinct(group.map(({ auditID }) => auditID)).length]),
  },
  {
    name: 'commands of exec out of the address',
    query: `AKSAudit
| where RequestUri has "/exec?" and Stage == "ResponseStarted"
| extend Words = extract_all(@"[?&]command=([^&]*)", RequestUri)
| extend Command = strcat_array(Words, " ")
| extend Command = url_decode(replace_string(Command, "+", " "))
| summarize Times = count() by Command
| where Command has_any ("cat", "curl", "id")`,
    rows: ({ requests }) => {
      const commands = requests
        .filter((one) => /\/exec\?/.test(one.requestURI) && one.stage === 'ResponseStarted')
        .map((one) => [...one.requestURI.matchAll(/[?&]command=([^&]*)/g)].map(([, word = '']) => word).join(' '))
        .map((one) => decodeURIComponent(one.replaceAll('+', ' ')))
      return counted(
        commands.filter((one) => /(?<![0-9a-z])(?:cat|curl|id)(?![0-9a-z])/i.test(one)),
        (one) => [one],
      )
    },
  },
  {
    name: 'parameters of exec as the address has them',
    query: `AKSAudit
| where Stage == "ResponseComplete" and ObjectRef.subresource == "exec"
| extend Query = parse_url(strcat("https://apiserver", RequestUri))["Query Parameters"]
| extend Container = tostring(Query.container), Tty = tostring(Query.tty) == "true"
| summarize count() by Container, Tty`,
    rows: ({ requests }) =>
      counted(done(requests).filter(isExec), (one) => {
        const { searchParams } = new URL(one.requestURI, 'https://apiserver')
        return [searchParams.get('container') ?? '', searchParams.get('tty') === 'true']
      }),
  },
]
