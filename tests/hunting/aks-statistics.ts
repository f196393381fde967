import { code, done, isExec, isPerson, resource, stageMinute, who } from './aks-requests.ts'
import { type AnsweredQuery, type ApiRequest, counted, distinct, grouped } from './recording.ts'

/** Over the same tables: functions, joins and statistics. */
export const AKS_STATISTICS: readonly AnsweredQuery[] = [
  {
    name: 'a function with defaults over a table',
    query: `let Denied = (T:(Stage:string, Verb:string, User:dynamic, ResponseStatus:dynamic), codes:dynamic = dynamic([401, 403])) {
    T | where toint(ResponseStatus.code) in (codes) | summarize Denied = count() by Username = tostring(User.username), Verb
};
AKSAudit | where Stage == "ResponseComplete" | invoke Denied()`,
    rows: ({ requests }) =>
      counted(
        done(requests).filter((one) => [401, 403].includes(code(one))),
        (one) => [who(one), one.verb],
      ),
  },
  {
    name: 'a watchlist as a datatable',
    query: `let Vip = datatable(SearchKey:string, Team:string)["alice", "shop", "bob", "shop", "mallory", "none"];
Vip
| join kind=leftouter (
    AKSAudit
    | where Stage == "ResponseComplete" and ObjectRef.subresource == "exec"
    | summarize Entries = count() by Username = tostring(User.username)
  ) on $left.SearchKey == $right.Username
| project SearchKey, Team, Entries = coalesce(Entries, 0)`,
    rows: ({ requests }) =>
      [
        ['alice', 'shop'],
        ['bob', 'shop'],
        ['mallory', 'none'],
      ].map(([name, team]) => [name, team, done(requests).filter((one) => isExec(one) && who(one) === name).length]),
  },
  {
    name: 'what people share and what one alone does',
    query: `let Acts = materialize(
    AKSAudit
    | where Stage == "ResponseComplete" and tostring(User.username) !startswith "system:"
    | project Username = tostring(User.username), Act = strcat(Verb, " ", ObjectRef.resource)
    | distinct Username, Act
);
let Alone = Acts | summarize People = count() by Act | where People == 1 | project Act;
Acts | where Act in (Alone) | summarize Acts = array_sort_asc(make_list(Act)) by Username`,
    rows: ({ requests }) => {
      const acts = done(requests)
        .filter(isPerson)
        .map((one) => ({ name: who(one), act: `${one.verb} ${resource(one)}` }))
      const alone = [...grouped(acts, ({ act }) => act)].flatMap(([act, list]) => {
        const people = distinct(list.map(({ name }) => name))
        return people.length === 1 ? [{ act, name: people[0] ?? '' }] : []
      })
      return [...grouped(alone, ({ name }) => name)].map(([name, list]) => [
        name,
        JSON.stringify(list.map(({ act }) => act).sort()),
      ])
    },
  },
  {
    name: 'addresses by kind of network',
    query: `AKSAudit
| extend Ip = tostring(SourceIps[0])
| where isnotempty(Ip)
| extend Kind = case(not(ipv4_is_private(Ip)), "public", ipv4_is_in_range(Ip, "10.244.0.0/16"), "pod", ipv4_is_in_any_range(Ip, "10.20.0.0/24", "192.168.0.0/16"), "office", "other")
| summarize Addresses = dcount(Ip), Requests = count() by Kind`,
    rows: ({ requests }) => {
      const kind = ({ sourceIPs = [] }: ApiRequest): string =>
        /^10\.244\./.test(sourceIPs[0] ?? '') ? 'pod' : /^10\.20\.0\./.test(sourceIPs[0] ?? '') ? 'office' : 'other'
      return [...grouped(requests, kind)].map(([name, group]) => [
        name,
        distinct(group.map(({ sourceIPs }) => sourceIPs?.[0])).length,
        group.length,
      ])
    },
  },
  {
    name: 'bursts above the mean of a user',
    query: `let PerMinute = AKSAudit
| where Stage == "ResponseComplete"
| summarize Requests = count() by Username = tostring(User.username), bin(TimeGenerated, 1m);
let Threshold = toscalar(PerMinute | summarize avg(Requests) + 1.0 * stdev(Requests));
PerMinute
| where Requests > Threshold
| summarize Minutes = count(), Most = max(Requests) by Username`,
    rows: ({ requests }) => {
      const minutes = [...grouped(done(requests), (one) => `${who(one)} ${stageMinute(one)}`)].map(([key, list]) => ({
        name: key.slice(0, key.lastIndexOf(' ')),
        count: list.length,
      }))
      const mean = minutes.reduce((sum, { count }) => sum + count, 0) / minutes.length
      const spread = Math.sqrt(minutes.reduce((sum, { count }) => sum + (count - mean) ** 2, 0) / (minutes.length - 1))
      const busy = minutes.filter(({ count }) => count > mean + spread)
      return [...grouped(busy, ({ name }) => name)].map(([name, list]) => [
        name,
        list.length,
        Math.max(...list.map((one) => one.count)),
      ])
    },
  },
  {
    name: 'series of a user, with anomalies',
    query: `let Start = toscalar(AKSAudit | summarize bin(min(TimeGenerated), 10s));
let End = toscalar(AKSAudit | summarize max(TimeGenerated));
AKSAudit
| where Stage == "ResponseComplete"
| make-series Requests = count() default = 0 on TimeGenerated from Start to End + 10s step 10s by Username = tostring(User.username)
| extend (Flags, Score, Baseline) = series_decompose_anomalies(Requests, 2.5)
| mv-expand TimeGenerated to typeof(datetime), Requests to typeof(long), Flags to typeof(long)
| summarize Total = sum(Requests), Flagged = countif(Flags != 0) <= count() by Username
| render timechart with (title="Requests", ycolumns=Total)`,
    rows: ({ requests }) => counted(done(requests), (one) => [who(one)]).map((row) => [...row, true]),
  },
  {
    name: 'columns that name entities',
    query: `AKSAudit
| where Stage == "ResponseComplete" and Verb == "delete" and ObjectRef.resource == "pods"
| extend timestamp = TimeGenerated, AccountCustomEntity = tostring(User.username), IPCustomEntity = tostring(SourceIps[0]), HostCustomEntity = _ResourceId
| extend Severity = case(AccountCustomEntity startswith "system:", "Informational", AccountCustomEntity == "admin", "Low", "Medium")
| project AccountCustomEntity, IPCustomEntity, HostCustomEntity, Severity`,
    rows: ({ requests }) =>
      done(requests)
        .filter((one) => one.verb === 'delete' && resource(one) === 'pods')
        .map((one) => [
          who(one),
          one.sourceIPs?.[0],
          'lab',
          who(one).startsWith('system:') ? 'Informational' : who(one) === 'admin' ? 'Low' : 'Medium',
        ]),
  },
  {
    name: 'keys of annotations',
    query: `AKSAudit
| where isnotnull(Annotations)
| mv-expand Key = bag_keys(Annotations) to typeof(string)
| extend Family = tostring(split(Key, "/")[0])
| summarize Events = count(), Values = dcount(tostring(Annotations[Key])) by Family, Key`,
    rows: ({ requests }) => {
      const pairs = requests.flatMap(({ annotations = {} }) => Object.entries(annotations))
      return [...grouped(pairs, ([key]) => key)].map(([key, list]) => [
        key.split('/')[0],
        key,
        list.length,
        distinct(list.map(([, value]) => value)).length,
      ])
    },
  },
  {
    name: 'tables that may not exist, in one union',
    query: `union isfuzzy=true
  (AKSAudit | where Verb == "delete" | project Verb, Source = "aks"),
  (MyOwnAudit_CL | where verb_s == "delete" | project Verb = verb_s, Source = "own"),
  (ArcK8sAuditAdmin | where Verb == "delete" | project Verb, Source = "arc"),
  (SigninLogs | project Verb = ResultType, Source = "sign-ins")
| summarize count() by Source`,
    rows: ({ requests }) => {
      const deleted = requests.filter(({ verb }) => verb === 'delete').length
      return [
        ['aks', deleted],
        ['arc', deleted],
      ]
    },
  },
  {
    name: 'requests that failed before one that worked',
    query: `AKSAudit
| where Stage == "ResponseComplete" and ObjectRef.subresource == "exec"
| extend Username = tostring(User.username), Ok = toint(ResponseStatus.code) < 400
| summarize Failed = minif(TimeGenerated, not(Ok)), Worked = maxif(TimeGenerated, Ok) by Username
| where isnotnull(Failed) and isnotnull(Worked) and Worked > Failed
| project Username`,
    rows: ({ requests }) => {
      const entries = done(requests).filter(isExec)
      return [...grouped(entries, who)].flatMap(([name, list]) => {
        const failed = list.findIndex((one) => code(one) >= 400)
        const worked = list.findLastIndex((one) => code(one) < 400)
        return failed >= 0 && worked > failed ? [[name]] : []
      })
    },
  },
  {
    name: 'verbs side by side',
    query: `AKSAudit
| where Stage == "ResponseComplete" and tostring(User.username) in ("alice", "bob", "carol", "mallory")
| project Username = tostring(User.username), Verb
| evaluate pivot(Verb, count(), Username) : (Username:string, create:long, get:long, list:long)`,
    rows: ({ requests }) =>
      ['alice', 'bob', 'carol', 'mallory'].map((name) => {
        const own = done(requests).filter((one) => who(one) === name)
        return [name, ...['create', 'get', 'list'].map((verb) => own.filter((one) => one.verb === verb).length)]
      }),
  },
  {
    name: 'a word anywhere in two tables',
    query: `search in (AKSAudit, AzureDiagnostics) "mallory"
| summarize count() by $table`,
    rows: ({ requests }) => {
      const found = requests.filter((one) => /(?<![0-9a-z])mallory(?![0-9a-z])/i.test(JSON.stringify(one))).length
      return [
        ['AKSAudit', found],
        ['AzureDiagnostics', found],
      ]
    },
  },
  {
    name: 'frequent combinations',
    query: `AKSAudit
| where Stage == "ResponseComplete"
| project Verb, Resource = tostring(ObjectRef.resource), Code = toint(ResponseStatus.code)
| evaluate basket(0.2)
| where Verb == "create" and Resource == "pods" and Code == 101
| project Count`,
    rows: ({ requests }) => [
      [done(requests).filter((one) => one.verb === 'create' && resource(one) === 'pods' && code(one) === 101).length],
    ],
  },
  {
    name: 'most asked resources of the most busy',
    query: `AKSAudit
| where Stage == "ResponseComplete"
| extend Username = tostring(User.username), Resource = tostring(ObjectRef.resource)
| top-nested 2 of Username by Total = count(), top-nested 1 of Resource by Times = count()
| project Username, Total, Resource, Times`,
    rows: ({ requests }) =>
      [...grouped(done(requests), who)]
        .sort(([, a], [, b]) => b.length - a.length)
        .slice(0, 2)
        .map(([name, list]) => {
          const [first] = counted(list, (one) => [resource(one)]).sort((a, b) => Number(b[1]) - Number(a[1]))
          return [name, list.length, first?.[0], first?.[1]]
        }),
  },
  {
    name: 'pauses of a user between entries',
    query: `AKSAudit
| where Stage == "ResponseStarted" and ObjectRef.subresource == "exec"
| extend Username = tostring(User.username)
| sort by Username asc, TimeGenerated asc
| extend First = prev(Username) != Username, Number = row_number(1, prev(Username) != Username)
| summarize Entries = max(Number), Starts = countif(First) by Username`,
    rows: ({ requests }) =>
      counted(
        requests.filter((one) => one.stage === 'ResponseStarted' && isExec(one)),
        (one) => [who(one)],
      ).map(([name, count]) => [name, count, 1]),
  },
]
